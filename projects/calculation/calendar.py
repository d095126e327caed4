"""Days and stretches of months: the periods of a project and the checks after it."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one day to another, both included."""

    starts_on: date
    ends_on: date


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that month is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_overdue(due_on: date, day: date) -> bool:
    """Whether the due day is over: it ends at its own midnight, so on the day itself nothing is overdue."""
    return due_on < day


def days_gone(starts_on: date, ends_on: date, day: date) -> tuple[int, int]:
    """How many days of a stretch (both ends included) have gone by the end of `day`, and how many there are."""
    whole = (ends_on - starts_on).days + 1
    return min(max((day - starts_on).days + 1, 0), whole), whole


def stretches(starts_on: date, ends_on: date, months: int) -> Iterator[Stretch]:
    """Stretches of `months` (1, 3, 6, 12) from the first day to the last, without a gap or an overlap.

    They follow the months when the first day is the first of a month; the last stretch ends with `ends_on`. None where
    the end lies before the start.
    """
    number = 0
    while (first := months_later(starts_on, number * months)) <= ends_on:
        number += 1
        last = months_later(starts_on, number * months) - ONE_DAY
        yield Stretch(first, min(last, ends_on))
