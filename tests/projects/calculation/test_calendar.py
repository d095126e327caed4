"""Days gone of a stretch, both ends included."""

from datetime import date

import pytest

from projects.calculation.calendar import days_gone

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
