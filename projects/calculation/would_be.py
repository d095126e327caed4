"""What a figure would be if what waits for approval were approved: shown apart, never mixed with what is approved."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from projects.calculation.combine import components_by_cell, figure_of, latest_by_key
from projects.calculation.periods import PeriodFigures, actual_to_date
from projects.calculation.values import (
    NOT_REPORTED,
    AcrossPartners,
    AcrossTime,
    Components,
    Figure,
    Measure,
    RawValue,
)

TOTAL = ""


@dataclass(frozen=True)
class Method:
    """How an indicator's values are combined."""

    across_partners: AcrossPartners
    across_time: AcrossTime
    cumulative: bool
    measure: Measure


@dataclass(frozen=True)
class Span:
    """A period by its key, with its first and last day."""

    key: Hashable
    start: date
    end: date


def would_be(
    values: Sequence[tuple[Hashable, RawValue]], spans: Sequence[Span], method: Method, *, day: date
) -> tuple[dict[Hashable, Figure], Figure]:
    """The total of each period that has begun, and of all of them to date, from these values.

    `values` are the totals of updates, approved and waiting, each with the key of its period; spans lie in their order.
    """
    found = {one.key: _of_period(values, one, method) for one in spans if one.start <= day}
    figures = [PeriodFigures(one.end, found.get(one.key, NOT_REPORTED), start=one.start) for one in spans]
    to_date = actual_to_date(figures, method.across_time, cumulative=method.cumulative, measure=method.measure)
    return found, to_date


def _of_period(values: Sequence[tuple[Hashable, RawValue]], span: Span, method: Method) -> Figure:
    if method.cumulative:
        chosen = latest_by_key([one for _key, one in values if one.period_end <= span.end])
    else:
        chosen = [one for key, one in values if key == span.key]
    components = components_by_cell(chosen).get(TOTAL, Components())
    return figure_of(components, method.across_partners, method.measure)
