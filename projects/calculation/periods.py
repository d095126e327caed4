"""Periods that overlap: what was told for a longer one is not added to what was told for those within it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projects.calculation.calendar import ONE_DAY
from projects.calculation.combine import across_time
from projects.calculation.values import NOT_REPORTED, AcrossTime, Figure, Measure, ValueState


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """One period of an indicator: its last day, its own figure and target, and how many partners' figures it lacks.

    Without `start` the period is taken to overlap no other.
    """

    end: date
    actual: Figure = NOT_REPORTED
    target: Figure = NOT_REPORTED
    missing: int = 0
    start: date | None = None


def not_twice(periods: Sequence[PeriodFigures], figures: Sequence[Figure]) -> list[Figure]:
    """The figures of the periods, those left out (as not reported) that lie within a longer one with a figure.

    Frameworks of others hold a whole beside its years, or periods that all begin with the project; their sum would
    count the same people twice. A longer period without a figure hides nothing.
    """
    told = [one for one, value in zip(periods, figures, strict=True) if value.state != ValueState.NOT_REPORTED]
    return [
        NOT_REPORTED if any(_contains(longer, one) for longer in told) else value
        for one, value in zip(periods, figures, strict=True)
    ]


def actual_to_date(
    periods: Sequence[PeriodFigures], method: AcrossTime, *, cumulative: bool, measure: Measure
) -> Figure:
    """The figures of the periods, in their order, combined across time, none counted twice."""
    figures = not_twice(periods, [one.actual for one in periods])
    return across_time(figures, method, cumulative=cumulative, measure=measure)


def target_to_date(
    periods: Sequence[PeriodFigures], method: AcrossTime, *, cumulative: bool, measure: Measure
) -> Figure:
    """The targets of the periods, combined as the figures are."""
    targets = not_twice(periods, [one.target for one in periods])
    return across_time(targets, method, cumulative=cumulative, measure=measure)


Span = tuple[date, date]


def composed(spans: Sequence[Span], start: date, end: date) -> list[Span] | None:
    """The fewest of these spans (both ends included) that make exactly the time from `start` to `end`; or None.

    No day is left out and none told twice. The span itself is the answer where it is among them.
    """
    if (start, end) in spans:
        return [(start, end)]
    ways: dict[date, list[Span]] = {start: []}
    for first, last in sorted(set(spans)):
        if first in ways and last <= end:
            way = [*ways[first], (first, last)]
            after = last + ONE_DAY
            if after not in ways or len(way) < len(ways[after]):
                ways[after] = way
    return ways.get(end + ONE_DAY)


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a time is not made of periods: the first day that none tells, or the period that lies across its edge."""

    day: date | None = None
    across: Span | None = None


def gap(spans: Sequence[Span], start: date, end: date) -> Gap:
    """Why `composed` finds no way: a period across the start or the end, else the first day where no period goes on."""
    for first, last in sorted(set(spans)):
        if first < start <= last or first <= end < last:
            return Gap(across=(first, last))
    reached = start
    for first, last in sorted(set(spans)):
        if first == reached and last <= end:
            reached = last + ONE_DAY
    return Gap(day=reached)


@dataclass(frozen=True, slots=True)
class Composed:
    """The figure, the target and the figures that are missing of a time made of several periods."""

    actual: Figure
    target: Figure
    missing: int


def of_spans(
    periods: Sequence[PeriodFigures], spans: Sequence[Span], method: AcrossTime, *, cumulative: bool, measure: Measure
) -> Composed:
    """What the periods with these spans tell together, by the indicator's own method across time."""
    own = [one for one in periods if (one.start, one.end) in spans]
    actual, target = (
        across_time(figures, method, cumulative=cumulative, measure=measure)
        for figures in ([one.actual for one in own], [one.target for one in own])
    )
    return Composed(actual, target, sum(one.missing for one in own))


def _contains(longer: PeriodFigures, one: PeriodFigures) -> bool:
    if longer.start is None or one.start is None:
        return False
    is_within = longer.start <= one.start and one.end <= longer.end
    return is_within and (longer.start, longer.end) != (one.start, one.end)
