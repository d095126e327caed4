"""Figures over many projects: whether an indicator fits a corporate one, its figure in a span, and all of them as one.

Nothing is rounded: sums and averages are kept as a whole number over a whole number until they are shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from projects.calculation.combine import added
from projects.calculation.methods import may_combine_partners
from projects.calculation.periods import PeriodFigures, actual_to_date
from projects.calculation.units import conversion
from projects.calculation.values import (
    ADDITIVE,
    BY_PARTS,
    NOT_REPORTED,
    SUPPRESSED,
    AcrossPartners,
    AcrossTime,
    Figure,
    Measure,
    Reason,
    ValueState,
)


class Misfit(StrEnum):
    """Why an indicator can't be part of a corporate one."""

    MEASURE = "measure"
    APART = "apart"
    TIME = "time"
    METHOD = "method"
    PARTS = "parts"
    SAME_UNIT = "same_unit"
    KNOWN_UNIT = "known_unit"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Kind:
    """What decides whether figures may stand in one: measure, unit as one word, methods across partners and time."""

    measure: Measure
    unit: str
    across: AcrossPartners
    time: AcrossTime = AcrossTime.SUM


def misfit(own: Kind, corporate: Kind, *, factor: Fraction, is_explained: bool) -> Misfit | None:
    """Why figures of `own`, times `factor`, can't stand in a corporate indicator; None where they can.

    Percentages and ratios are taken by parts and know no factor. Between unlike units the factor is that of the known
    conversion; where none is known it must be explained.
    """
    if own.measure != corporate.measure:
        return Misfit.MEASURE
    if own.across == AcrossPartners.NONE:
        return Misfit.APART
    if own.time == AcrossTime.NONE:
        return Misfit.TIME
    adds = (AcrossPartners.SUM, AcrossPartners.WEIGHTED_RATIO)
    if corporate.across in adds and own.across != corporate.across:
        return Misfit.METHOD
    if own.measure not in ADDITIVE:
        return None if factor == 1 else Misfit.PARTS
    return _unit_misfit(own.unit, corporate.unit, factor, is_explained)


def _unit_misfit(own: str, corporate: str, factor: Fraction, is_explained: bool) -> Misfit | None:
    if own.casefold() == corporate.casefold():
        return None if factor == 1 else Misfit.SAME_UNIT
    known = conversion(own, corporate)
    if known is not None:
        return None if known.factor == factor else Misfit.KNOWN_UNIT
    return None if is_explained else Misfit.UNIT


@dataclass(frozen=True, slots=True)
class InSpan:
    """A figure of a span, and the periods that lie across one of its ends and are in no part of it."""

    figure: Figure
    across: tuple[PeriodFigures, ...] = ()


def in_span(
    periods: Sequence[PeriodFigures],
    start: date,
    end: date,
    method: AcrossTime,
    *,
    cumulative: bool,
    measure: Measure,
) -> InSpan:
    """The figure of the periods that lie within the span; periods in their order, with their starts.

    A running total of counts or amounts tells what came in the span: its last figure less the last one before it.
    """
    within = [one for one in periods if one.start is not None and start <= one.start and one.end <= end]
    across = tuple(
        one for one in periods if one not in within and one.start is not None and one.start <= end and one.end >= start
    )
    figure = actual_to_date(within, method, cumulative=cumulative, measure=measure)
    if not cumulative or measure not in ADDITIVE or figure.value is None:
        return InSpan(figure, across)
    before = [one for one in periods if one.end < start]
    then = actual_to_date(before, method, cumulative=True, measure=measure)
    return InSpan(_less(figure, then), across)


def _less(figure: Figure, then: Figure) -> Figure:
    if then.state == ValueState.SUPPRESSED:
        return SUPPRESSED
    first, second = exact(figure), exact(then)
    return figure if first is None or second is None else told(first - second)


def exact(one: Figure) -> Fraction | None:
    """The number of a figure, undivided; None where it has none."""
    if one.value is None or one.numerator is None:
        return None
    return Fraction(one.numerator) * one.per / Fraction(one.denominator or 1)


def told(number: Fraction) -> Figure:
    """A reported figure of an exact number."""
    bottom = None if number.denominator == 1 else Decimal(number.denominator)
    return Figure(ValueState.REPORTED, Decimal(number.numerator), bottom)


def combined(figures: Sequence[Figure], method: AcrossPartners, *, measure: Measure) -> Figure:
    """The figures of many indicators as one. "Not reported" adds nothing; a suppressed one suppresses all.

    One figure stands as it is. Several of the method "none", and percentages without parts, are shown apart.
    """
    if any(one.state == ValueState.SUPPRESSED for one in figures):
        return SUPPRESSED
    numbers = [one for one in figures if one.value is not None]
    if len(numbers) <= 1:
        return numbers[0] if numbers else added(figures)
    if method == AcrossPartners.NONE or not may_combine_partners(measure, method):
        return Figure(ValueState.NOT_APPLICABLE, reason=Reason.APART)
    if measure in BY_PARTS:
        return _divided(numbers)
    return told(_METHODS[method]([number for number in map(exact, numbers) if number is not None]))


_METHODS: dict[AcrossPartners, Callable[[Sequence[Fraction]], Fraction]] = {
    AcrossPartners.SUM: lambda numbers: sum(numbers, Fraction(0)),
    AcrossPartners.AVERAGE: lambda numbers: sum(numbers, Fraction(0)) / len(numbers),
    AcrossPartners.MAXIMUM: max,
    AcrossPartners.MINIMUM: min,
}


def _divided(numbers: Sequence[Figure]) -> Figure:
    """Parts are added, then divided once."""
    if any(one.denominator is None for one in numbers):
        return Figure(ValueState.NOT_APPLICABLE, reason=Reason.NO_PARTS)
    top = sum((one.numerator for one in numbers if one.numerator is not None), Decimal(0))
    bottom = sum((one.denominator for one in numbers if one.denominator is not None), Decimal(0))
    return Figure(ValueState.REPORTED, top, bottom, per=numbers[0].per)


def share_reported(figures: Sequence[Figure]) -> tuple[int, int]:
    """How many of the figures say something, and of how many."""
    return sum(1 for one in figures if one != NOT_REPORTED and one.state != ValueState.NOT_REPORTED), len(figures)
