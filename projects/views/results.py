"""Project > Results: the framework as a tree, a figure explained beside it, all of it as a file."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kmop.shared import formats
from kmop.shared.slots import filled
from kmop.shared.tables import Link
from kmop.shared.views.takeaway import FORMATS, rows_file
from projects.calculation.values import Figure, ValueState
from projects.choices import ResultLevel
from projects.forms.results import ResultsForm
from projects.models import Indicator, Period
from projects.queries.explain import explain
from projects.queries.figures import PeriodFacts
from projects.queries.framework import FrameworkTree, IndicatorNode, ResultNode, framework
from projects.queries.results import period_spans, reported_by, reporting_partners
from projects.queries.submitted import WithSubmitted, sees_submitted, with_submitted
from projects.queries.theory import changes_by_result
from projects.views.explain import panel
from projects.views.part import ProjectPage
from projects.views.results_page import Asked, cards, level_of, nodes_shown, period_of
from projects.views.theory import ResultsPart

KEPT = ("search", "period", "partner", "state", "submitted")


class ResultsView(ResultsPart, ProjectPage):
    """The framework with targets, figures, trends and what is missing; `?indicator=` explains one figure."""

    template_name = "projects/results/page.html"

    @cached_property
    def tree(self) -> FrameworkTree:
        """The framework."""
        return framework(self.project, user=self.me, day=self.day)

    @cached_property
    def form(self) -> ResultsForm:
        """The filters."""
        periods = [(Period(starts_on=start, ends_on=end).code, formats.period(start, end)) for start, end in self.spans]
        return ResultsForm(
            self.request.GET,
            periods=periods,
            partners=reporting_partners(self.frame.partnerships),
            with_submitted=sees_submitted(self.me, self.project),
        )

    @cached_property
    def spans(self) -> list[Any]:
        """The periods that have begun."""
        return period_spans(self.tree)

    @cached_property
    def asked(self) -> Asked:
        """What the address says, as far as it can be read."""
        said = self.form.asked()
        partner = said.get("partner")
        return Asked(
            search=str(said.get("search") or ""),
            period=str(said.get("period") or ""),
            state=str(said.get("state") or ""),
            indicators=reported_by(self.project, int(str(partner))) if partner else None,
            chosen=said.get("indicator"),  # type: ignore[arg-type]  # a whole number or None
            address={str(one.indicator.pk): self.explain_url(one.indicator) for one in self.tree.indicators},
            submitted=self._submitted() if said.get("submitted") else {},
            changes=changes_by_result(self.project, user=self.me, day=self.day),
            needs=filled("projects.needs_answered", project=self.project, user=self.me) or {},
        )

    def _submitted(self) -> dict[int, WithSubmitted]:
        """What figures would be with what waits; for a project's officers who ask for it."""
        facts = {one.indicator.pk: one.facts for one in self.tree.indicators}
        return with_submitted(facts, user=self.me, project=self.project, day=self.day)

    def explain_url(self, indicator: Indicator) -> str:
        """This page with a figure explained beside it."""
        kept = {name: self.request.GET[name] for name in KEPT if self.request.GET.get(name)}
        return f"{self.base}results/?{urlencode({**kept, 'indicator': indicator.pk})}#explain"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or with `?format=` the file of what is shown."""
        wanted = request.GET.get("format", "")
        if not wanted:
            return super().get(request, *args, **kwargs)
        if wanted not in FORMATS:
            raise Http404(wanted)
        return self._file(wanted)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cards, the filters, the panel."""
        shown = nodes_shown(self.tree, self.asked)
        return super().get_context_data(
            cards=cards(self.tree, self.asked),
            filterset={"form": self.form},
            chips=self._chips(),
            clear_url=f"{self.base}results/",
            is_empty=not self.tree.indicators,
            is_narrowed=len(shown) < len(self.tree.indicators),
            counted=self._counted(),
            panel=self._panel(),
            **kwargs,
        )

    def head_acts(self) -> list[dict[str, Any]]:
        """Take away, hand in, lock."""
        query = self.request.GET.copy()
        query.pop("format", None)
        library, rule = f"{self.base}results/from-library/", "projects.manage_framework"
        taken = self.act_button(_("From the library"), library, rule, icon="book-open")
        new = {"label": _("New indicator"), "url": f"{self.base}results/indicators/new/", "icon": "plus", "id": "new"}
        files = [
            {"label": word, "url": f"?{urlencode([*query.items(), ('format', code)])}", "icon": "download"}
            for code, word in FORMATS.items()
        ]
        return [
            *files,
            *self._breakdown_act(),
            {"label": _("Periods"), "url": f"{self.base}periods/", "icon": "lock"},
            {**taken, **new},
            taken,
            self.act_button(_("Copy a framework"), f"{self.base}results/copy/", rule, icon="copy"),
            self.act_button(_("Import"), f"{self.base}import/", "projects.import_framework", icon="file-up"),
        ]

    def _breakdown_act(self) -> list[dict[str, Any]]:
        """What is crossed in the open indicator, where it is broken down in two ways or more."""
        node = next((one for one in self.tree.indicators if one.indicator.pk == self.asked.chosen), None)
        if node is None or len(node.dimensions) < 2:
            return []
        url = f"{self.base}results/{node.indicator.pk}/breakdown/"
        return [self.act_button(_("Breakdown"), url, "projects.manage_framework", icon="split")]

    def _counted(self) -> dict[str, str]:
        count = len(self.tree.indicators)
        silent = sum(1 for one in self.tree.indicators if one.facts.actual.state == ValueState.NOT_REPORTED)
        words = ngettext("%(n)d indicator", "%(n)d indicators", count) % {"n": count}
        return {
            "indicators": words,
            "silent": ngettext("%(n)d not reported", "%(n)d not reported", silent) % {"n": silent} if silent else "",
            "silent_url": f"{self.base}results/?state=not_reported",
        }

    def _chips(self) -> list[Link]:
        chips = []
        for name in KEPT:
            value = self.request.GET.get(name, "") if name in self.form.fields else ""
            if value:
                field: Any = self.form.fields[name]
                words = dict(getattr(field, "choices", ())).get(value, value)
                left = {one: self.request.GET[one] for one in KEPT if one != name and self.request.GET.get(one)}
                chips.append(Link(f"{field.label}: {words}", f"?{urlencode(left)}"))
        return chips

    def _panel(self) -> dict[str, Any] | None:
        """The figure explained; None where none is asked for."""
        node = next((one for one in self.tree.indicators if one.indicator.pk == self.asked.chosen), None)
        if node is None:
            return None
        period = self._period(node)
        as_of = self.form.asked().get("as_of")
        said = explain(
            node.indicator,
            user=self.me,
            day=self.day,
            period=period.period if period else None,
            as_of=as_of,  # type: ignore[arg-type]  # a day or None
        )
        kept = {name: self.request.GET[name] for name in KEPT if self.request.GET.get(name)}
        return panel(said, node, day=self.day, base=self.base, kept=kept)

    def _period(self, node: IndicatorNode) -> PeriodFacts | None:
        """The period asked for; of running totals the last one told, which is the figure to date."""
        if self.asked.period:
            return period_of(node.facts, self.asked.period)
        return node.facts.last_reported if node.indicator.is_cumulative else None

    # ------------------------------------------------------------ files
    def _file(self, wanted: str) -> HttpResponseBase:
        header, rows = [str(word) for word in heads()], list(self._exported())
        name = f"{self.project.code}-results.{wanted}".lower()
        return rows_file(wanted, name=name, header=header, rows=rows, sheet=_("Results"))

    def _exported(self) -> Iterator[Sequence[object]]:
        wanted = {one.indicator.pk for one in nodes_shown(self.tree, self.asked)}
        for node in self.tree.results:
            for one in node.indicators:
                if one.indicator.pk in wanted:
                    yield from _lines(node, one, self.asked.period)


def heads() -> list[str]:
    """The head of the file, one row an indicator and period."""
    return [
        _("Level"), _("Result"), _("Code"), _("Indicator"), _("Unit"), _("Baseline"), _("Target of the whole time"),
        _("Period from"), _("Period to"), _("Due"), _("Target"), _("Actual"), _("State"), _("Numerator"),
        _("Denominator"), _("Of target"), _("Figures missing"), _("Locked"),
    ]  # fmt: skip


def _lines(result: ResultNode, node: IndicatorNode, code: str) -> Iterator[Sequence[object]]:
    facts = node.facts
    level = str(ResultLevel(result.result.level).label)
    first = [
        level, f"{level_of(result)}: {result.title}", node.indicator.code, node.title, str(_unit(node)),
        facts.baseline.value, facts.target.value,
    ]  # fmt: skip
    periods = [one for one in facts.periods if not code or one.code == code]
    for one in periods:
        yield [*first, *_period_cells(one)]
    if not facts.periods:
        yield [*first, *[None] * 11]


def _unit(node: IndicatorNode) -> str:
    units: dict[str, str] = node.indicator.units
    return units.get("en") or next(iter(units.values()), "")


def _period_cells(one: PeriodFacts) -> list[object]:
    actual: Figure = one.actual
    share = one.progress.value if one.progress else None
    return [
        one.period.starts_on, one.period.ends_on, one.period.due_on, one.target.value,
        actual.value if actual.value is not None else actual.text or None, actual.state.value, actual.numerator,
        actual.denominator, share, len(one.missing), one.period.is_locked,
    ]  # fmt: skip
