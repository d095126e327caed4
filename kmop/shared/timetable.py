"""The lines of the timetable: plain data, and when each line is due. Knows no database and no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from celery.schedules import crontab
from django.utils.functional import Promise

MINUTE = timedelta(minutes=1)
LOOK_BACK = timedelta(days=8)
LOOK_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Line:
    """One line: a job that is due again and again.

    `cron` is minute, hour, day of month, month, day of week in the portal's own time zone. Daily lines keep away from
    the hour that the clock change skips (03:00 to 04:00). Of several missed times only the newest is caught up, unless
    `each` is set.
    """

    name: str
    cron: str
    task: str
    comment: str | Promise
    each: bool = False


@dataclass(frozen=True)
class _Plan:
    minute: frozenset[int]
    hour: frozenset[int]
    day_of_month: frozenset[int]
    month_of_year: frozenset[int]
    day_of_week: frozenset[int]


@lru_cache(maxsize=64)
def _plan(cron: str) -> _Plan:
    parsed = vars(crontab.from_string(cron))
    return _Plan(**{field.name: frozenset(parsed[field.name]) for field in fields(_Plan)})


def is_due(line: Line, moment: datetime, zone: tzinfo) -> bool:
    """Is the line due in the minute that begins at `moment` (aware)?"""
    plan, local = _plan(line.cron), moment.astimezone(zone)
    return (
        local.minute in plan.minute
        and local.hour in plan.hour
        and local.day in plan.day_of_month
        and local.month in plan.month_of_year
        and local.isoweekday() % 7 in plan.day_of_week
    )


def _minutes_back(now: datetime, after: datetime) -> Iterator[datetime]:
    moment = now.astimezone(UTC).replace(second=0, microsecond=0)
    while moment > after:
        yield moment
        moment -= MINUTE


def missed(line: Line, *, last: datetime | None, now: datetime, zone: tzinfo) -> list[datetime]:
    """The due times after `last` up to `now`, oldest first, in UTC.

    Only the newest one unless the line says `each`. Never looks back more than eight days.
    """
    floor = now - LOOK_BACK
    found: list[datetime] = []
    for moment in _minutes_back(now, max(last, floor) if last else floor):
        if is_due(line, moment, zone):
            found.append(moment)
            if not line.each:
                break
    return found[::-1]


def next_due(line: Line, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The first due time after `now`, in UTC; None when there is none within a year."""
    moment = now.astimezone(UTC).replace(second=0, microsecond=0) + MINUTE
    end = now + LOOK_AHEAD
    while moment <= end:
        if is_due(line, moment, zone):
            return moment
        moment += MINUTE
    return None
