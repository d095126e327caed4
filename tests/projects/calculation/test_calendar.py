"""Days gone of a stretch, both ends included; stretches of whole months."""

from datetime import date

import pytest

from projects.calculation.calendar import Stretch, days_gone, is_overdue, months_later, stretches
from projects.calculation.periods import Gap, Span, gap

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 10)


@pytest.mark.parametrize(
    "day,gone",
    [
        (date(2025, 12, 31), 0),
        (FIRST, 1),
        (date(2026, 1, 5), 5),
        (LAST, 10),
        (date(2026, 2, 1), 10),
    ],
)
def test_days_gone(day: date, gone: int) -> None:
    assert days_gone(FIRST, LAST, day) == (gone, 10)


@pytest.mark.parametrize(
    "day, months, later",
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_so_many_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_stretches_leave_no_gap_and_end_with_the_last_day() -> None:
    assert list(stretches(date(2026, 1, 1), date(2026, 7, 15), 3)) == [
        Stretch(date(2026, 1, 1), date(2026, 3, 31)),
        Stretch(date(2026, 4, 1), date(2026, 6, 30)),
        Stretch(date(2026, 7, 1), date(2026, 7, 15)),
    ]
    assert list(stretches(date(2026, 1, 2), date(2026, 1, 1), 1)) == []


@pytest.mark.parametrize("day, said", [(LAST, False), (date(2026, 1, 9), False), (date(2026, 1, 11), True)])
def test_a_due_day_is_over_with_its_midnight(day: date, said: bool) -> None:
    assert is_overdue(LAST, day) is said


MONTHS = [(date(2026, month, 1), date(2026, month, 28)) for month in (1, 2, 3)]


@pytest.mark.parametrize(
    "spans, start, end, expected",
    [
        (MONTHS, date(2026, 1, 10), date(2026, 2, 28), Gap(across=MONTHS[0])),
        (MONTHS, date(2026, 1, 1), date(2026, 2, 10), Gap(across=MONTHS[1])),
        (MONTHS, date(2026, 1, 1), date(2026, 2, 28), Gap(day=date(2026, 1, 29))),
        ([], date(2026, 1, 1), date(2026, 2, 28), Gap(day=date(2026, 1, 1))),
    ],
)
def test_why_no_periods_make_a_time(spans: list[Span], start: date, end: date, expected: Gap) -> None:
    assert gap(spans, start, end) == expected
