"""Project > Results > an indicator's definition: its versions; changed after a look at what moves; gone back to."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.errors import DomainError, Sentence
from kmop.shared.tables import Column
from kmop.shared.views.base import add_errors
from projects.filters.definitions import VersionFilter
from projects.forms.definitions import LOOK, SAVE, CategoriesForm, IndicatorForm, PeriodMoveForm, add_steps
from projects.models import Indicator, IndicatorVersion
from projects.queries.definitions import differs_by_version, versions_of
from projects.queries.framework import DimensionFacts, dimensions_of
from projects.services.definitions import (
    Preview,
    change_indicator,
    preview_change,
    preview_restore,
    restore_version,
)
from projects.views.definitions_shown import MOST, Names, current_facts, difference_rows, figure_rows, said_differences
from projects.views.indicators import WithExample
from projects.views.part import ProjectFormPage, ProjectListPage, ProjectPart

RULE = "projects.manage_framework"


class OfIndicator(ProjectPart):
    """Mixin: the indicator of the address, of this project."""

    part = "results"

    @cached_property
    def indicator(self) -> Indicator:
        """The indicator."""
        rows = Indicator.objects.visible_to(self.user).filter(project=self.project).select_related("result")
        found: Indicator = get_object_or_404(rows, pk=self.kwargs["indicator"])
        return found

    @cached_property
    def dimensions(self) -> list[DimensionFacts]:
        """How it is broken down."""
        return dimensions_of([self.indicator]).get(self.indicator.pk, [])

    @property
    def home(self) -> str:
        """The address of the versions."""
        return f"{self.base}results/{self.indicator.pk}/definition/"


class VersionsView(OfIndicator, ProjectListPage):
    """How the indicator is defined, and every version with who, when, why, and what it changed."""

    permission = "projects.view"
    template_name = "projects/definitions/versions.html"
    filterset_class = VersionFilter
    default_sort = "-number"
    export_name = "definition"
    empty_title = gettext_lazy("Nothing was changed since versions are kept.")
    columns = (
        Column("number", gettext_lazy("Version"), lambda row: row.number, ("number",), True),
        Column("at", gettext_lazy("Time"), lambda row: row.at, ("at",)),
        Column("by", gettext_lazy("Who"), lambda row: str(row.by or "–")),
        Column("reason", gettext_lazy("Reason"), lambda row: row.said_reason),
        Column("changed", gettext_lazy("What changed"), lambda row: row.said_change),
        Column("restore", "", lambda row: row.restore, export=lambda row: ""),
    )

    @property
    def title(self) -> str:  # type: ignore[override]  # named by the indicator
        """Which indicator."""
        return _("Definition of %(indicator)s") % {"indicator": self.indicator}

    def get_queryset(self) -> QuerySet[Any]:
        """The versions."""
        return versions_of(self.indicator)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The words of a page of versions; what each changed is told against the one before."""
        everything = list(versions_of(self.indicator))
        differs, newest = differs_by_version(everything), everything[0].number
        names = Names(self.project.pk)
        may = self.act_button("", "", RULE)["refused"] == ""
        for row in rows:
            row.said_change = said_differences(differs[row.number], names) or _("As it was first defined")
            row.said_reason = row.reason
            if row.undoes:
                row.said_reason = _("%(reason)s (takes back version %(number)d)") % {
                    "reason": row.reason,
                    "number": row.undoes.number,
                }
            row.restore = self._restore(row) if may and row.number != newest else ""
        return rows

    def _restore(self, row: IndicatorVersion) -> str:
        return format_html('<a href="{}{}/restore/">{}</a>', self.home, row.number, _("Go back to this"))

    def head_acts(self) -> list[dict[str, Any]]:
        """Change it."""
        return [
            self.act_button(_("Change the definition"), f"{self.home}change/", RULE, icon="pencil-line", kind="main"),
            self.act_button(_("Change categories"), f"{self.home}categories/", RULE, icon="layers"),
            self.act_button(_("Move a period"), f"{self.home}period/", RULE, icon="calendar"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds how it is defined now."""
        return super().get_context_data(
            facts=current_facts(self.indicator), results_url=f"{self.base}results/", **kwargs
        )


class TwoSteps(OfIndicator, ProjectFormPage):
    """A form that is first looked at, with all that would move, and then saved with a reason."""

    abstract = True
    permission = RULE
    submit = gettext_lazy("See what it would change")
    template_name = "projects/part/form.html"
    lead: ClassVar[Sentence] = gettext_lazy("Nothing is saved yet: you see first which figures and reports differ.")

    @property
    def back_url(self) -> str:
        """To the versions."""
        return self.home

    def preview(self, form: Any) -> Preview:
        """What would move."""
        return preview_change(indicator=self.indicator, change=form.change(), day=self.day, by=self.me)

    def act(self, form: Any, reason: str, version: int | None) -> IndicatorVersion:
        """Save it."""
        return change_indicator(
            indicator=self.indicator, change=form.change(), reason=reason, expected_version=version, by=self.me
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Look, or save; what is refused stands at the field."""
        form = self.get_form(data=request.POST)
        if not form.is_valid():
            return self._again(form)
        is_saving = form.cleaned_data["step"] == SAVE
        reason, missing = form.cleaned_data["reason"], ""
        try:
            if is_saving and reason.strip():
                made = self.act(form, reason, form.cleaned_data["version"])
                words = _("Saved as version %(number)d. Reports made before keep their numbers.")
                messages.success(request, words % {"number": made.number})
                return redirect(self.home)
            missing = _("Say why the definition is changed.") if is_saving else ""
            found = self.preview(form)
        except ValidationError as error:
            add_errors(form, error)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            return self.looked(form, found, missing)
        return self._again(form)

    def _again(self, form: BaseForm) -> HttpResponseBase:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def looked(self, form: BaseForm, found: Preview, missing: str) -> HttpResponseBase:
        """The page of what would move, with what was filled in hidden and the reason asked."""
        self.template_name = "projects/definitions/preview.html"
        context = self.get_context_data(
            form=form,
            differs=list(difference_rows(found.differs, Names(self.project.pk))),
            figures=list(figure_rows(found.figures, self.dimensions)),
            more=max(0, len(found.figures) - MOST),
            count=len(found.figures),
            reports=found.reports,
            shown_otherwise=found.is_shown_otherwise,
            kept=list(self._kept(form)),
            reason=form["reason"].value() or "",
            missing=missing,
        )
        return self.render_to_response(context, status=422 if missing else 200)

    def _kept(self, form: BaseForm) -> Iterator[tuple[str, str]]:
        """Everything that was sent, for the second step."""
        asked = {"csrfmiddlewaretoken", "step", "reason"}
        for name, values in self.request.POST.lists():
            yield from ((name, one) for one in values if name not in asked)


class ChangeIndicatorView(WithExample, TwoSteps):
    """How the indicator is measured, combined and told, with a worked example."""

    form_class = IndicatorForm

    def get_heading(self) -> str:
        """Which indicator."""
        return _("Change the definition of %(code)s") % {"code": self.indicator.code}

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        initial = {**forms.model_to_dict(self.indicator), "version": self.indicator.version}
        return {"indicator": self.indicator, "initial": initial}

    def unsaid(self) -> dict[str, Any]:
        """The code stays."""
        return {"code": self.indicator.code}


class CategoriesView(TwoSteps):
    """What the categories of its breakdowns become."""

    form_class = CategoriesForm
    lead = gettext_lazy(
        "What was entered stays as it was entered; totals show it under the new categories. A share is never invented: "
        "what is split goes to one of the new categories, or stays apart."
    )

    def get_heading(self) -> str:
        """Which indicator."""
        return _("Change the categories of %(code)s") % {"code": self.indicator.code}

    def form_options(self) -> dict[str, Any]:
        """The categories that are asked for."""
        return {
            "dimensions": self.dimensions,
            "initial": {"version": self.indicator.version},
        }


class PeriodMoveView(TwoSteps):
    """Other days for one of its periods."""

    form_class = PeriodMoveForm
    lead = gettext_lazy("A locked period stays where it is. What partners owe for the period moves along.")

    def get_heading(self) -> str:
        """Which indicator."""
        return _("Move a period of %(code)s") % {"code": self.indicator.code}

    def form_options(self) -> dict[str, Any]:
        """The periods of the indicator."""
        return {"indicator": self.indicator, "initial": {"version": self.indicator.version}}


class EmptyForm(forms.Form):
    """Nothing but the steps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_steps(self)


class RestoreView(TwoSteps):
    """Go back to an earlier version: what would move, then a further version with the reason."""

    form_class = EmptyForm

    @cached_property
    def wanted(self) -> IndicatorVersion:
        """The version of the address."""
        found: IndicatorVersion = get_object_or_404(versions_of(self.indicator), number=self.kwargs["number"])
        return found

    def get_heading(self) -> str:
        """Which version."""
        return _("Go back to version %(number)d of %(code)s") % {
            "number": self.wanted.number,
            "code": self.indicator.code,
        }

    def form_options(self) -> dict[str, Any]:
        """The version of the row that is looked at."""
        return {"initial": {"version": self.indicator.version, "step": LOOK}}

    def preview(self, form: Any) -> Preview:
        """What would move."""
        return preview_restore(version=self.wanted, day=self.day, by=self.me)

    def act(self, form: Any, reason: str, version: int | None) -> IndicatorVersion:
        """Go back."""
        return restore_version(version=self.wanted, reason=reason, expected_version=version, by=self.me)
