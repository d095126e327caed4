"""How values become figures: across partners and places first, across time after, and never the other way round."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from projects.calculation.methods import may_combine_partners, may_combine_time
from projects.calculation.values import (
    BY_PARTS,
    NOBODY_TO_COUNT,
    NOT_REPORTED,
    SUPPRESSED,
    ZERO,
    AcrossPartners,
    AcrossTime,
    Components,
    Figure,
    Measure,
    RawValue,
    Reason,
    ValueState,
    figure,
)

_UNCOMBINED = frozenset({Reason.APART, Reason.NO_PARTS, Reason.METHOD})


def _not_applicable(reason: Reason) -> Figure:
    return Figure(ValueState.NOT_APPLICABLE, reason=reason)


# Across partners and places


def figure_of(components: Components, across_partners: AcrossPartners, measure: Measure) -> Figure:
    """The figure of one period and cell over all partners and places.

    One value stands as it is whatever the method. Several values without parts of a percentage or ratio, and several
    values of the method "none", are not combined: the figure is not applicable with the reason NO_PARTS or APART, and
    the reader is shown the partners one by one. A method without meaning for the measure gives the reason METHOD.
    """
    if components.count == 0:
        return NOT_REPORTED if components.numerator is None else NOBODY_TO_COUNT
    if components.count == 1:
        return figure(measure, components.numerator, components.denominator)
    if across_partners == AcrossPartners.NONE:
        return _not_applicable(Reason.APART)
    if not may_combine_partners(measure, across_partners):
        return _not_applicable(Reason.METHOD)
    if measure in BY_PARTS and components.denominator is None:
        return _not_applicable(Reason.NO_PARTS)
    return _PARTNERS[across_partners](components, measure)


def _number(number: Decimal | None, count: int | None = None) -> Figure:
    return Figure(ValueState.REPORTED, number, None if count is None else Decimal(count))


_PARTNERS: dict[AcrossPartners, Callable[[Components, Measure], Figure]] = {
    AcrossPartners.SUM: lambda parts, measure: _number(parts.numerator),
    AcrossPartners.AVERAGE: lambda parts, measure: _number(parts.numerator, parts.count),
    AcrossPartners.WEIGHTED_RATIO: lambda parts, measure: figure(measure, parts.numerator, parts.denominator),
    AcrossPartners.MAXIMUM: lambda parts, measure: _number(parts.maximum),
    AcrossPartners.MINIMUM: lambda parts, measure: _number(parts.minimum),
    AcrossPartners.LATEST: lambda parts, measure: figure(measure, parts.latest, parts.latest_denominator),
}


# Across time


def across_time(figures: Sequence[Figure], method: AcrossTime, *, cumulative: bool, measure: Measure) -> Figure:
    """One figure of the figures of several periods, given in the order of the periods.

    "Not reported" and "nobody to count" add nothing. A cumulative indicator's figures are running totals already: the
    latest stands where others would be added, averaged or divided. A percentage or ratio without parts is never
    weighted: the latest stands. A suppressed or uncombined period makes what is built on it suppressed or uncombined.
    """
    told = [one for one in figures if one.state != ValueState.NOT_REPORTED]
    if not told:
        return NOT_REPORTED
    if _is_latest(told, method, cumulative, measure):
        return _latest(told)
    hindrance = _hindrance(told)
    if hindrance is not None:
        return hindrance
    numbers = [one for one in told if one.value is not None]
    if len(numbers) <= 1:
        return numbers[0] if numbers else _latest(told)
    if method == AcrossTime.NONE:
        return _not_applicable(Reason.APART)
    if not may_combine_time(measure, method):
        return _not_applicable(Reason.METHOD)
    return _TIME[method](numbers)


def running(figures: Sequence[Figure], method: AcrossTime, *, cumulative: bool, measure: Measure) -> tuple[Figure, ...]:
    """For each period the figure from the first period up to it, by the same method as `across_time`."""
    return tuple(
        across_time(figures[: end + 1], method, cumulative=cumulative, measure=measure) for end in range(len(figures))
    )


def added(figures: Iterable[Figure]) -> Figure:
    """The sum of the reported numbers; suppressed where one is, "not reported" where none is reported."""
    told = [one for one in figures if one.state != ValueState.NOT_REPORTED]
    hindrance = _hindrance(told)
    if hindrance is not None:
        return hindrance
    numbers = [one for one in told if one.value is not None]
    if not numbers:
        return told[-1] if told else NOT_REPORTED
    return _sum(numbers)


def _is_latest(told: Sequence[Figure], method: AcrossTime, cumulative: bool, measure: Measure) -> bool:
    if method == AcrossTime.LATEST:
        return True
    if cumulative:
        return method not in (AcrossTime.MAXIMUM, AcrossTime.NONE)
    return method == AcrossTime.WEIGHTED_RATIO and measure in BY_PARTS and any(_has_no_parts(one) for one in told)


def _has_no_parts(one: Figure) -> bool:
    return one.is_reported and one.denominator is None


def _latest(told: Sequence[Figure]) -> Figure:
    """The last figure that says something; "nobody to count" only where nothing else was said."""
    for one in reversed(told):
        if one.state != ValueState.NOT_APPLICABLE or one.reason in _UNCOMBINED:
            return one
    return told[-1]


def _hindrance(told: Sequence[Figure]) -> Figure | None:
    if any(one.state == ValueState.SUPPRESSED for one in told):
        return SUPPRESSED
    return next((one for one in told if one.reason in _UNCOMBINED), None)


def _values(numbers: Sequence[Figure]) -> list[Decimal]:
    return [value for value in (one.value for one in numbers) if value is not None]


def _sum(numbers: Sequence[Figure]) -> Figure:
    return _number(sum(_values(numbers), ZERO))


def _average(numbers: Sequence[Figure]) -> Figure:
    return _number(sum(_values(numbers), ZERO), len(numbers))


def _maximum(numbers: Sequence[Figure]) -> Figure:
    return max(numbers, key=lambda one: one.value or ZERO)


def _weighted(numbers: Sequence[Figure]) -> Figure:
    top = sum((one.numerator or ZERO for one in numbers), ZERO)
    bottom = sum((one.denominator or ZERO for one in numbers), ZERO)
    return Figure(ValueState.REPORTED, top, bottom, per=numbers[0].per)


_TIME: dict[AcrossTime, Callable[[Sequence[Figure]], Figure]] = {
    AcrossTime.SUM: _sum,
    AcrossTime.AVERAGE: _average,
    AcrossTime.MAXIMUM: _maximum,
    AcrossTime.WEIGHTED_RATIO: _weighted,
}


# From raw values: the second road, in Python, to what the database adds up


def components_of(values: Iterable[RawValue]) -> Components:
    """The components of the values of one indicator, period and cell, each value of another update.

    A number counts; 0 of 0 and "not applicable" add 0 and count not; "not reported" and "suppressed" add nothing.
    """
    given = list(values)
    numbers = [one for one in given if counts(one)]
    answered = [one for one in given if counts(one) or is_nobody(one)]
    if not numbers:
        return Components(*(_nothing(answered)))
    tops = [one.numerator or ZERO for one in numbers]
    newest = max(numbers, key=_age)
    return Components(
        numerator=sum(tops, ZERO),
        denominator=_bottom(numbers),
        count=len(numbers),
        minimum=min(tops),
        maximum=max(tops),
        latest=newest.numerator,
        latest_denominator=newest.denominator,
    )


def components_by_cell(values: Iterable[RawValue]) -> dict[str, Components]:
    """The components of one indicator and period for every cell that says anything; the key "" is the total.

    These are the rows that stand as stored totals: a cell without a number and without "not applicable" has none.
    """
    cells: defaultdict[str, list[RawValue]] = defaultdict(list)
    for one in values:
        cells[one.cell].append(one)
    found = {cell: components_of(members) for cell, members in cells.items()}
    return {cell: one for cell, one in found.items() if one != Components()}


def latest_by_key(values: Iterable[RawValue]) -> list[RawValue]:
    """The values a running total consists of: for each partner and place those of its newest update.

    An update without any number is passed over while an older one has a number, so that answering "not reported"
    later takes nothing away. Give the values up to the period in question.
    """
    updates: defaultdict[tuple[Hashable, Hashable], defaultdict[Hashable, list[RawValue]]]
    updates = defaultdict(lambda: defaultdict(list))
    for one in values:
        updates[one.partner, one.place][one.update].append(one)
    return [one for of_key in updates.values() for one in max(of_key.values(), key=_standing)]


def counts(one: RawValue) -> bool:
    """Whether a value is a number that counts."""
    return one.state == ValueState.REPORTED and one.numerator is not None and one.denominator != 0


def is_nobody(one: RawValue) -> bool:
    """Whether a value answers "nobody to count"."""
    if one.state == ValueState.NOT_APPLICABLE:
        return True
    return one.state == ValueState.REPORTED and one.numerator == 0 and one.denominator == 0


def _nothing(answered: Sequence[RawValue]) -> tuple[Decimal | None, Decimal | None]:
    if not answered:
        return None, None
    return ZERO, ZERO if any(one.denominator is not None for one in answered) else None


def _bottom(numbers: Sequence[RawValue]) -> Decimal | None:
    bottoms = [one.denominator for one in numbers if one.denominator is not None]
    return sum(bottoms, ZERO) if len(bottoms) == len(numbers) else None


def _age(one: RawValue) -> tuple[date, datetime, int]:
    return one.period_end, one.moment, one.tie


def _standing(update: Sequence[RawValue]) -> tuple[bool, date, datetime, int]:
    return any(counts(one) for one in update), *_age(update[0])
