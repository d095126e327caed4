"""Across projects: corporate indicators with their figures, each explained by its parts and what is missing."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.acts import told_once
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from kmop.shared.views import ActView, ListPage, PortalView
from kmop.shared.views.takeaway import FORMATS, rows_file
from projects.calculation.values import Figure, Measure, Reason, ValueState
from projects.choices import AcrossPartners
from projects.filters.corporate import CorporateFilter, year_choices
from projects.forms.corporate import CorporateForm, MappingForm, in_project
from projects.models import CorporateIndicator, CorporateMapping, Indicator
from projects.queries.corporate import CorporateFigure, Part, corporate_figures
from projects.queries.frame import project_name
from projects.services.corporate import add_corporate, add_mapping, change_corporate, remove_mapping
from projects.views.changing import PlainChangePage, PlainFormPage

LIST = "/corporate/"
HOME = (gettext_lazy("Across projects"), LIST)
EMPTY = {
    ValueState.NOT_REPORTED: gettext_lazy("Not reported"),
    ValueState.NOT_APPLICABLE: gettext_lazy("Not applicable"),
    ValueState.SUPPRESSED: gettext_lazy("Fewer than 5"),
}
APART = (Reason.APART, Reason.NO_PARTS)


def said(figure: Figure, source: Any) -> str:
    """A figure with its decimals and per cent sign, or its kind of empty; `source` says measure and decimals."""
    if figure.value is None:
        return figure.text or str(_("Shown apart") if figure.reason in APART else EMPTY.get(figure.state, ""))
    number = formats.number(figure.value, decimals=source.decimals)
    return f"{number}%" if source.measure == Measure.PERCENTAGE else number


def asked_year(request: HttpRequest) -> int | None:
    """The year of the address, if it is one of those offered."""
    wanted = request.GET.get("year", "")
    return int(wanted) if wanted in dict(year_choices()) else None


class CorporateListView(ListPage):
    """All corporate indicators with their figures over the projects a person sees."""

    permission = SIGNED_IN
    title = gettext_lazy("Across projects")
    filterset_class = CorporateFilter
    default_sort = "code"
    export_name = "across-projects"
    empty_title = gettext_lazy("Nothing is added up over projects yet.")
    empty_text = gettext_lazy("A corporate indicator takes only what somebody declared to be part of it.")
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("title", gettext_lazy("What is added up"), lambda row: in_language(row.titles)),
        Column("unit", gettext_lazy("Unit"), lambda row: in_language(row.units)),
        Column(
            "figure",
            gettext_lazy("Figure"),
            lambda row: said(row.told.figure, row),
            (),
            True,
            lambda row: row.told.figure.value,
        ),
        Column(
            "reported",
            gettext_lazy("Indicators that say something"),
            lambda row: _("%(n)d of %(m)d") % {"n": row.told.reported, "m": row.told.of},
            (),
            True,
        ),
        Column("state", gettext_lazy("State"), lambda row: state_badge(row.told)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = CorporateIndicator.objects.visible_to(self.me)
        return rows

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The figures of a page, in six statements."""
        figures = corporate_figures(rows, user=self.me, day=timezone.localdate(), year=asked_year(self.request))
        for row in rows:
            row.told = figures[row.pk]
        return rows

    def row_url(self, row: Any) -> str:
        """To its parts."""
        year = asked_year(self.request)
        return f"{LIST}{row.pk}/{f'?year={year}' if year else ''}"

    def empty_action(self) -> Link | None:
        """Add the first one."""
        return Link(_("Add one"), f"{LIST}new/") if ask(self.me, "projects.manage_corporate") else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the button."""
        verdict = ask(self.me, "projects.manage_corporate")
        act = {"label": _("Add a corporate indicator"), "url": f"{LIST}new/", "icon": "plus", "kind": "main"}
        return super().get_context_data(acts=[{**act, "refused": "" if verdict else str(verdict.reason)}], **kwargs)


def state_badge(told: CorporateFigure) -> Badge:
    """Whether every part says something."""
    if told.left_out:
        return Badge(_("Parts don’t fit"), "bad")
    if not told.of:
        return Badge(_("No part yet"), "", "circle-dashed")
    missing = told.of - told.reported
    if missing:
        return Badge(ngettext("%(n)d not reported", "%(n)d not reported", missing) % {"n": missing}, "", "hourglass")
    if any(one.missing for one in told.counted):
        return Badge(_("Partners’ figures missing"), "", "hourglass")
    return Badge(_("Complete"), "ok")


class CorporatePart:
    """Mixin: the corporate indicator of the address."""

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def row(self) -> CorporateIndicator:
        """The corporate indicator."""
        rows = CorporateIndicator.objects.visible_to(self.request.user)
        found: CorporateIndicator = get_object_or_404(rows, pk=self.kwargs["row"])
        return found

    @property
    def url(self) -> str:
        """Its page."""
        return f"{LIST}{self.row.pk}/"


class CorporateView(CorporatePart, PortalView):
    """A figure over projects explained: each part with its conversion, what is missing, what does not fit."""

    permission = SIGNED_IN
    template_name = "projects/corporate/page.html"

    @cached_property
    def told(self) -> CorporateFigure:
        """The figure with its parts."""
        figures = corporate_figures([self.row], user=self.me, day=timezone.localdate(), year=asked_year(self.request))
        return figures[self.row.pk]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or with `?format=` the file of its parts."""
        wanted = request.GET.get("format", "")
        if not wanted:
            return super().get(request, *args, **kwargs)
        if wanted not in FORMATS:
            raise Http404(wanted)
        return self._file(wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answer, the parts, what is missing, the mappings."""
        row, told = self.row, self.told
        return super().get_context_data(
            title=in_language(row.titles),
            crumbs=[{"label": str(HOME[0]), "url": LIST}, {"label": row.code}],
            badge=state_badge(told),
            acts=self._acts(),
            definition=in_language(row.definitions),
            years=self._years(),
            figure=said(told.figure, row),
            unit=in_language(row.units),
            lead=self._lead(),
            parts=[self._part(one) for one in told.counted],
            left_out=[self._part(one) for one in told.left_out],
            missing=[{"title": self._name(one), "text": ", ".join(one.missing)} for one in told.counted if one.missing],
            mappings=list(self._mappings()),
            may_change=bool(ask(self.me, "projects.manage_corporate")),
            **kwargs,
        )

    def _years(self) -> list[Link]:
        year = asked_year(self.request)
        whole = Link(_("The whole time"), self.url, year is None)
        return [whole, *(Link(one, f"{self.url}?year={one}", str(year) == one) for one, _word in year_choices()[:5])]

    def _acts(self) -> list[dict[str, Any]]:
        verdict = ask(self.me, "projects.manage_corporate")
        refused = "" if verdict else str(verdict.reason)
        year = asked_year(self.request)
        files = [
            {"label": word, "url": f"?format={code}{f'&year={year}' if year else ''}", "icon": "download"}
            for code, word in FORMATS.items()
        ]
        change = {"label": _("Change"), "url": f"{self.url}change/", "icon": "pencil-line", "id": "change"}
        add = {"label": _("Add a part"), "url": f"{self.url}parts/new/", "icon": "plus", "kind": "main", "id": "add"}
        return told_once([*files, {**change, "refused": refused}, {**add, "refused": refused}])

    def _lead(self) -> str:
        row, told = self.row, self.told
        words = _("%(method)s of what %(n)d of %(m)d indicators report, in the projects you see.") % {
            "method": AcrossPartners(row.across_projects).label,
            "n": told.reported,
            "m": told.of,
        }
        if row.measure == Measure.COUNT and row.across_projects == AcrossPartners.SUM:
            words += " " + _("A person in two projects is counted in both.")
        return words

    def _name(self, one: Part) -> str:
        return f"{one.indicator.project.code} / {one.indicator.code}"

    def _part(self, one: Part) -> dict[str, Any]:
        indicator, factor = one.indicator, one.mapping.factor
        across = ngettext(
            "%(n)d period lies across the end of the year and is in no part of it.",
            "%(n)d periods lie across the end of the year and are in no part of it.",
            one.across,
        )
        return {
            "name": f"{self._name(one)} {in_language(indicator.titles)}",
            "project": project_name(indicator.project),
            "url": f"/projects/{indicator.project_id}/results/?indicator={indicator.pk}#explain",
            "own": said(one.own, indicator),
            "unit": in_language(indicator.units),
            "factor": f"× {factor}" if factor != 1 else "",
            "figure": said(one.figure, self.row),
            "why_not": one.why_not,
            "note": " ".join(filter(None, [one.mapping.note, across % {"n": one.across} if one.across else ""])),
        }

    def _mappings(self) -> Iterator[dict[str, Any]]:
        """What was declared; of another's projects only that it is there."""
        seen = {one.indicator.pk for one in self.told.parts}
        for one in self.row.mappings.select_related("indicator__project", "definition"):
            if one.indicator is not None and one.indicator_id not in seen:
                continue
            yield {
                "title": str(one.definition) if one.indicator is None else in_project(one.indicator),
                "sub": " · ".join(filter(None, [f"× {one.factor}" if one.factor != 1 else "", one.note])),
                "is_library": one.definition is not None,
                "remove_url": f"{self.url}parts/{one.pk}/remove/",
            }

    # ------------------------------------------------------------ files
    def _file(self, wanted: str) -> HttpResponseBase:
        heads = [
            _("Project"), _("Indicator"), _("Title"), _("Own unit"), _("Own figure"), _("State"), _("Times"),
            _("Figure"), _("Unit"), _("Why it is left out"), _("Partners that owe a figure"),
        ]  # fmt: skip
        rows = [self._line(one) for one in self.told.parts]
        name = f"{self.row.code}.{wanted}".lower()
        return rows_file(wanted, name=name, header=heads, rows=rows, sheet=self.row.code)

    def _line(self, one: Part) -> list[object]:
        indicator = one.indicator
        return [
            indicator.project.code, indicator.code, in_language(indicator.titles), in_language(indicator.units),
            one.own.value, one.own.state.value, str(one.mapping.factor), one.figure.value,
            in_language(self.row.units), str(one.why_not), ", ".join(one.missing),
        ]  # fmt: skip


class AddCorporateView(PlainFormPage):
    """A new corporate indicator."""

    permission = "projects.manage_corporate"
    form_class = CorporateForm
    heading = gettext_lazy("A new corporate indicator")
    home = HOME

    def save(self, form: Any) -> str:
        """Call the service."""
        row = add_corporate(by=self.me, **form.facts())
        messages.success(self.request, _("It was added. Say now what is part of it."))
        return f"{LIST}{row.pk}/"


class ChangeCorporateView(CorporatePart, PlainChangePage):
    """A corporate indicator is changed."""

    permission = "projects.manage_corporate"
    form_class = CorporateForm
    home = HOME

    @property
    def back_url(self) -> str:
        """Back to the figure."""
        return self.url

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": model_to_dict(self.row)}

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        del changes["code"]
        change_corporate(obj=self.row, expected_version=changes.pop("version"), changes=changes, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.url


class AddMappingView(CorporatePart, PlainFormPage):
    """A part is declared."""

    permission = "projects.manage_corporate"
    form_class = MappingForm
    heading = gettext_lazy("A part of it")
    lead = gettext_lazy("Nothing is part of a corporate indicator by its name: it is declared here.")
    submit = gettext_lazy("Declare it")
    home = HOME

    @property
    def back_url(self) -> str:
        """Back to the figure."""
        return self.url

    def form_options(self) -> dict[str, Any]:
        """The indicators of the same measure."""
        rows = Indicator.objects.visible_to(self.me).filter(measure=self.row.measure, is_active=True)
        return {"indicators": rows.select_related("project").order_by("project__code", "order", "pk")}

    def save(self, form: Any) -> str:
        """Call the service."""
        add_mapping(corporate=self.row, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("It is part of the figure now."))
        return self.url


class RemoveMappingView(CorporatePart, ActView):
    """A part is taken out."""

    permission = "projects.manage_corporate"

    def act(self) -> Sentence:
        """Call the service."""
        mapping = get_object_or_404(CorporateMapping, corporate=self.row, pk=self.kwargs["part"])
        remove_mapping(mapping=mapping, by=self.me)
        return _("It is no part of the figure any more.")

    def next_url(self) -> str:
        """Back to the figure."""
        return self.url
