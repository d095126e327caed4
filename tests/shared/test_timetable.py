"""When a line is due, what was missed, and what comes next."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kmop.shared.timetable import Line, missed, next_due

ATHENS = ZoneInfo("Europe/Athens")
DAILY = Line("daily", "10 1 * * *", "x", "Every night.")
HOURLY = Line("hourly", "5 * * * *", "x", "Every hour.")
EACH = Line("each", "10 1 * * *", "x", "Every night, none left out.", each=True)
MONDAYS = Line("mondays", "0 6 * * 1", "x", "On Mondays.")
NEVER = Line("never", "0 6 29 2 *", "x", "On 29 February.")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "line, last, now, expected",
    [
        (DAILY, "2026-11-22T23:10", "2026-11-23T23:09", []),
        (DAILY, "2026-11-22T23:10", "2026-11-23T23:10", ["2026-11-23T23:10"]),
        (DAILY, "2026-11-19T23:10", "2026-11-23T23:30", ["2026-11-23T23:10"]),
        (EACH, "2026-11-20T23:10", "2026-11-23T23:30", ["2026-11-21T23:10", "2026-11-22T23:10", "2026-11-23T23:10"]),
        (DAILY, None, "2026-11-23T12:00", ["2026-11-22T23:10"]),
        (HOURLY, "2026-11-23T09:05", "2026-11-23T12:04:59", ["2026-11-23T11:05"]),
        (MONDAYS, None, "2026-11-24T12:00", ["2026-11-23T04:00"]),
        # The hour that the clock change repeats in autumn and skips in spring.
        (HOURLY, "2026-10-25T00:05", "2026-10-25T01:05", ["2026-10-25T01:05"]),
        (DAILY, "2026-03-27T23:10", "2026-03-29T22:00", ["2026-03-28T23:10"]),
        (DAILY, "2026-03-28T23:10", "2026-03-29T22:10", ["2026-03-29T22:10"]),
    ],
)
def test_missed_times(line: Line, last: str | None, now: str, expected: list[str]) -> None:
    found = missed(line, last=at(last) if last else None, now=at(now), zone=ATHENS)
    assert found == [at(one) for one in expected]


def test_looks_back_eight_days_at_most() -> None:
    assert len(missed(EACH, last=at("2026-01-01T00:00"), now=at("2026-11-23T12:00"), zone=ATHENS)) == 8


@pytest.mark.parametrize(
    "line, now, expected",
    [
        (DAILY, "2026-11-23T23:09:30", "2026-11-23T23:10"),
        (DAILY, "2026-11-23T23:10", "2026-11-24T23:10"),
        (MONDAYS, "2026-11-24T12:00", "2026-11-30T04:00"),
        (NEVER, "2026-11-24T12:00", None),
    ],
)
def test_next_time(line: Line, now: str, expected: str | None) -> None:
    assert next_due(line, now=at(now), zone=ATHENS) == (at(expected) if expected else None)
