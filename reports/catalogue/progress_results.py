"""The results of the progress report: indicators by level against plan, breakdowns, and what is missing."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beneficiaries.calculation.suppression import hidden_cells
from kmop.shared import formats
from kmop.shared.text import in_language
from projects.calculation.cells import parse_cell
from projects.calculation.progress import Progress, Verdict
from projects.calculation.values import Figure, Measure, ValueState
from projects.choices import ChangeKind, ResultLevel
from projects.models import UnplannedChange
from projects.queries.figures import IndicatorFacts, PeriodFacts
from projects.queries.formulas import FormulaFigures
from projects.queries.framework import DimensionFacts, FrameworkTree, IndicatorNode
from reports.catalogue import blocks as b
from reports.catalogue.registry import Order

TOTAL = ""
HUNDRED = 2  # a percentage is kept in points: two places more than its share
MOST_MISSING = 100
BESIDE = 2  # tables that stand beside the voices
NONE: Mapping[int, Sequence[UnplannedChange]] = {}
LEVELS = (ResultLevel.OUTCOME, ResultLevel.OUTPUT, ResultLevel.IMPACT)
EMPTY = {
    ValueState.NOT_REPORTED: b.Empty.NOT_REPORTED,
    ValueState.NOT_APPLICABLE: b.Empty.NOT_APPLICABLE,
    ValueState.SUPPRESSED: b.Empty.SUPPRESSED,
}


def small_cell() -> int:
    """From how many people on a figure is shown (setting)."""
    return int(settings.SMALL_CELL)


def blocks(
    order: Order,
    tree: FrameworkTree,
    said: tuple[b.Block, ...] = (),
    changes: Mapping[int, Sequence[UnplannedChange]] = NONE,
) -> tuple[b.Block, ...]:
    """The section on results: the answer, a table for each level with the unplanned change of its results below it.

    Then who was reached, beside what is `said` about it. `changes` are by the id of their result.
    """
    heading = b.Heading(1, _("Results"))
    if not tree.indicators:
        return (heading, b.Text((_("No indicator is planned yet."),), b.Style.LEAD))
    parts: list[b.Block] = [heading, b.Text((_lead(tree),), b.Style.LEAD)]
    for level in LEVELS:
        nodes = [each for node in tree.results if node.result.level == level for each in node.indicators]
        if nodes:
            parts += [b.Heading(2, _level(level)), _table(order, level, nodes)]
        parts += _unplanned(order, level, tree, changes)
    return (*parts, *_reached(order, tree, said))


def _unplanned(
    order: Order, level: ResultLevel, tree: FrameworkTree, changes: Mapping[int, Sequence[UnplannedChange]]
) -> list[b.Block]:
    """What came unplanned beside the targets of a level; nothing where nothing was noticed."""
    rows: list[b.Row] = [
        (node.result.code, str(ChangeKind(one.kind).label), one.what, one.noticed_by, one.noticed_on, one.contribution)
        for node in tree.results
        if node.result.level == level
        for one in changes.get(node.result.pk, ())
    ]
    if not rows:
        return []
    columns = (
        b.Column(_("Result"), b.Kind.CODE, weight=8),
        b.Column(_("Good or bad"), b.Kind.TEXT, weight=10),
        b.Column(_("What changed"), b.Kind.TEXT, weight=34),
        b.Column(_("Who noticed it"), b.Kind.TEXT, weight=16),
        b.Column(_("When"), b.Kind.DATE),
        b.Column(_("Whose contribution it is"), b.Kind.TEXT, weight=22),
    )
    caption = _("Unplanned change, to %(day)s") % {"day": formats.day(order.as_of, order.language)}
    name = _("Unplanned, %(level)s") % {"level": _level(level).lower()}
    return [b.Table(caption, columns, tuple(rows), name=name)]


def _level(level: ResultLevel) -> str:
    return {
        ResultLevel.OUTCOME: _("Outcomes"),
        ResultLevel.OUTPUT: _("Outputs"),
        ResultLevel.IMPACT: _("Impact"),
    }[level]


def _lead(tree: FrameworkTree) -> str:
    verdict = tree.verdict
    if not verdict.of:
        return _("No outcome indicator has a plan to compare with yet.")
    facts = {"good": verdict.at_or_above, "of": verdict.of, "incomplete": verdict.incomplete}
    sentence = _("%(good)s of %(of)s outcome indicators stand at or above plan.") % facts
    if verdict.incomplete:
        sentence += (
            " "
            + ngettext(
                "%(incomplete)s is incomplete: a partner's figure is missing.",
                "%(incomplete)s are incomplete: partners' figures are missing.",
                verdict.incomplete,
            )
            % facts
        )
    below = [node for node in tree.indicators if node.facts.verdict == Verdict.BELOW]
    named = [f"{node.indicator.code} {node.title}" for node in below if _is_outcome(tree, node)][:2]
    return f"{sentence} {_('Below plan: %(names)s.') % {'names': '; '.join(named)}}" if named else sentence


def _is_outcome(tree: FrameworkTree, node: IndicatorNode) -> bool:
    return any(each.result.level == ResultLevel.OUTCOME and node in each.indicators for each in tree.results)


def _table(order: Order, level: ResultLevel, nodes: Sequence[IndicatorNode]) -> b.Table:
    columns = (
        b.Column(_("Code"), b.Kind.CODE, weight=8),
        b.Column(_("Indicator"), b.Kind.TEXT, weight=34),
        b.Column(_("Target"), b.Kind.NUMBER, weight=10),
        b.Column(_("Plan"), b.Kind.NUMBER, weight=10),
        b.Column(_("Actual"), b.Kind.NUMBER, weight=16, strong=True),
        b.Column(_("Progress"), b.Kind.BAR, weight=13),
        b.Column(_("Of plan"), b.Kind.PERCENT, weight=18),
    )
    caption = _("%(level)s, to %(day)s. The dark mark is the plan to date.") % {
        "level": _level(level),
        "day": formats.day(order.as_of, order.language),
    }
    return b.Table(caption, columns, tuple(_row(node) for node in nodes), note=_days(order, nodes), name=_level(level))


def _row(node: IndicatorNode) -> b.Row:
    facts, indicator = node.facts, node.indicator
    unit = in_language(indicator.units)
    name = f"{node.title} ({unit})" if unit else node.title
    plan = facts.plan.target
    if _hides_total(node):
        hidden = b.Empty.SUPPRESSED
        return (indicator.code, name, cell(facts.target, node), cell(plan, node), hidden, None, hidden)
    return (
        indicator.code,
        name,
        cell(facts.target, node),
        cell(plan, node) if plan.is_reported else None,
        cell(facts.actual, node),
        _bar(facts),
        _of_plan(facts.plan.progress, facts.verdict),
    )


def _bar(facts: IndicatorFacts) -> b.Cell:
    if facts.progress.state == ValueState.NOT_APPLICABLE:
        return b.Empty.NOT_APPLICABLE
    return b.Bar(facts.progress.value, facts.plan_share)


def _of_plan(progress: Progress, verdict: Verdict) -> b.Cell:
    if progress.value is None:
        return EMPTY.get(progress.state, b.Empty.NOT_APPLICABLE)
    if verdict != Verdict.INCOMPLETE:
        return progress.value
    return b.Mark(_("%(share)s, incomplete") % {"share": formats.percent(progress.value)}, b.Tone.WARN)


def cell(figure: Figure, node: IndicatorNode) -> b.Cell:
    """A figure as a cell: its number, its words, or its kind of empty."""
    if figure.value is None:
        return figure.text or EMPTY.get(figure.state, b.Empty.NOT_REPORTED)
    if node.indicator.measure == Measure.PERCENTAGE:
        return b.Percent(figure.value.scaleb(-HUNDRED), node.indicator.decimals)
    if node.indicator.measure == Measure.YES_NO:
        return _("Yes") if figure.value else _("No")
    return figure.value


def _days(order: Order, nodes: Sequence[IndicatorNode]) -> str:
    days: list[date] = sorted({node.facts.plan.day for node in nodes if node.facts.plan.day is not None})
    if not days:
        return ""
    shown = ", ".join(formats.day(day, order.language) for day in days)
    return _("The plan is that of the last closed period, to %(days)s.") % {"days": shown}


# Breakdowns


def _people(period: PeriodFacts) -> dict[str, int]:
    """The whole numbers of a period by cell; what is no whole number hides nobody."""
    figures = {TOTAL: period.actual, **period.cells}
    numbers = {name: figure.value for name, figure in figures.items() if figure.value is not None}
    return {name: int(value) for name, value in numbers.items() if value == value.to_integral_value()}


def _hidden(node: IndicatorNode) -> frozenset[str]:
    """The cells that are not shown: of a count of people, and of a formula those that would give its inputs' away."""
    if node.facts.formula is not None:
        return frozenset().union(*(_hidden_of(one) for one in _of_people(node.facts.formula)))
    return _hidden_of(node.facts) if node.dimensions else frozenset()


def _hidden_of(facts: IndicatorFacts) -> frozenset[str]:
    last = facts.last_reported
    if last is None or facts.indicator.measure != Measure.COUNT:
        return frozenset()
    return hidden_cells(_people(last), minimum=small_cell())


def _of_people(formula: FormulaFigures) -> list[IndicatorFacts]:
    """The counts of people among what a formula is computed from: those that are broken down."""
    inputs = [one for one in formula.facts.values() if one.indicator.measure == Measure.COUNT]
    return [one for one in inputs if any(each.cells for each in one.periods)]


def _hides_total(node: IndicatorNode) -> bool:
    """Is what is shown of people fewer than may be shown? Only counts that are broken down count people."""
    if node.facts.formula is not None:
        return any(_is_small(one) for one in _of_people(node.facts.formula))
    if not node.dimensions or node.indicator.measure != Measure.COUNT:
        return False
    return _is_small(node.facts) or (len(node.facts.periods) == 1 and TOTAL in _hidden(node))


def _is_small(facts: IndicatorFacts) -> bool:
    value = facts.actual.value
    return value is not None and 0 < value < small_cell()


def _reached(order: Order, tree: FrameworkTree, said: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
    """Each outcome indicator's last reported period, by its dimensions; the first ones level with the voices."""
    tables: list[b.Table] = []
    for result in tree.results:
        if result.result.level == ResultLevel.OUTCOME:
            tables += [table for node in result.indicators for table in _broken_down(order, node)]
    heading = b.Heading(2, _("Who was reached"))
    if not (tables and said):
        return (heading, *tables) if tables else said
    return (b.Pairs((heading, *tables[:BESIDE]), said), *tables[BESIDE:])


def _broken_down(order: Order, node: IndicatorNode) -> list[b.Table]:
    last = node.facts.last_reported
    if last is None:
        return []
    hidden = _hidden(node)
    tables = []
    for dimension in node.dimensions:
        rows = _category_rows(node, last, dimension, hidden)
        if rows:
            facts = {
                "code": node.indicator.code,
                "title": node.title,
                "dimension": dimension.title,
                "period": formats.period(last.period.starts_on, last.period.ends_on, order.language),
            }
            caption = _("%(code)s %(title)s, by %(dimension)s, %(period)s") % facts
            columns = (
                b.Column(dimension.title, b.Kind.TEXT, weight=24),
                b.Column(_("Reported"), b.Kind.NUMBER, weight=20),
            )
            name = f"{node.indicator.code} {dimension.title}"
            tables.append(b.Table(caption, columns, rows, name=name))
    return tables


def _category_rows(
    node: IndicatorNode, period: PeriodFacts, dimension: DimensionFacts, hidden: frozenset[str]
) -> tuple[b.Row, ...]:
    reported = {name: figure for name, figure in period.cells.items() if list(parse_cell(name)) == [dimension.code]}
    if not reported:
        return ()
    rows: list[b.Row] = []
    for category in dimension.categories:
        name = f"{dimension.code}:{category.code}"
        figure = reported.get(name)
        rows.append((category.title, b.Empty.NOT_REPORTED if figure is None else _part(figure, node, name in hidden)))
    return (*rows, (_("All"), _part(period.actual, node, TOTAL in hidden)))


def _part(figure: Figure, node: IndicatorNode, is_hidden: bool) -> b.Cell:
    if not is_hidden:
        return cell(figure, node)
    is_small = figure.value is not None and 0 < figure.value < small_cell()
    return b.Empty.SUPPRESSED if is_small else b.Empty.HIDDEN


# What is missing


def missing(tree: FrameworkTree) -> tuple[b.Block, ...]:
    """The figures that partners owe past their due day, longest due first."""
    owed = tree.overdue
    if not owed:
        return ()
    columns = (
        b.Column(_("Indicator"), b.Kind.CODE, weight=9),
        b.Column(_("What it counts"), b.Kind.TEXT, weight=32),
        b.Column(_("Partner"), b.Kind.TEXT, weight=22),
        b.Column(_("Place"), b.Kind.CODE, weight=9),
        b.Column(_("Period"), b.Kind.CODE, weight=17),
        b.Column(_("Due"), b.Kind.DATE),
    )
    rows = tuple(
        (each.code, each.title, each.organisation, each.place, each.period, each.due_on) for each in owed[:MOST_MISSING]
    )
    more = len(owed) - len(rows)
    note = _("%(count)s more are not listed.") % {"count": more} if more else ""
    count = Decimal(len(owed))
    caption = _("Figures that partners owe (%(count)s), longest due first") % {"count": count}
    return (b.Heading(1, _("What is missing")), b.Table(caption, columns, rows, note=note, name=_("Missing")))
