"""A worked example of an indicator's two methods, on small values of its own measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from projects.calculation.combine import across_time, components_of, figure_of, latest_by_key
from projects.calculation.values import (
    ADDITIVE,
    BY_PARTS,
    AcrossPartners,
    AcrossTime,
    Figure,
    Measure,
    RawValue,
    ValueState,
    figure,
)

PERIODS = 3
_Parts = tuple[int, int | None]

# What three reporters (two places of one partner, another partner) say in three periods.
_NUMBERS = ((12, 8, 20), (5, 0, 10), (20, 15, 25))
_PARTS = (((30, 40), (18, 30), (45, 50)), ((6, 20), (0, 0), (12, 30)), ((50, 100), (90, 120), (80, 100)))
_SCORES = ((0, 1, 2), (2, 2, 3), (4, 3, 4))
_ANSWERS = ((0, 1, 1), (1, 1, 1), (0, 0, 1))


@dataclass(frozen=True, slots=True)
class Example:
    """`said` are three rows of figures, one a reporter; `together` one figure a period, `whole` that of all periods."""

    said: tuple[tuple[Figure, ...], ...]
    together: tuple[Figure, ...]
    whole: Figure


def example(
    measure: Measure,
    across_partners: AcrossPartners,
    method: AcrossTime,
    *,
    cumulative: bool = False,
    lowest: Decimal | None = None,
    highest: Decimal | None = None,
) -> Example:
    """The example of these methods; ValueError for a formula, whose inputs are combined each by their own methods.

    Scores lie on the scale from `lowest` (1 without one) up to `highest`.
    """
    if measure == Measure.FORMULA:
        raise ValueError("a formula has no example of its own")
    rows = [_run_up(row, measure) if cumulative else row for row in _given(measure, lowest, highest)]
    said = tuple(tuple(figure(measure, *_decimals(one)) for one in row) for row in rows)
    values = [_raw(row, period, one) for row, given in enumerate(rows) for period, one in enumerate(given)]
    together = tuple(
        figure_of(components_of(_chosen(values, period, cumulative)), across_partners, measure)
        for period in range(PERIODS)
    )
    return Example(said, together, across_time(together, method, cumulative=cumulative, measure=measure))


def _given(measure: Measure, lowest: Decimal | None, highest: Decimal | None) -> list[list[_Parts]]:
    if measure in BY_PARTS:
        return [list(row) for row in _PARTS]
    if measure in ADDITIVE:
        return [[(one, None) for one in row] for row in _NUMBERS]
    if measure == Measure.YES_NO:
        return [[(one, None) for one in row] for row in _ANSWERS]
    first = 1 if lowest is None else int(lowest)
    last = first + 4 if highest is None else max(first, int(highest))
    return [[(min(first + one, last), None) for one in row] for row in _SCORES]


def _run_up(row: Sequence[_Parts], measure: Measure) -> list[_Parts]:
    """The values of a row as running totals; answers and scores only stand for themselves."""
    if measure not in ADDITIVE | BY_PARTS:
        return list(row)
    found: list[_Parts] = []
    for top, bottom in row:
        before = found[-1] if found else (0, 0)
        found.append((before[0] + top, None if bottom is None else (before[1] or 0) + bottom))
    return found


def _decimals(one: _Parts) -> tuple[Decimal, Decimal | None]:
    return Decimal(one[0]), None if one[1] is None else Decimal(one[1])


def _raw(row: int, period: int, one: _Parts) -> RawValue:
    top, bottom = _decimals(one)
    return RawValue(
        partner=row > 1,
        place=row,
        update=(row, period),
        period_end=date(2000 + period, 12, 31),
        moment=datetime(2000 + period, 12, 31, tzinfo=UTC),
        tie=row,
        cell="",
        state=ValueState.REPORTED,
        numerator=top,
        denominator=bottom,
    )


def _chosen(values: Sequence[RawValue], period: int, cumulative: bool) -> list[RawValue]:
    year = 2000 + period
    if cumulative:
        return latest_by_key([one for one in values if one.period_end.year <= year])
    return [one for one in values if one.period_end.year == year]
