from datetime import date
from decimal import Decimal as D

import pytest

from projects.calculation.periods import PeriodFigures, actual_to_date, not_twice, target_to_date
from projects.calculation.values import NOBODY_TO_COUNT, NOT_REPORTED, AcrossTime, Measure
from tests.factories_calculation import counted


def years(first: int, last: int, actual: int | None, target: int | None = None) -> PeriodFigures:
    return PeriodFigures(date(last, 12, 31), counted(actual)[0], counted(target)[0], start=date(first, 1, 1))


def to_date(*periods: PeriodFigures) -> tuple[D | None, D | None]:
    done, planned = (
        way(periods, AcrossTime.SUM, cumulative=False, measure=Measure.COUNT)
        for way in (actual_to_date, target_to_date)
    )
    return done.value, planned.value


@pytest.mark.parametrize(
    "periods, expected",
    [
        ([], (None, None)),
        ([years(2019, 2019, 40, 50), years(2020, 2020, 60, 70)], (D(100), D(120))),
        ([years(2019, 2019, 40), years(2020, 2020, 60), years(2019, 2020, 100, 120)], (D(100), D(120))),
        ([years(2019, 2019, 40, 50), years(2020, 2020, 60, 70), years(2019, 2020, None)], (D(100), D(120))),
        ([years(2019, 2019, 40), years(2020, 2020, None), years(2019, 2020, 100)], (D(100), None)),
        ([years(2019, 2019, 40), years(2019, 2020, 90), years(2019, 2021, 130)], (D(130), None)),
        ([years(2019, 2019, 40), years(2019, 2019, 60)], (D(100), None)),
        ([years(2019, 2020, 40), years(2020, 2021, 60)], (D(100), None)),
        ([years(2019, 2019, 40), years(2019, 2020, 0)], (D(0), None)),
    ],
)
def test_nobody_is_counted_twice_where_periods_overlap(
    periods: list[PeriodFigures], expected: tuple[D | None, D | None]
) -> None:
    assert to_date(*periods) == expected


def test_periods_without_a_start_overlap_nothing() -> None:
    one, two = counted(40, 60)
    periods = [PeriodFigures(date(2019, 12, 31), one), PeriodFigures(date(2020, 12, 31), two), years(2019, 2020, 1)]
    assert to_date(*periods) == (D(101), None)


def test_what_is_left_out_stands_as_not_reported_in_its_place() -> None:
    [part] = counted(40)
    periods = [years(2019, 2019, 40), years(2019, 2020, None)]
    assert not_twice(periods, [part, NOBODY_TO_COUNT]) == [NOT_REPORTED, NOBODY_TO_COUNT]
    assert not_twice(periods, [part, NOT_REPORTED]) == [part, NOT_REPORTED]
