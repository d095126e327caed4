"""What the page of results shows beside the tree itself: trends, parts of a figure, who reports what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.calculation.cells import Adding, breakdowns, format_cell, marginal
from projects.calculation.trend import came, share_of
from projects.calculation.values import ADDITIVE, NOT_REPORTED, Figure, Measure
from projects.models import Obligation, Partnership, Project
from projects.queries.figures import IndicatorFacts
from projects.queries.formulas import cells_of, combined
from projects.queries.framework import FrameworkTree, IndicatorNode

NO_AIMS: Mapping[str, Figure] = {}


@dataclass(frozen=True)
class PartRow:
    """A category with its figure and target; `share` is of the whole (1 is all), None where parts don't add up."""

    label: str
    figure: Figure
    share: Decimal | None
    aim: Figure = NOT_REPORTED


@dataclass(frozen=True)
class Part:
    """A figure broken down by one dimension; `is_incomplete` says that the categories are less than the whole."""

    code: str
    title: str
    rows: list[PartRow]
    is_incomplete: bool


@dataclass(frozen=True)
class Trend:
    """What came each period that has begun, and what was planned for it; None is a gap."""

    actual: list[Decimal | None]
    plan: list[Decimal | None]


def trend_of(facts: IndicatorFacts, *, day: date) -> Trend:
    """The course of an indicator by its periods, never as a running total."""
    begun = [one for one in facts.periods if one.period.starts_on <= day]
    cumulative = facts.indicator.is_cumulative
    return Trend(
        came([one.actual.value for one in begun], cumulative=cumulative),
        came([one.target.value for one in begun], cumulative=cumulative),
    )


def cells_to_date(facts: IndicatorFacts) -> dict[str, Figure]:
    """Each cell of an indicator combined across time by the indicator's own method, of a formula from its inputs'."""
    return facts.formula.cells_to_date() if facts.formula else cells_of(facts, facts.periods)


def aims_to_date(facts: IndicatorFacts) -> dict[str, Figure]:
    """The target of each cell: that of the whole life, else those of the periods combined across time."""
    cells = sorted({cell for one in facts.periods for cell in one.cell_targets})
    told = {
        cell: [(one, one.cell_targets[cell]) for one in facts.periods if cell in one.cell_targets] for cell in cells
    }
    return {**{cell: combined(facts, figures) for cell, figures in told.items()}, **facts.cell_targets}


def parts_of(
    node: IndicatorNode, *, total: Figure, cells: dict[str, Figure], aims: Mapping[str, Figure] = NO_AIMS
) -> list[Part]:
    """A figure by each of its dimensions, from its cells; dimensions without any figure are left out."""
    measure = Measure(node.indicator.measure)
    exclusive = {one.code for one in node.dimensions if one.is_exclusive}
    adding = breakdowns({**cells, "": total}, measure=measure, exclusive=exclusive)
    found = {one.dimensions: one.adding for one in adding}
    parts = []
    for dimension in node.dimensions:
        sums = marginal(cells, dimension.code, measure=measure)
        named = [(one.title, format_cell({dimension.code: one.code})) for one in dimension.categories]
        is_whole = measure in ADDITIVE and dimension.is_exclusive
        rows = [
            PartRow(
                title,
                sums.get(cell, NOT_REPORTED),
                share_of(sums[cell].value, total.value) if is_whole and cell in sums else None,
                aims.get(cell, NOT_REPORTED),
            )
            for title, cell in named
            if cell in sums or cell in aims
        ]
        if rows:
            parts.append(Part(dimension.code, dimension.title, rows, found.get((dimension.code,)) == Adding.INCOMPLETE))
    return parts


def reported_by(project: Project, organisation_id: int) -> frozenset[int]:
    """The ids of the indicators that an organisation owes figures of, in one statement."""
    rows = Obligation.objects.filter(indicator__project=project, organisation_id=organisation_id)
    return frozenset(rows.values_list("indicator_id", flat=True))


def reporting_partners(partnerships: Sequence[Partnership]) -> list[tuple[str, str]]:
    """Id and name of the partners of a project that report, by name."""
    named = {str(one.organisation_id): one.organisation.name for one in partnerships if one.reports}
    return sorted(named.items(), key=lambda one: one[1])


def period_spans(tree: FrameworkTree) -> list[tuple[date, date]]:
    """The stretches of time in which the indicators are reported and that have begun, newest first."""
    spans = {
        (one.period.starts_on, one.period.ends_on)
        for node in tree.indicators
        for one in node.facts.periods
        if one.period.starts_on <= tree.day
    }
    return sorted(spans, key=lambda span: (span[1], span[0]), reverse=True)
