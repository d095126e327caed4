"""The tree of results as the page shows it: cards of outcomes, rows of indicators, parts of the open one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.tables import Badge, Link
from kmop.shared.text import fold, in_language
from projects.calculation.progress import PlanAnswer, Verdict, project_verdict
from projects.calculation.values import NOT_REPORTED, Figure, Measure, Reason, ValueState
from projects.choices import ResultLevel
from projects.models import UnplannedChange
from projects.queries.figures import IndicatorFacts, Missing, PeriodFacts
from projects.queries.framework import FrameworkTree, IndicatorNode, ResultNode
from projects.queries.results import Part, aims_to_date, cells_to_date, parts_of, trend_of
from projects.queries.submitted import WithSubmitted
from projects.views.changes import kind_badge
from projects.views.shown import shown

BY_SEX = ("women", "men")
HUNDRED = Decimal(100)
WHY_NOT = {
    Reason.NO_TARGET: gettext_lazy("No target was set"),
    Reason.NO_BASELINE: gettext_lazy("Without a baseline progress can’t be told"),
    Reason.TARGET_IS_BASELINE: gettext_lazy("The target is the baseline"),
    Reason.INPUT: gettext_lazy("An input of the formula is not applicable"),
    Reason.DIVIDED_BY_ZERO: gettext_lazy("The formula divides by 0"),
}


@dataclass(frozen=True)
class Asked:
    """What the reader asked for: a period's code or "", words, a state, the partner's indicators, the open one.

    `submitted` are figures with what waits, by indicator. `address` explains an indicator;
    `needs` are the slot projects.needs_answered; `changes` are unplanned, by result.
    """

    search: str = ""
    period: str = ""
    state: str = ""
    indicators: frozenset[int] | None = None
    chosen: int | None = None
    submitted: Mapping[int, WithSubmitted] = field(default_factory=dict)
    address: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, Mapping[int, Link]] = field(default_factory=dict)
    changes: Mapping[int, Sequence[UnplannedChange]] = field(default_factory=dict)

    def needs_of(self, kind: str, pk: int) -> dict[str, str]:
        """The needs that one of the "indicators" or "results" answers, for its row: words and address."""
        link = self.needs.get(kind, {}).get(pk)
        return {"needs": str(link.label), "needs_url": link.url} if link else {}


def nodes_shown(tree: FrameworkTree, asked: Asked) -> list[IndicatorNode]:
    """The indicators that fit what was asked for."""
    words = fold(asked.search)
    return [one for one in tree.indicators if _fits(one, asked, words)]


def _fits(node: IndicatorNode, asked: Asked, words: str) -> bool:
    indicator = node.indicator
    if asked.indicators is not None and indicator.pk not in asked.indicators:
        return False
    if words and words not in fold(indicator.code, *indicator.titles.values(), *_partners(node.facts)):
        return False
    if asked.period and period_of(node.facts, asked.period) is None:
        return False
    if asked.state == "not_reported":
        return actual_of(node.facts, asked.period).state == ValueState.NOT_REPORTED
    return not asked.state or node.facts.verdict.value == asked.state


def _partners(facts: IndicatorFacts) -> Iterator[str]:
    for one in facts.periods:
        for missing in one.missing:
            yield missing.organisation


def period_of(facts: IndicatorFacts, code: str) -> PeriodFacts | None:
    """The period of that code; None for an indicator without it."""
    return next((one for one in facts.periods if one.code == code), None)


def actual_of(facts: IndicatorFacts, code: str) -> Figure:
    """The figure to date, or that of one period."""
    if not code:
        return facts.actual
    found = period_of(facts, code)
    return found.actual if found else NOT_REPORTED


def cards(tree: FrameworkTree, asked: Asked) -> list[dict[str, Any]]:
    """One card an outcome with its outputs under it, one line an impact; what does not fit is left out."""
    wanted = {one.indicator.pk for one in nodes_shown(tree, asked)}
    is_narrowed = len(wanted) < len(tree.indicators)
    found = []
    for top in _tops(tree.roots):
        branch = [top, *(() if top.result.level == ResultLevel.IMPACT else _below(top))]
        rows = [item for node in branch for item in _rows(node, top, wanted, tree, asked)]
        if any("code" in one for one in rows) or not is_narrowed:
            found.append({**_card(top, branch, rows, wanted, asked), **asked.needs_of("results", top.result.pk)})
    return found


def _tops(roots: Sequence[ResultNode]) -> Iterator[ResultNode]:
    """Impacts, and whatever hangs below them as cards of its own."""
    for root in roots:
        yield root
        if root.result.level == ResultLevel.IMPACT:
            yield from _tops(root.children)


def _below(node: ResultNode) -> Iterator[ResultNode]:
    for child in node.children:
        yield child
        yield from _below(child)


def _rows(
    node: ResultNode, top: ResultNode, wanted: set[int], tree: FrameworkTree, asked: Asked
) -> Iterator[dict[str, Any]]:
    items = [row_of(one, tree, asked) for one in node.indicators if one.indicator.pk in wanted]
    if items and node is not top:
        yield {"heading": f"{level_of(node)}: {node.title}", **asked.needs_of("results", node.result.pk)}
    yield from items


def level_of(node: ResultNode) -> str:
    """Outcome 1, Output 1.2."""
    label = str(ResultLevel(node.result.level).label)
    return label if node.result.level == ResultLevel.IMPACT else f"{label} {node.result.code}"


def _card(
    top: ResultNode, branch: Sequence[ResultNode], rows: list[dict[str, Any]], wanted: set[int], asked: Asked
) -> dict[str, Any]:
    nodes = [one for node in branch for one in node.indicators if one.indicator.pk in wanted]
    days = {one.facts.plan.day for one in nodes if one.facts.plan.day}
    changes = [change_row(each) for one in branch for each in asked.changes.get(one.result.pk, ())]
    last = max(days, default=None)
    for row in rows:
        if row.get("plan_day") == last:
            row["plan_note"] = ""
    return {
        "level": level_of(top),
        "title": top.title,
        "is_line": top.result.level == ResultLevel.IMPACT and not top.indicators and not changes,
        "changes": changes,
        "badge": course_badge([one.facts.verdict for one in nodes]),
        "indicators": rows,
        "plan_head": _("Plan, %(month)s") % {"month": formats.month(last)} if last else _("Plan to date"),
    }


def change_row(one: UnplannedChange) -> dict[str, Any]:
    """An unplanned change as `projects/results/changes.html` shows it."""
    noticed = _("noticed by %(who)s, %(day)s") % {"who": one.noticed_by, "day": formats.day(one.noticed_on)}
    return {
        "what": one.what,
        "badge": kind_badge(one),
        "sub": " · ".join(filter(None, [noticed, one.contribution])),
        "url": f"/unplanned-changes/{one.pk}/file/" if one.file else one.link,
    }


def course_badge(verdicts: Sequence[Verdict]) -> Badge | None:
    """How many of the indicators keep their plan; None where none has one."""
    course = project_verdict(verdicts)
    if course.answer == PlanAnswer.NO_PLAN:
        return None
    words = _("%(n)d of %(m)d at or above plan") % {"n": course.at_or_above, "m": course.of}
    if course.incomplete:
        words += ", " + _("%(k)d incomplete") % {"k": course.incomplete}
        return Badge(words, "", "hourglass")
    return Badge(words, "ok" if course.answer == PlanAnswer.YES else "warn")


def row_of(node: IndicatorNode, tree: FrameworkTree, asked: Asked) -> dict[str, Any]:
    """One indicator as `components/results_row.html` shows it."""
    facts, indicator = node.facts, node.indicator
    period = period_of(facts, asked.period) if asked.period else None
    actual, plan = (period.actual, period.target) if period else (facts.actual, facts.plan.target)
    is_on = indicator.pk == asked.chosen
    trend = trend_of(facts, day=tree.day)
    return {
        "id": indicator.pk,
        "code": indicator.code,
        "name": node.title,
        "target": scaled(facts.target, node),
        "unit": "" if is_share(node) else in_language(indicator.units),
        "is_share": is_share(node),
        "plan": scaled(plan, node),
        "plan_day": None if period else facts.plan.day,
        "plan_note": formats.month(facts.plan.day) if facts.plan.day and not period else "",
        "actual": scaled(actual, node),
        "text": actual.text if actual.is_reported and actual.value is None else "",
        "state": actual.state.value,
        "would": _would(node, asked),
        "href": asked.address.get(str(indicator.pk), ""),
        "on": is_on,
        "share": period.progress.value if period and period.progress else facts.progress.value,
        "plan_share": None if period else facts.plan_share,
        "progress_text": period_words(period) if period else progress_words(facts, tree.day),
        **asked.needs_of("indicators", indicator.pk),
        "trend": trend.actual if any(one is not None for one in trend.actual) else [],
        "trend_plan": trend.plan if any(one is not None for one in trend.plan) else [],
        "spark_title": _("%(name)s: what came each period") % {"name": node.title},
        **(_parts(node, period) if is_on else {}),
    }


def _would(node: IndicatorNode, asked: Asked) -> str:
    """The figure with what is submitted, in words that can't be taken for the figure; nothing where nothing waits."""
    found = asked.submitted.get(node.indicator.pk)
    if found is None:
        return ""
    period = period_of(node.facts, asked.period) if asked.period else None
    figure = found.periods.get(period.period.pk, NOT_REPORTED) if period else found.to_date
    count = found.waiting.get(period.period.pk, 0) if period else sum(found.waiting.values())
    if not count:
        return ""
    words = ngettext(
        "%(figure)s with %(n)d submitted, not yet approved",
        "%(figure)s with %(n)d submitted, not yet approved",
        count,
    )
    return words % {"figure": shown(figure, node.indicator), "n": count}


def is_share(node: IndicatorNode) -> bool:
    """Is the figure shown in per cent?"""
    return node.indicator.measure == Measure.PERCENTAGE


def scaled(figure: Figure, node: IndicatorNode) -> Decimal | None:
    """A figure as the page's tags take it: percentages as fractions of one."""
    if figure.value is None:
        return None
    return figure.value / HUNDRED if is_share(node) else figure.value


def progress_words(facts: IndicatorFacts, day: date) -> str:
    """Of plan, or why nothing can be said; and who is missing."""
    missing = [each for one in facts.periods if one.period.starts_on <= day for each in one.missing]
    if facts.actual.state == ValueState.NOT_REPORTED:
        return missing_words(missing) or lacking_words(facts.lacking) or _("Nobody owes a figure yet")
    if facts.plan.progress.value is not None:
        words = _("%(share)s of plan") % {"share": formats.percent(facts.plan.progress.value)}
        if not facts.plan.missing:
            return words
        lacking = ngettext("%(n)d report missing", "%(n)d reports missing", facts.plan.missing)
        return f"{words} · {lacking % {'n': facts.plan.missing}}"
    if facts.progress.value is not None:
        return _("%(share)s of the target") % {"share": formats.percent(facts.progress.value)}
    return str(WHY_NOT.get(facts.progress.reason, ""))


def period_words(period: PeriodFacts) -> str:
    """Of the period's own target, and who is missing."""
    share = period.progress.value if period.progress else None
    words = [] if share is None else [_("%(share)s of plan") % {"share": formats.percent(share)}]
    return " · ".join([*words, *filter(None, [missing_words(period.missing) or lacking_words(period.lacking)])])


def lacking_words(lacking: Sequence[str]) -> str:
    """For want of 1.2, 1.3: the inputs of a formula that have no figure."""
    return _("For want of %(codes)s") % {"codes": ", ".join(lacking)} if lacking else ""


def missing_words(missing: Sequence[Missing]) -> str:
    """2 partners, due 30 Nov."""
    if not missing:
        return ""
    count = len({one.organisation_id for one in missing})
    words = ngettext("%(n)d partner, due %(day)s", "%(n)d partners, due %(day)s", count)
    return words % {"n": count, "day": formats.day(min(one.due_on for one in missing))}


def _parts(node: IndicatorNode, period: PeriodFacts | None) -> dict[str, Any]:
    cells, total = (period.cells, period.actual) if period else (cells_to_date(node.facts), node.facts.actual)
    aims = period.cell_targets if period else aims_to_date(node.facts)
    parts = parts_of(node, total=total, cells=cells, aims=aims)
    lacking = [one.title for one in parts if one.is_incomplete]
    note = _("Incomplete, the categories are less than the whole: %(names)s.") % {"names": ", ".join(lacking)}
    return {
        "parts": [_part(one, node) for one in parts],
        "parts_note": note if lacking else "",
        "parts_empty": _("No breakdown was reported.") if node.dimensions and not parts else "",
    }


def _part(part: Part, node: IndicatorNode) -> dict[str, Any]:
    rows = []
    for number, one in enumerate(part.rows):
        value = scaled(one.figure, node)
        rows.append(
            {
                "label": one.label,
                "value": value,
                "state": one.figure.state.value,
                "share": value if is_share(node) else one.share,
                "kind": _kind(part.code, number),
                "percent": one.share,
                "aim": scaled(one.aim, node),
                "is_share": is_share(node),
            }
        )
    return {"caption": f"{node.title}, {part.title}", "title": part.title, "rows": rows}


def _kind(dimension: str, number: int) -> str:
    if dimension != "sex":
        return "place"
    return BY_SEX[number] if number < len(BY_SEX) else "quiet"


def words_of(figure: Figure, node: IndicatorNode) -> str:
    """A figure in words, for files."""
    return shown(figure, node.indicator)
