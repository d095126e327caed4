"""What a value must be to be taken in. Findings are codes with their numbers; the caller words the sentence."""

from collections.abc import Iterator
from decimal import Decimal

from projects.calculation.values import BY_PARTS, Finding, Measure

DECIMALS = 6
LARGEST = Decimal(9_000_000_000_000)

_ANSWERS = (Decimal(0), Decimal(1))


def check_value(
    measure: Measure,
    numerator: Decimal | None,
    denominator: Decimal | None = None,
    *,
    is_share: bool = False,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
    decimals: int = 0,
    cell: str = "",
) -> list[Finding]:
    """All reasons to refuse a value; none for a good one, and none for no value at all ("not reported").

    `is_share` says that the numerator is part of the denominator and is asked only where there is one: a percentage
    without parts is kept as reported. `lowest` and `highest` are a scale's ends; `decimals` are those that the
    indicator shows: a count that shows none is whole. Codes: not_a_number, too_many_decimals, too_large, not_whole,
    numerator_missing, denominator_unexpected, negative, denominator_negative, over_zero, above_denominator,
    not_yes_or_no, below_scale, above_scale. 0 of 0 is good.
    """
    unfit = [
        Finding(code, {**params, "value": number}, cell)
        for number in (numerator, denominator)
        if number is not None
        for code, params in _unfit(number)
    ]
    if unfit:
        return unfit
    if numerator is None:
        return [] if denominator is None else [Finding("numerator_missing", {"denominator": denominator}, cell)]
    found = [
        *_parts(measure, numerator, denominator, is_share),
        *_count(measure, numerator, decimals),
        *_bounds(measure, numerator, lowest, highest),
    ]
    return [Finding(code, params, cell) for code, params in found]


_Found = Iterator[tuple[str, dict[str, Decimal | int | str]]]


def _unfit(number: Decimal) -> _Found:
    """What keeps a number from being stored as whole millionths."""
    if not number.is_finite():
        yield "not_a_number", {}
        return
    if abs(number) > LARGEST:
        yield "too_large", {"largest": LARGEST}
        return
    if number != round(number, DECIMALS):
        yield "too_many_decimals", {"decimals": DECIMALS}


def _parts(measure: Measure, numerator: Decimal, denominator: Decimal | None, is_share: bool) -> _Found:
    if denominator is None:
        return
    both: dict[str, Decimal | int | str] = {"numerator": numerator, "denominator": denominator}
    if measure not in BY_PARTS:
        yield "denominator_unexpected", both
    elif denominator < 0:
        yield "denominator_negative", both
    elif denominator == 0 and numerator != 0:
        yield "over_zero", both
    elif is_share and numerator > denominator:
        yield "above_denominator", both
    elif is_share and numerator < 0:
        yield "negative", both


def _count(measure: Measure, numerator: Decimal, decimals: int) -> _Found:
    if measure != Measure.COUNT:
        return
    if numerator < 0:
        yield "negative", {"value": numerator}
    elif not decimals and numerator != numerator.to_integral_value():
        yield "not_whole", {"value": numerator}


def _bounds(measure: Measure, numerator: Decimal, lowest: Decimal | None, highest: Decimal | None) -> _Found:
    if measure == Measure.YES_NO and numerator not in _ANSWERS:
        yield "not_yes_or_no", {"value": numerator}
    if measure in (Measure.SCALE, Measure.QUALITATIVE):
        yield from _scale(numerator, lowest, highest)


def _scale(numerator: Decimal, lowest: Decimal | None, highest: Decimal | None) -> _Found:
    if lowest is not None and numerator < lowest:
        yield "below_scale", {"value": numerator, "lowest": lowest}
    if highest is not None and numerator > highest:
        yield "above_scale", {"value": numerator, "highest": highest}
