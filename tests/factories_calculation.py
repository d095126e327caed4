"""Plain makers of raw values and figures for the tests of the arithmetic."""

from datetime import UTC, date, datetime
from decimal import Decimal

from projects.calculation.values import NOT_REPORTED, Figure, Measure, RawValue, ValueState, figure


def raw(
    numerator: Decimal | int | str | None,
    denominator: Decimal | int | str | None = None,
    *,
    partner: str = "A",
    place: str | None = None,
    period: int = 1,
    number: int = 1,
    cell: str = "",
    state: ValueState | None = None,
) -> RawValue:
    """A value of the update `number` in the month `period` of 2026; without numerator it is "not reported"."""
    told = ValueState.NOT_REPORTED if numerator is None else ValueState.REPORTED
    return RawValue(
        partner=partner,
        place=place,
        update=number,
        period_end=date(2026, period, 28),
        moment=datetime(2026, period, 28, 12, tzinfo=UTC),
        tie=number,
        cell=cell,
        state=told if state is None else state,
        numerator=None if numerator is None else Decimal(numerator),
        denominator=None if denominator is None else Decimal(denominator),
    )


def counted(*numbers: int | str | None) -> list[Figure]:
    """Figures of a count, None for "not reported"."""
    return [NOT_REPORTED if one is None else figure(Measure.COUNT, Decimal(one)) for one in numbers]


def parted(numerator: int | str, denominator: int | str) -> Figure:
    """A percentage by its two parts."""
    return figure(Measure.PERCENTAGE, Decimal(numerator), Decimal(denominator))
