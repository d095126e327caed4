from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from beneficiaries.calculation.response import ResponseTime, Wait, is_overdue, promised_by, response_time
from beneficiaries.calculation.shares import Share

TODAY = date(2026, 11, 24)


def wait(received: int, took: int | None = None) -> Wait:
    """A message received so many days ago, answered after so many days."""
    day = TODAY - timedelta(days=received)
    return Wait(day, None if took is None else day + timedelta(days=took))


def times(*waits: Wait) -> ResponseTime:
    return response_time(waits, promised_days=14, today=TODAY)


def test_nothing_received_gives_no_time_and_no_share() -> None:
    made = times()
    assert made == ResponseTime(0, 0, 0, None, None, Share(0, 0))
    assert made.within.value is None


@pytest.mark.parametrize(
    "took, median, p90",
    [
        ([0], "0", "0"),
        ([3], "3", "3"),
        ([1, 4], "2.5", "4"),
        ([9, 1, 4], "4", "9"),
        (list(range(1, 11)), "5.5", "9"),
        ([1] * 9 + [60], "1", "1"),
        ([1] * 8 + [60, 60], "1", "60"),
    ],
)
def test_median_and_ninetieth_percentile_of_whole_days(took: list[int], median: str, p90: str) -> None:
    made = times(*(wait(90, one) for one in took))
    assert (made.answered, made.median, made.p90) == (len(took), D(median), D(p90))


def test_the_promise_is_kept_on_its_last_day_and_broken_on_the_next() -> None:
    assert times(wait(90, 14), wait(90, 15)).within == Share(1, 2)


def test_what_is_open_past_its_promise_counts_against_it() -> None:
    made = times(wait(90, 3), wait(15), wait(14), wait(0))
    assert made == ResponseTime(1, 3, 1, D(3), D(3), Share(1, 2))
    assert made.within.value == D("0.5")


def test_the_last_promised_day() -> None:
    assert promised_by(date(2026, 2, 20), 14) == date(2026, 3, 6)


@pytest.mark.parametrize("one, overdue", [(wait(14), False), (wait(15), True), (wait(15, 15), False)])
def test_an_open_message_is_overdue_after_its_last_promised_day(one: Wait, overdue: bool) -> None:
    assert is_overdue(one, promised_days=14, today=TODAY) is overdue
