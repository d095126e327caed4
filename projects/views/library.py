"""The library of indicators: the list, a definition with its uses, new ones, and taking one into a framework."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from kmop.shared.views import ListPage, PortalView
from projects.filters.library import LibraryFilter
from projects.forms.library import DefinitionForm, FromLibraryForm, definition_as_initial
from projects.models import IndicatorDefinition
from projects.queries.frame import project_name
from projects.queries.library import library, split_codes, uses_of
from projects.services.library import add_definition, add_from_library, change_definition
from projects.views.changing import PlainChangePage, PlainFormPage
from projects.views.part import ProjectFormPage

LIST = "/library/"
HOME = (gettext_lazy("Indicator library"), LIST)


def offer_badge(row: IndicatorDefinition) -> Badge:
    """Offered or retired."""
    return Badge(_("Offered"), "ok") if row.is_active else Badge(_("Retired"), "", "archive")


def library_tabs(current: str) -> list[Link]:
    """The lists that serve all projects, side by side."""
    bands = (f"{LIST}bands/", _("Donors’ bands"))
    tabs = ((LIST, _("Indicators")), (f"{LIST}dimensions/", _("Ways to break down")), bands)
    return [Link(label, url, url == current) for url, label in tabs]


class LibraryView(ListPage):
    """All definitions, with the number of projects that use each."""

    permission = SIGNED_IN
    title = gettext_lazy("Indicator library")
    filterset_class = LibraryFilter
    default_sort = "code"
    export_name = "indicator-library"
    empty_title = gettext_lazy("No indicator in the library yet.")
    empty_text = gettext_lazy("What several projects measure is defined here once.")
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("title", gettext_lazy("Indicator"), lambda row: in_language(row.titles)),
        Column("measure", gettext_lazy("Measure"), lambda row: row.get_measure_display(), ("measure",)),
        Column("unit", gettext_lazy("Unit"), lambda row: in_language(row.units)),
        Column("sdg", gettext_lazy("SDG indicators"), lambda row: ", ".join(row.told[0])),
        Column("used", gettext_lazy("Projects"), lambda row: row.used, ("used",), True),
        Column("is_active", gettext_lazy("State"), offer_badge, ("is_active", "code")),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, with their use in projects that this person sees."""
        return library(self.me)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The codes of each, in one statement."""
        prefetch_related_objects(rows, "codes")
        for row in rows:
            row.told = split_codes(list(row.codes.all()))
        return rows

    def row_url(self, row: Any) -> str:
        """To the definition."""
        return f"{LIST}{row.pk}/"

    def empty_action(self) -> Link | None:
        """Define the first one."""
        return Link(_("Define an indicator"), f"{LIST}new/") if ask(self.me, "projects.manage_library") else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the button and the lists beside."""
        verdict = ask(self.me, "projects.manage_library")
        act = {"label": _("Define an indicator"), "url": f"{LIST}new/", "icon": "plus", "kind": "main"}
        refused = "" if verdict else str(verdict.reason)
        return super().get_context_data(acts=[{**act, "refused": refused}], tabs=library_tabs(LIST), **kwargs)


class DefinitionPage:
    """Mixin: the definition of the address."""

    kwargs: dict[str, Any]
    request: Any

    @cached_property
    def row(self) -> IndicatorDefinition:
        """The definition."""
        rows = IndicatorDefinition.objects.visible_to(self.request.user)
        found: IndicatorDefinition = get_object_or_404(rows, pk=self.kwargs["row"])
        return found


class DefinitionView(DefinitionPage, PortalView):
    """A definition: what it says, and which projects use it how."""

    permission = SIGNED_IN
    template_name = "projects/library/definition.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The facts, the uses."""
        uses = uses_of(self.row, user=self.me)
        verdict = ask(self.me, "projects.manage_library")
        act = {"label": _("Change"), "url": f"{LIST}{self.row.pk}/change/", "icon": "pencil-line"}
        return super().get_context_data(
            title=str(self.row),
            crumbs=[{"label": str(HOME[0]), "url": LIST}, {"label": self.row.code}],
            badge=offer_badge(self.row),
            acts=[{**act, "refused": "" if verdict else str(verdict.reason)}],
            facts=self._facts(),
            words=self._words(),
            uses=[self._use(one) for one in uses],
            used=self._used(len({one.indicator.project_id for one in uses})),
            **kwargs,
        )

    def _used(self, count: int) -> str:
        return ngettext("%(n)d project", "%(n)d projects", count) % {"n": count}

    def _facts(self) -> list[dict[str, str]]:
        row = self.row
        sdg, donors = split_codes(list(row.codes.all()))
        told = (
            (_("Measure"), row.get_measure_display()),
            (_("Unit"), in_language(row.units)),
            (_("Direction"), row.get_direction_display()),
            (_("Across partners and places"), row.get_across_partners_display()),
            (_("Across time"), row.get_across_time_display()),
            (_("Partners report"), _("Running totals") if row.is_cumulative else _("What came each period")),
            (_("Broken down by"), ", ".join(str(one) for one in row.dimensions.all())),
            (_("How often"), row.get_frequency_display()),
            (_("Who is responsible"), row.responsible),
            (_("Focus areas"), ", ".join(str(one) for one in row.focus_areas.all())),
            (_("SDG indicators"), ", ".join(sdg)),
            (_("Codes of donors"), ", ".join(f"{scheme} {code}" for scheme, code in donors)),
        )
        return [{"label": label, "text": str(text)} for label, text in told if text]

    def _words(self) -> list[dict[str, str]]:
        row = self.row
        told = (
            (_("Definition"), in_language(row.definitions)),
            (_("Means of verification"), row.verification),
            (_("Where the data come from"), row.source),
            (_("Guidance"), row.guidance),
        )
        return [{"label": label, "text": text} for label, text in told if text]

    def _use(self, one: Any) -> dict[str, Any]:
        indicator = one.indicator
        return {
            "title": f"{indicator.code} {in_language(indicator.titles)}",
            "url": f"/projects/{indicator.project_id}/results/?indicator={indicator.pk}#explain",
            "sub": f"{indicator.project.code} {project_name(indicator.project)} · {indicator.result}",
            "differs": ", ".join(str(name) for name in one.differences),
        }


class AddDefinitionView(PlainFormPage):
    """A new definition."""

    permission = "projects.manage_library"
    form_class = DefinitionForm
    heading = gettext_lazy("A new indicator of the library")
    home = HOME

    def save(self, form: Any) -> str:
        """Call the service."""
        row = add_definition(by=self.me, **form.facts())
        messages.success(self.request, _("It was added."))
        return f"{LIST}{row.pk}/"


class ChangeDefinitionView(DefinitionPage, PlainChangePage):
    """A definition is changed or retired."""

    permission = "projects.manage_library"
    form_class = DefinitionForm
    lead = gettext_lazy("Indicators that projects took from here keep what they have, and say where they differ.")
    home = HOME

    @property
    def back_url(self) -> str:
        """Back to the definition."""
        return f"{LIST}{self.row.pk}/"

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": definition_as_initial(self.row)}

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        del changes["code"]
        version = changes.pop("version")
        change_definition(definition=self.row, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url


class FromLibraryView(ProjectFormPage):
    """An indicator of the library for a result of the project."""

    part = "results"
    permission = "projects.manage_framework"
    form_class = FromLibraryForm
    heading = gettext_lazy("An indicator from the library")
    lead = gettext_lazy("It is measured as the library says. What it is compared with, baseline and targets, is yours.")
    submit = gettext_lazy("Add to the framework")
    back = "results/"

    def form_options(self) -> dict[str, Any]:
        """The project, and the definition that a link named."""
        return {"project": self.project, "initial": {"definition": self.request.GET.get("definition")}}

    def save(self, form: Any) -> str:
        """Call the service."""
        indicator = add_from_library(by=self.me, **form.facts())
        messages.success(self.request, _("It was added. Give it a baseline and targets."))
        return f"{self.base}results/?indicator={indicator.pk}#indicator-{indicator.pk}"
