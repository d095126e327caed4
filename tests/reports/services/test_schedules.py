"""Scheduled reports are asked for once for each due day, whoever rings and how often."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kmop.shared.errors import NotAllowed, Stale
from projects.models import ProjectRole
from reports.catalogue.registry import report_of
from reports.models import Run, Schedule
from reports.services.schedules import create_schedule, day_after, run_schedules, set_schedule_active
from reports.tasks import run_schedules as task
from tests.factories import Cast, fresh, make_cast

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 30)


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


def schedule(cast: Cast, **given: Any) -> Schedule:
    """Alice's monthly progress report."""
    values = {"every": "month", "next_on": DUE, "formats": ["pdf"], "by": cast.alice, **given}
    return create_schedule(report=report_of("project-progress"), params={"project": "STR-25"}, **values)


@pytest.mark.parametrize(
    "day, every, next_day",
    [
        (date(2026, 11, 30), "week", date(2026, 12, 7)),
        (date(2026, 1, 31), "month", date(2026, 2, 28)),
        (date(2026, 11, 30), "quarter", date(2027, 2, 28)),
    ],
)
def test_the_day_after(day: date, every: str, next_day: date) -> None:
    assert day_after(day, every) == next_day


def test_a_schedule_keeps_the_order_without_its_day(cast: Cast) -> None:
    kept = schedule(cast)

    assert kept.params == {"project": "STR-25", "language": "en"}
    assert (kept.owner, kept.is_active, kept.formats) == (cast.alice, True, ["pdf"])


def test_who_may_not_make_a_report_may_not_schedule_it(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        schedule(cast, by=cast.bob)
    with pytest.raises(ValidationError):
        schedule(cast, every="day")
    with pytest.raises(ValidationError):
        schedule(cast, formats=[])
    assert Schedule.objects.count() == 0


def test_a_due_schedule_asks_once(cast: Cast) -> None:
    kept = schedule(cast)

    assert [run_schedules(day=date(2026, 11, 29)), run_schedules(day=DUE), run_schedules(day=DUE)] == [0, 1, 0]

    run = Run.objects.get()
    assert (run.schedule, run.scheduled_for, run.asked_by, run.formats) == (kept, DUE, cast.alice, ["pdf"])
    assert run.params["as_of"] == "2026-11-30"
    kept.refresh_from_db()
    assert (kept.next_on, kept.version) == (date(2026, 12, 30), 2)


def test_what_was_missed_is_made_once(cast: Cast) -> None:
    kept = schedule(cast, next_on=date(2026, 8, 31))

    assert run_schedules(day=date(2026, 11, 24)) == 1

    kept.refresh_from_db()
    assert kept.next_on == date(2026, 11, 30)


def test_a_schedule_that_its_owner_may_not_make_any_more_is_paused(cast: Cast) -> None:
    kept = schedule(cast)
    ProjectRole.objects.filter(user=cast.alice).delete()

    assert run_schedules(day=DUE) == 0

    kept.refresh_from_db()
    assert (kept.is_active, Run.objects.count()) == (False, 0)


def test_pausing_and_going_on(cast: Cast) -> None:
    kept = schedule(cast)
    with pytest.raises(NotAllowed):
        set_schedule_active(schedule=kept, is_active=False, by=fresh(cast.bob))

    stale = Schedule.objects.get(pk=kept.pk)
    set_schedule_active(schedule=kept, is_active=False, by=cast.alice)
    with pytest.raises(Stale):
        set_schedule_active(schedule=stale, is_active=True, by=cast.alice)

    assert run_schedules(day=DUE) == 0
    set_schedule_active(schedule=kept, is_active=True, by=cast.alice)
    assert run_schedules(day=DUE) == 1


def test_the_hourly_job_asks_for_today(cast: Cast) -> None:
    schedule(cast, next_on=date(2026, 1, 1))

    task()

    assert Run.objects.count() == 1
