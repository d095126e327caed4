"""Reports made again and again."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import NotAllowed
from kmop.shared.models import bump
from projects.calculation.calendar import months_later
from reports import validators
from reports.catalogue.registry import Report, report_of
from reports.choices import Action, Every
from reports.models import Schedule
from reports.renderers.registry import renderers
from reports.services.orders import kept_params, read_order
from reports.services.runs import ask_for_report

MONTHS = {Every.MONTH: 1, Every.QUARTER: 3}


def day_after(day: date, every: str) -> date:
    """The next day of a schedule: a week, a month or a quarter later."""
    return day + timedelta(days=7) if every == Every.WEEK else months_later(day, MONTHS[Every(every)])


@transaction.atomic
def create_schedule(
    *, report: Report, params: Mapping[str, Any], formats: Sequence[str], every: str, next_on: date, by: User
) -> Schedule:
    """Make a report again and again, from a day on; the figures are those of the day of each making.

    Raises what `ask_for_report` raises, and `ValidationError` for an unknown interval.
    """
    order = read_order(report=report, params=params, by=by)
    validators.formats_are_known(list(formats), list(renderers()))
    kept = kept_params(order)
    kept.pop("as_of")
    schedule = Schedule(report=report.code, params=kept, formats=list(formats), every=every, next_on=next_on, owner=by)
    schedule.full_clean()
    schedule.save()
    audit.record(by, Action.SCHEDULE_CHANGED, schedule, report=report.code, every=every, next_on=next_on)
    return schedule


@transaction.atomic
def set_schedule_active(*, schedule: Schedule, is_active: bool, by: User) -> Schedule:
    """Pause a schedule, or let it go on. Raises `NotAllowed`, `Stale`."""
    require(by, "reports.change_schedule", schedule)
    schedule.is_active = is_active
    bump(schedule, "is_active")
    audit.record(by, Action.SCHEDULE_CHANGED, schedule, is_active=is_active)
    return schedule


@transaction.atomic
def run_schedules(*, day: date) -> int:
    """Ask for every report that is due by `day`, once for each due day; returns how many.

    Safe twice and at once: the one that moves `next_on` asks. A schedule whose owner may no longer make the report, or
    whose subject is gone, is paused.
    """
    asked = 0
    for schedule in Schedule.objects.due_on(day).select_related("owner"):
        due = schedule.next_on
        moved = Schedule.objects.due_on(day).filter(pk=schedule.pk, next_on=due, version=schedule.version)
        if moved.update(next_on=_following(due, schedule.every, day), version=schedule.version + 1):
            asked += _ask(schedule, due, day)
    return asked


def _following(due: date, every: str, day: date) -> date:
    """The first day of the schedule after `day`: what was missed is made once, not once for each time."""
    later = due
    while later <= day:
        later = day_after(later, every)
    return later


def _ask(schedule: Schedule, due: date, day: date) -> int:
    try:
        with transaction.atomic():
            ask_for_report(
                report=report_of(schedule.report),
                params={**schedule.params, "as_of": day.isoformat()},
                formats=schedule.formats,
                by=schedule.owner,
                schedule=schedule,
                scheduled_for=due,
            )
    except (NotAllowed, ValidationError, LookupError) as error:
        Schedule.objects.filter(pk=schedule.pk).update(is_active=False)
        reason = type(error).__name__
        audit.record(schedule.owner, Action.SCHEDULE_CHANGED, schedule, is_active=False, reason=reason)
        return 0
    return 1
