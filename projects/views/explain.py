"""Explain this number: the panel beside the tree, and its rows as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.text import in_language
from kmop.shared.views.takeaway import rows_file
from projects.calculation.values import Measure, Reason
from projects.models import Indicator, Period
from projects.queries.explain import ExplainLine, Explanation, explain
from projects.queries.explain_formula import ExplainInput, FormulaExplained
from projects.queries.framework import IndicatorNode
from projects.queries.references import find_period
from projects.views.counting import people_words
from projects.views.part import ProjectPage
from projects.views.results_page import is_share, scaled
from projects.views.shown import shown

MOST_ROWS = 30
WHY_EMPTY = {
    Reason.DIVIDED_BY_ZERO: gettext_lazy("Something is divided by 0."),
    Reason.TOO_LARGE: gettext_lazy("The figure lies beyond 9,000,000,000,000."),
    Reason.PERIODS: gettext_lazy("An input has other periods, which don’t make these days."),
    Reason.METHOD: gettext_lazy("The formula can’t be read any more, or names itself."),
}


def panel(said: Explanation, node: IndicatorNode, *, day: date, base: str, kept: Mapping[str, str]) -> dict[str, Any]:
    """What `components/explain.html` shows. Over a whole time one row a period, each of which can be opened itself."""
    head, rows = _rows(said, node, base, kept)
    query = {"indicator": node.indicator.pk, **({"period": said.period.code} if said.period else {})}
    dated = {**query, **({"as_of": said.as_of.isoformat()} if said.as_of else {})}
    return {
        "title": _title(said, node),
        "text": f"{node.title}. " + " ".join(str(one) for one in said.method),
        "close_url": f"{base}results/?{urlencode(kept)}" if kept else f"{base}results/",
        "head": head,
        "word": in_language(node.indicator.units) or _("Figure"),
        "rows": rows,
        "total_label": _("Actual"),
        "total": scaled(said.figure, node),
        "total_state": said.figure.state.value,
        "is_share": is_share(node),
        "facts": [*_facts(said, node), _version(said, base)],
        "as_of": said.as_of or day,
        "kept": [{"name": name, "value": value} for name, value in {**kept, **query}.items()],
        "csv_url": f"{base}results/{node.indicator.pk}/rows/?{urlencode(dated)}",
        "link_url": f"{base}results/?{urlencode(dated)}#explain",
    }


def _rows(
    said: Explanation, node: IndicatorNode, base: str, kept: Mapping[str, str]
) -> tuple[str, list[dict[str, Any]]]:
    """The head of the first column, and the rows: inputs of a formula, periods, or updates."""
    if said.formula is not None:
        return _("Computed from"), [_input_row(one, said, base, kept) for one in said.formula.inputs]
    if said.period is None and not node.indicator.is_cumulative:
        return _("Period"), _period_rows(said, node, base, kept)
    return _("Partner and place"), [_line_row(one, node) for one in said.counted[:MOST_ROWS]]


def _input_row(one: ExplainInput, said: Explanation, base: str, kept: Mapping[str, str]) -> dict[str, Any]:
    """An input of a formula, which leads to its own explanation of the same period."""
    indicator = one.indicator
    if indicator is None:
        words = _("There is no such indicator.")
        return {"who": one.code, "sub": words, "warn": True, "figure": None, "state": "not_reported", "href": ""}
    query = {**kept, "indicator": indicator.pk}
    value, unit = one.figure.value, in_language(indicator.units)
    return {
        "who": f"{indicator.code} {in_language(indicator.titles)}",
        "sub": "%" if indicator.measure == Measure.PERCENTAGE else unit,
        "warn": value is None,
        "figure": value,
        "state": one.figure.state.value,
        "href": f"{base}results/?{urlencode(query)}#explain",
    }


def _title(said: Explanation, node: IndicatorNode) -> str:
    figure, unit = shown(said.figure, node.indicator), in_language(node.indicator.units)
    return f"{figure} {unit}".strip() if said.figure.value is not None and not is_share(node) else figure


def _period_rows(said: Explanation, node: IndicatorNode, base: str, kept: Mapping[str, str]) -> list[dict[str, Any]]:
    counts: dict[int, int] = {}
    for line in said.counted:
        counts[line.update.period_id] = counts.get(line.update.period_id, 0) + 1
    owed: dict[int, int] = {}
    for each in said.missing:
        owed[each.period_id] = owed.get(each.period_id, 0) + 1
    rows = []
    for one in said.periods:
        pk, query = one.period.pk, {**kept, "indicator": node.indicator.pk, "period": one.period.code}
        lacking = owed.get(pk, 0)
        rows.append(
            {
                "who": formats.period(one.period.starts_on, one.period.ends_on),
                "sub": _sub(counts.get(pk, 0), lacking),
                "warn": bool(lacking),
                "figure": scaled(one.figure, node),
                "state": one.figure.state.value,
                "href": f"{base}results/?{urlencode(query)}#explain",
            }
        )
    return rows


def _sub(counted: int, lacking: int) -> str:
    words = [ngettext("%(n)d update", "%(n)d updates", counted) % {"n": counted}] if counted else []
    if lacking:
        words.append(ngettext("%(n)d not reported", "%(n)d not reported", lacking) % {"n": lacking})
    return " · ".join(words)


def _line_row(line: ExplainLine, node: IndicatorNode) -> dict[str, Any]:
    update = line.update
    place = "" if update.place is None or update.place.is_protected else str(update.place)
    decided = update.decided_at
    said = [_("to %(month)s") % {"month": formats.month(update.period.ends_on)}]
    if decided:
        said.append(_("approved %(day)s, %(name)s") % {"day": formats.day(decided), "name": _approvers(line)})
    return {
        "who": ", ".join(filter(None, [update.organisation.name, place])),
        "sub": " · ".join(said),
        "warn": update.is_incomplete,
        "figure": scaled(line.figure, node),
        "state": line.figure.state.value,
        "href": f"/updates/{update.pk}/",
    }


def _approvers(line: ExplainLine) -> str:
    """Who approved it; of several steps each with its number."""
    if len(line.approvals) < 2:
        return str(line.approved_by or "–")
    steps = enumerate(line.approvals, 1)
    return ", ".join(_("%(name)s (step %(n)d)") % {"name": one.by, "n": number} for number, one in steps)


def _facts(said: Explanation, node: IndicatorNode) -> Iterator[dict[str, str]]:
    if said.formula is not None:
        yield from _computed(said.formula)
    if said.period is not None:
        yield {"label": _("Period"), "text": formats.period(said.period.starts_on, said.period.ends_on)}
    if said.baseline.value is not None:
        yield {"label": _("Baseline"), "text": shown(said.baseline, node.indicator)}
    if said.target.is_reported:
        yield {"label": _("Target"), "text": shown(said.target, node.indicator)}
    if said.progress.value is not None:
        yield {"label": _("Progress"), "text": _progress(said)}
    yield from _people(said, node)
    yield from _outside(said)
    if in_language(node.indicator.definitions):
        yield {"label": _("Definition"), "text": in_language(node.indicator.definitions)}


def _computed(formula: FormulaExplained) -> Iterator[dict[str, str]]:
    """A formula as it is written, with its numbers put in, and for want of what it has none."""
    yield {"label": _("Formula"), "text": formula.text}
    if formula.figure.value is not None:
        numbers = formula.written(lambda one: formats.number(one.figure.value or 0))
        yield {"label": _("With its numbers"), "text": f"{numbers} = {formats.number(formula.figure.value)}"}
    elif formula.lacking:
        yield {"label": _("For want of"), "text": ", ".join(formula.lacking)}
    if formula.figure.reason in WHY_EMPTY:
        yield {"label": _("Why"), "text": str(WHY_EMPTY[formula.figure.reason])}


def _version(said: Explanation, base: str) -> dict[str, str]:
    """By which version of the definition the figure is made, and where all of them stand."""
    words = _("version %(number)d") % {"number": said.version.number if said.version else 1}
    if said.version is not None and said.version.number > 1:
        since = _("%(version)s, since %(day)s: %(reason)s")
        words = since % {"version": words, "day": formats.day(said.version.at), "reason": said.version.reason}
    url = f"{base}results/{said.indicator.pk}/definition/"
    return {"label": _("Defined by"), "text": words, "url": url, "link": _("All versions")}


def _people(said: Explanation, node: IndicatorNode) -> Iterator[dict[str, str]]:
    """How many different people it is; where nobody has said how they are counted, the place to say it."""
    if said.indicator.measure != Measure.COUNT or said.period is not None:
        return
    told = _("Nobody has said yet how its people are counted.")
    if said.people is not None:
        told = f"{people_words(said.people.counted)}. {said.people.count.get_method_display()}."
    url = f"/projects/{node.indicator.project_id}/results/{node.indicator.pk}/people/"
    yield {"label": _("People"), "text": told, "url": url, "link": _("How they are counted")}


def _outside(said: Explanation) -> Iterator[dict[str, str]]:
    """What is not in the figure: left out, not shown, missing."""
    if said.excluded:
        yield {"label": _("Left out"), "text": "; ".join(_left_out(one) for one in said.excluded[:MOST_ROWS])}
    if said.hidden:
        words = ngettext("%(n)d update of another partner", "%(n)d updates of other partners", said.hidden)
        yield {"label": _("Not shown"), "text": words % {"n": said.hidden}}
    if said.missing:
        names = sorted({one.organisation.name for one in said.missing})
        yield {"label": _("Missing"), "text": ", ".join(names)}


def _progress(said: Explanation) -> str:
    words = _("%(share)s of the way from baseline to target") % {"share": formats.percent(said.progress.value or 0)}
    if said.plan.progress.value is None or said.plan.day is None:
        return words
    plan = _("%(share)s of the plan for %(day)s")
    return f"{words}; {plan % {'share': formats.percent(said.plan.progress.value), 'day': formats.day(said.plan.day)}}"


def _left_out(line: ExplainLine) -> str:
    return f"{line.update.organisation.name}, {formats.month(line.update.period.ends_on)}: {line.reason}"


class ExplainRowsView(ProjectPage):
    """The updates behind a figure as a CSV file: those counted, and those left out with the reason; or its inputs."""

    part = "results"

    @cached_property
    def indicator(self) -> Indicator:
        """The indicator, of this project."""
        rows = Indicator.objects.visible_to(self.me).filter(project=self.project)
        found: Indicator = get_object_or_404(rows, pk=self.kwargs["indicator"])
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        named = request.GET.get("period", "")
        period = find_period(named, Period.objects.filter(indicator=self.indicator)) if named else None
        as_of = _day(request.GET.get("as_of", ""))
        said = explain(self.indicator, user=self.me, day=self.day, period=period, as_of=as_of)
        name = f"{self.project.code}-{self.indicator.code}.csv".lower().replace(" ", "-")
        header, rows = _file_of(said)
        return rows_file("csv", name=name, header=header, rows=rows)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _file_of(said: Explanation) -> tuple[list[str], list[Sequence[object]]]:
    """Head and rows: the updates, or of a formula its inputs."""
    if said.formula is not None:
        header = [_("Code"), _("Indicator"), _("Unit"), _("Figure"), _("State")]
        return header, [_exported_input(one) for one in said.formula.inputs]
    header = [
        _("Partner"), _("Place"), _("Period from"), _("Period to"), _("Figure"), _("State"), _("Counted"),
        _("Why not"), _("Submitted"), _("Approved by"), _("Update"),
    ]  # fmt: skip
    return header, [_exported(one) for one in said.lines]


def _exported_input(one: ExplainInput) -> Sequence[object]:
    titles, units = (one.indicator.titles, one.indicator.units) if one.indicator else ({}, {})
    return [one.code, in_language(titles), in_language(units), one.figure.value, one.figure.state.value]


def _exported(line: ExplainLine) -> Sequence[object]:
    update = line.update
    place = "" if update.place is None or update.place.is_protected else str(update.place)
    return [
        update.organisation.name, place, update.period.starts_on, update.period.ends_on, line.figure.value,
        line.figure.state.value, line.is_counted, str(line.reason), update.submitted_at,
        str(line.approved_by or ""), update.pk,
    ]  # fmt: skip
