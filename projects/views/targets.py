"""Project > Results > Targets: of a period or the whole time; for all, or for a category, a place, a partner."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.errors import Sentence
from kmop.shared.tables import Column, Link
from kmop.shared.text import in_language
from projects.calculation.cells import parse_cell
from projects.calculation.values import Measure, figure
from projects.filters.targets import TargetFilter
from projects.forms.targets import ChooseIndicatorForm, TargetForm, target_as_initial
from projects.models import Category, Indicator, Target
from projects.queries.framework import dimensions_of
from projects.queries.targets import reached, targets_of
from projects.services.targets import remove_target, set_target
from projects.views.part import ProjectAct, ProjectFormPage, ProjectListPage
from projects.views.shown import shown
from projects.views.theory import ResultsPart

LIST = "results/targets/"


class TargetsPart(ResultsPart):
    """Mixin: the targets within the results."""

    view = "targets/"

    def target(self) -> Target:
        """The target of the address, if this person sees it."""
        found: Target = get_object_or_404(targets_of(self.project, user=self.user), pk=self.kwargs["row"])
        return found


class TargetsView(TargetsPart, ProjectListPage):
    """All targets that this person sees, each with what was reached of just that."""

    title = gettext_lazy("Targets")
    filterset_class = TargetFilter
    default_sort = "indicator"
    export_name = "targets"
    empty_title = gettext_lazy("No target is set yet.")
    columns = (
        Column(
            "indicator",
            gettext_lazy("Indicator"),
            lambda row: str(row.indicator),
            ("indicator__order", "period__starts_on"),
        ),
        Column("when", gettext_lazy("When"), lambda row: row.when, ("period__starts_on",)),
        Column("cell", gettext_lazy("Category"), lambda row: row.categories, ("cell",)),
        Column("place", gettext_lazy("Place"), lambda row: row.where, ("place__code",)),
        Column("partner", gettext_lazy("Partner"), lambda row: str(row.organisation or ""), ("organisation__name",)),
        Column(
            "target",
            gettext_lazy("Target"),
            lambda row: shown(row.aim, row.indicator),
            (),
            True,
            lambda row: row.aim.value,
        ),
        Column(
            "reached",
            gettext_lazy("Reached"),
            lambda row: shown(row.reached, row.indicator),
            (),
            True,
            lambda row: row.reached.value,
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those this person sees."""
        return targets_of(self.project, user=self.me)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """What each is for in words, and what was reached of it: three statements."""
        found = reached(rows, day=self.day)
        words = self._categories(rows)
        for row in rows:
            row.reached = found[row.pk]
            row.aim = aim_of(row)
            row.when = formats.period(row.period.starts_on, row.period.ends_on) if row.period else _("The whole time")
            row.categories = ", ".join(words.get(pair, pair[1]) for pair in parse_cell(row.cell).items())
            row.where = (
                "" if row.place is None else _("A protected place") if row.place.is_protected else str(row.place)
            )
        return rows

    def _categories(self, rows: list[Any]) -> dict[tuple[str, str], str]:
        codes = {code for row in rows for code in parse_cell(row.cell)}
        found = Category.objects.filter(dimension__code__in=codes).values_list("dimension__code", "code", "titles")
        return {(dimension, code): in_language(titles) for dimension, code, titles in found}

    def row_url(self, row: Any) -> str:
        """To its form, for those who may change it."""
        return f"{self.base}{LIST}{row.pk}/" if ask(self.me, "projects.manage_framework", self.project) else ""

    def empty_action(self) -> Link | None:
        """Set the first one."""
        may = ask(self.me, "projects.manage_framework", self.project)
        return Link(_("Set the first one"), f"{self.base}{LIST}new/") if may else None

    def head_acts(self) -> list[dict[str, Any]]:
        """Set one."""
        url = f"{self.base}{LIST}new/"
        return [self.act_button(_("Set a target"), url, "projects.manage_framework", icon="plus", kind="main")]


def aim_of(target: Target) -> Any:
    """What a target aims at, as a figure."""
    top, bottom = target.numerator, target.denominator
    if bottom == 0 and top:
        top, bottom = None, None
    return figure(Measure(target.indicator.measure), top, bottom, target.text)


class NewTargetView(TargetsPart, ProjectFormPage):
    """Of which indicator the new target is."""

    permission = "projects.manage_framework"
    form_class = ChooseIndicatorForm
    heading = gettext_lazy("A target of which indicator?")
    submit = gettext_lazy("Go on")
    back = LIST

    def form_options(self) -> dict[str, Any]:
        """The indicators of the project."""
        return {"project": self.project}

    def save(self, form: Any) -> str:
        """On to its form."""
        return f"{self.base}{LIST}new/{form.cleaned_data['indicator'].pk}/"


class TargetFormPage(TargetsPart, ProjectFormPage):
    """The form of a target."""

    abstract = True
    permission = "projects.manage_framework"
    form_class = TargetForm
    lead = gettext_lazy("One target stands for the same time, category, place and partner: a new one takes its place.")
    back = LIST

    def indicator(self) -> Indicator:
        """The indicator."""
        raise NotImplementedError

    def get_heading(self) -> str:
        """The indicator."""
        return _("Target of %(indicator)s") % {"indicator": self.indicator()}

    def form_options(self) -> dict[str, Any]:
        """The indicator and how it is broken down."""
        indicator = self.indicator()
        dimensions = dimensions_of([indicator]).get(indicator.pk, [])
        return {"indicator": indicator, "dimensions": dimensions, "initial": self.initial()}

    def initial(self) -> dict[str, Any]:
        """What stands in the form at first."""
        return {}

    def save(self, form: Any) -> str:
        """Call the service."""
        language = (get_language() or "en").split("-")[0]
        set_target(indicator=self.indicator(), by=self.me, **form.facts(language))
        messages.success(self.request, _("The target was set."))
        return self.back_url


class SetTargetView(TargetFormPage):
    """A target is set."""

    @cached_property
    def chosen(self) -> Indicator:
        """The indicator of the address."""
        return get_object_or_404(Indicator, project=self.project, pk=self.kwargs["indicator"])

    def indicator(self) -> Indicator:
        """The one of the address."""
        return self.chosen


class ChangeTargetView(TargetFormPage):
    """A target is changed: how much; its time, category, place and partner stay."""

    template_name = "projects/results/target.html"
    lead = gettext_lazy("When and for whom stays as it is. Set another target for another time, place or partner.")

    @cached_property
    def row(self) -> Target:
        """The target."""
        return self.target()

    def indicator(self) -> Indicator:
        """That of the target."""
        found: Indicator = self.row.indicator
        return found

    def initial(self) -> dict[str, Any]:
        """As it stands."""
        return target_as_initial(self.row)

    def get_form(self, **given: Any) -> Any:
        """When and for whom stays."""
        form = super().get_form(**given)
        for name, field in form.fields.items():
            field.disabled = name in ("period", "place", "organisation") or name.startswith("dimension.")
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the way to take it away."""
        return super().get_context_data(remove_url=f"{self.base}{LIST}{self.row.pk}/remove/", **kwargs)


class RemoveTargetView(TargetsPart, ProjectAct):
    """A target is taken away."""

    permission = "projects.manage_framework"
    back = LIST

    def act(self) -> Sentence:
        """Call the service."""
        remove_target(target=self.target(), by=self.me)
        return _("The target was taken away. What was reported stays.")
