"""The machine room: the timetable, what waits, what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kmop.shared import jobs
from kmop.shared.models import Job, JobState
from kmop.shared.timetable import Line, next_due

PARKED_SHOWN = 50


@dataclass(frozen=True)
class LineNow:
    """A line of the timetable with its newest job and its next due time."""

    line: Line
    last: Job | None
    next_due: datetime | None


@dataclass(frozen=True)
class MachineRoom:
    """Everything the page of jobs shows above its list. `counts` is by state; `parked` are the newest failed ones."""

    lines: list[LineNow]
    counts: dict[str, int]
    parked: list[Job]
    last_tick: datetime | None


def machine_room(lines: Sequence[Line], *, now: datetime) -> MachineRoom:
    """The state of jobs and timetable, in five statements."""
    return MachineRoom(
        lines=_lines_now(lines, now),
        counts=_counts(),
        parked=list(Job.objects.filter(state=JobState.FAILED).order_by("-created_at")[:PARKED_SHOWN]),
        last_tick=jobs.last_tick(),
    )


def shown_jobs() -> "QuerySet[Job]":
    """All jobs but the row that only keeps the time of the last tick."""
    return Job.objects.exclude(line=jobs.TICK_LINE)


def _counts() -> dict[str, int]:
    found = dict(shown_jobs().order_by().values("state").annotate(rows=Count("pk")).values_list("state", "rows"))
    return {state: found.get(state, 0) for state in JobState.values}


def _lines_now(lines: Sequence[Line], now: datetime) -> list[LineNow]:
    newest = Q(pk__in=[])
    for name, due_at in jobs.newest_by_line().items():
        newest |= Q(line=name, due_at=due_at)
    last = {job.line: job for job in Job.objects.filter(newest)}
    zone = timezone.get_default_timezone()
    return [LineNow(line, last.get(line.name), next_due(line, now=now, zone=zone)) for line in lines]
