"""Who lets people wait is told once a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from beneficiaries.choices import FeedbackState
from beneficiaries.services.overdue import escalate_overdue
from kmop.accounts.services import service_account
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed
from kmop.shared.jobs import enqueue
from projects.choices import ProjectRoleName
from tests.factories import Cast, make_cast, make_role, make_user
from tests.factories_voices import make_feedback

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def told() -> list[tuple[str, int]]:
    rows = Notice.objects.filter(kind="beneficiaries.feedback_overdue").order_by("user__name", "pk")
    return [(row.user.name, row.params["count"]) for row in rows.select_related("user")]


def run(day: date) -> int:
    return escalate_overdue(day=day, by=service_account("timetable"))


def test_assigned_and_managers_are_told_once_how_many_wait(cast: Cast) -> None:
    today = timezone.localdate()
    late = today - timedelta(days=1)
    petros = make_user("Petros")
    make_role(petros, ProjectRoleName.ME_OFFICER, cast.project)
    make_feedback(cast.project, promised_on=late, assigned_to=petros)
    make_feedback(cast.project, promised_on=late, assigned_to=cast.alice)
    make_feedback(cast.project, promised_on=late, state=FeedbackState.ACKNOWLEDGED)
    make_feedback(cast.project, promised_on=today)
    make_feedback(cast.project, promised_on=late, state=FeedbackState.ANSWERED)
    make_feedback(None, promised_on=late)
    assert [run(today), run(today)] == [2, 0]
    assert told() == [("Alice", 3), ("Petros", 1)]


def test_the_next_day_tells_again_and_an_ended_account_nothing(cast: Cast) -> None:
    today = timezone.localdate()
    ended = make_user("Ended")
    ended.is_active = False
    ended.save()
    make_feedback(cast.project, promised_on=today - timedelta(days=3), assigned_to=ended)
    run(today)
    Notice.objects.update(at=timezone.now() - timedelta(days=1))
    run(today)
    assert told() == [("Alice", 1), ("Alice", 1)]


def test_nothing_late_tells_nobody(cast: Cast) -> None:
    assert run(timezone.localdate()) == 0


def test_people_do_not_run_it(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        escalate_overdue(day=timezone.localdate(), by=cast.alice)


@pytest.mark.parametrize("count", [1, 4])
def test_statements_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    service_account("timetable")
    for _number in range(count):
        make_feedback(cast.project, promised_on=date(2026, 1, 1))
    by = service_account("timetable")
    with django_assert_num_queries(9):
        escalate_overdue(day=timezone.localdate(), by=by)


def test_the_timetable_runs_it_as_a_job(cast: Cast, run_jobs: Any) -> None:
    make_feedback(cast.project, promised_on=timezone.localdate() - timedelta(days=1))
    for _time in range(2):
        enqueue("beneficiaries.tasks.overdue_feedback")
    assert (len(run_jobs()), told()) == (2, [("Alice", 1)])
