"""The page of jobs and timetable."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.audit.queries.jobs import LineNow, machine_room
from kmop.audit.services import retry_job
from kmop.celery import TIMETABLE
from kmop.shared import jobs
from kmop.shared.errors import NotAllowed, RuleBroken
from kmop.shared.models import Job, JobState
from kmop.shared.timetable import Line
from tests.factories_basement import administrator, person

pytestmark = pytest.mark.django_db
PAGE = "/administration/jobs/"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SWEEP = Line("sweep", "30 2 * * *", "shared.tasks.sweep", "Sweeps.")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def job(state: JobState = JobState.FAILED, **fields: Any) -> Job:
    return Job.objects.create(**{"task": "shared.tasks.sweep", "state": state, "queue": "bulk", **fields})


def test_machine_room(django_assert_num_queries: Any) -> None:
    failed = job(error="ZeroDivisionError x.py:3")
    job(JobState.DONE, line="sweep", due_at=NOW - timedelta(days=2))
    newest = job(JobState.DONE, line="sweep", due_at=NOW - timedelta(days=1))
    jobs.tick([], now=NOW)
    with django_assert_num_queries(5):
        room = machine_room([SWEEP], now=NOW)
    assert room.lines == [LineNow(SWEEP, newest, datetime(2026, 11, 25, 0, 30, tzinfo=UTC))]
    assert room.counts == {"queued": 0, "running": 0, "done": 2, "failed": 1}
    assert (room.parked, room.last_tick) == ([failed], NOW)


def test_page_shows_lines_parked_and_all() -> None:
    client = as_user(administrator())
    assert "The timetable has not ticked yet." in client.get(PAGE).content.decode()
    parked = job(error="ZeroDivisionError x.py:3")
    jobs.tick([], now=timezone.now())
    response = client.get(PAGE, {"state": "failed"})
    assert [line.line.name for line, _badge in response.context["lines"]] == [line.name for line in TIMETABLE]
    assert [row.source for row in response.context["rows"]] == [parked]
    assert f"/administration/jobs/{parked.pk}/retry/" in response.content.decode()


def test_statements_do_not_grow(django_assert_num_queries: Any) -> None:
    client = as_user(administrator())
    job()
    client.get(PAGE)
    for more in (0, 3):
        for _ in range(more):
            job()
        with django_assert_num_queries(11):
            client.get(PAGE)


def test_administrator_tries_a_parked_job_again() -> None:
    petra, parked = administrator(), job(tries=5)
    response = as_user(petra).post(f"{PAGE}{parked.pk}/retry/")
    assert response.headers["Location"] == PAGE
    parked.refresh_from_db()
    assert (parked.state, parked.tries) == (JobState.QUEUED, 0)
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id, entry.object_id) == ("job.retried", str(petra.pk), str(parked.pk))
    with pytest.raises(RuleBroken):
        retry_job(job=parked, by=petra)


def test_nobody_else_sees_or_retries() -> None:
    alice, parked = person("Alice"), job()
    client = as_user(alice)
    assert (client.get(PAGE).status_code, client.post(f"{PAGE}{parked.pk}/retry/").status_code) == (403, 403)
    with pytest.raises(NotAllowed):
        retry_job(job=parked, by=alice)
    parked.refresh_from_db()
    assert parked.state == JobState.FAILED
