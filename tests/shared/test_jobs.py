"""Jobs: rows in the act's transaction, claims by number, one transaction for effect and done, retries, the tick."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError as OperationalDatabaseError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from kmop.shared import jobs
from kmop.shared.errors import RuleBroken, Stale
from kmop.shared.jobs import Claim, enqueue, enqueue_many, find, job, long_job
from kmop.shared.models import IdempotencyKey, Job, JobState, Tombstone
from kmop.shared.timetable import Line
from tests.fixtures_basement import RunJobs

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NIGHTLY = Line("nightly", "10 1 * * *", "tests.leave", "Leaves a mark.")


def leave_mark(name: str) -> None:
    Tombstone.objects.create(kind="mark", object_id=name)


def marks() -> list[str]:
    return list(Tombstone.objects.filter(kind="mark").order_by("id").values_list("object_id", flat=True))


@job("tests.leave", queue="bulk")
def leave(name: str = "line") -> None:
    leave_mark(name)


@job("tests.break")
def break_down() -> None:
    leave_mark("half")
    raise ZeroDivisionError("Maria's phone number")


@job("tests.refuse")
def refuse() -> None:
    raise RuleBroken("The period is closed.")


@job("tests.invalid")
def invalid() -> None:
    raise ValidationError({"value": ["Maria's phone number"]})


@long_job("tests.long")
def work_long(claim: Claim, name: str) -> None:
    claim.progress(140)
    assert Job.objects.get(pk=claim.job_id).progress == 100
    claim.progress(40)
    assert Job.objects.get(pk=claim.job_id).progress == 40
    with claim.finish():
        leave_mark(name)


@long_job("tests.unfinished")
def leave_unfinished(claim: Claim) -> None:
    leave_mark("without finish")


@long_job("tests.overtaken")
def be_overtaken(claim: Claim) -> None:
    Job.objects.filter(pk=claim.job_id).update(claim=claim.number + 1)
    with claim.finish():
        leave_mark("too late")


@job("tests.chain")
def chain() -> None:
    enqueue("tests.leave", name="chained")


def test_unknown_names_are_told() -> None:
    with pytest.raises(LookupError, match="No job is named tests.nothing"):
        find("tests.nothing")
    with pytest.raises(ValueError, match="'fast' is not a valid Queue"):
        job("tests.other", queue="fast")(leave)


def test_a_name_is_taken_once() -> None:
    def other() -> None:
        pass

    other.__module__ = "elsewhere"
    with pytest.raises(LookupError, match="Two jobs are named tests.leave"):
        job("tests.leave")(other)


@pytest.mark.django_db
def test_job_is_written_with_the_act_and_done(run_jobs: RunJobs, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as bells:
        row = enqueue("tests.leave", name="one")
    assert len(bells) == 1
    assert (row.queue, row.state, row.args) == ("bulk", JobState.QUEUED, {"name": "one"})
    assert [one.pk for one in run_jobs()] == [row.pk]
    row.refresh_from_db()
    assert (row.state, row.claim, row.tries, row.progress, row.error) == (JobState.DONE, 1, 1, 100, "")
    assert marks() == ["one"]


@pytest.mark.django_db
def test_jobs_of_jobs_and_many(run_jobs: RunJobs, django_assert_num_queries: Any) -> None:
    enqueue("tests.chain")
    for size in (1, 4):
        with django_assert_num_queries(1):
            enqueue_many("tests.leave", [{"name": f"many {number}"} for number in range(size)], queue="mail")
    assert len(run_jobs()) == 7
    assert sorted(marks()) == ["chained", "many 0", "many 0", "many 1", "many 2", "many 3"]


@pytest.mark.django_db(transaction=True)
def test_dead_broker_leaves_the_act_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def dead(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(jobs.current_app._get_current_object(), "send_task", dead)
    with transaction.atomic():
        row = enqueue("tests.leave", name="one")
    assert Job.objects.get().pk == row.pk
    assert "Connection refused" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_rollback_takes_the_job_with_it() -> None:
    with transaction.atomic():
        enqueue("tests.leave", name="one")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_a_job_is_claimed_once() -> None:
    row = enqueue("tests.leave", name="one")
    claim = jobs.take(row.pk)
    assert claim == Claim(row.pk, 1, 1, "tests.leave", {"name": "one"})
    assert jobs.take(row.pk) is None
    assert jobs.run(row.pk) is None
    assert jobs.run(uuid4()) is None


@pytest.mark.django_db
def test_a_late_worker_changes_nothing() -> None:
    row = enqueue("tests.leave", name="one")
    late = jobs.take(row.pk)
    assert late is not None
    jobs.recover_lost(now=timezone.now() + timedelta(hours=1))
    assert jobs.run(row.pk) == JobState.DONE
    with pytest.raises(Stale), late.finish():
        leave_mark("late")
    with pytest.raises(Stale):
        late.progress(50)
    late.beat()
    assert (late.is_lost, late.is_finished, marks()) == (True, False, ["one"])
    row.refresh_from_db()
    assert (row.state, row.claim, row.tries) == (JobState.DONE, 2, 2)


@pytest.mark.django_db
def test_overtaken_in_the_middle_rolls_back() -> None:
    row = enqueue("tests.overtaken")
    assert jobs.run(row.pk) is None
    row.refresh_from_db()
    assert (row.state, marks()) == (JobState.RUNNING, [])


@pytest.mark.django_db
def test_a_long_job_shows_progress_and_must_finish() -> None:
    assert jobs.run(enqueue("tests.long", name="long").pk) == JobState.DONE
    row = enqueue("tests.unfinished")
    assert jobs.run(row.pk) == JobState.QUEUED
    row.refresh_from_db()
    assert row.error.startswith("RuntimeError jobs.py:")


@pytest.mark.django_db
def test_a_fault_waits_longer_each_time_then_parks(settings: Any) -> None:
    settings.JOB_TRIES = 3
    row = enqueue("tests.break")
    waits = []
    for _ in range(2):
        before = timezone.now()
        assert jobs.run(row.pk) == JobState.QUEUED
        row.refresh_from_db()
        assert row.not_before is not None
        waits.append(round((row.not_before - before).total_seconds()))
        assert jobs.run(row.pk) is None
        Job.objects.update(not_before=before)
    assert waits == [30, 60]
    assert jobs.run(row.pk) == JobState.FAILED
    row.refresh_from_db()
    assert (row.tries, marks()) == (3, [])
    assert row.error.startswith("ZeroDivisionError test_jobs.py:")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "task, said",
    [("tests.refuse", "RuleBroken The period is closed. test_jobs.py"), ("tests.invalid", "ValidationError test_jobs")],
)
def test_a_refusal_parks_at_once_and_tells_no_data(task: str, said: str, caplog: pytest.LogCaptureFixture) -> None:
    row = enqueue(task)
    assert jobs.run(row.pk) == JobState.FAILED
    row.refresh_from_db()
    assert row.error.startswith(said)
    assert "Maria" not in row.error + caplog.text


@pytest.mark.django_db
def test_a_parked_job_can_be_tried_again(run_jobs: RunJobs) -> None:
    row = enqueue("tests.leave", name="one")
    assert jobs.retry(row) is False
    Job.objects.update(state=JobState.FAILED, tries=5)
    assert jobs.retry(row) is True
    assert [one.tries for one in run_jobs()] == [1]


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_while_the_job_works(settings: Any) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.01
    row = enqueue("tests.leave", name="one")
    claim = jobs.take(row.pk)
    assert claim is not None
    Job.objects.update(beat_at=NOW)
    with jobs._heart(claim):
        while Job.objects.get().beat_at == NOW:
            pass
    Job.objects.update(claim=7)
    with jobs._heart(claim):
        while not claim.is_lost:
            pass
    assert Job.objects.get().claim == 7


class Deaf(Claim):
    """A claim whose heart-beats don't reach the database."""

    def beat(self) -> None:
        """Fail, twice."""
        self.tries += 1
        self.is_lost = self.tries > 2
        raise OperationalDatabaseError


def test_a_missed_heart_beat_is_logged_and_the_work_goes_on(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.JOB_HEARTBEAT_SECONDS = 0.001
    claim = Deaf(uuid4(), 1, 1, "tests.leave", {})
    with jobs._heart(claim):
        while not claim.is_lost:
            pass
    assert caplog.text.count("missed: OperationalError") == 2


@pytest.mark.django_db
def test_tick_makes_each_due_job_once(run_jobs: RunJobs) -> None:
    assert jobs.last_tick() is None
    for _ in range(2):
        jobs.tick([NIGHTLY], now=NOW)
    due = datetime(2026, 11, 23, 23, 10, tzinfo=UTC)
    row = Job.objects.get(line="nightly")
    assert (row.task, row.queue, row.due_at, row.rung_at) == ("tests.leave", "bulk", due, NOW)
    assert jobs.last_tick() == NOW
    run_jobs()
    jobs.tick([NIGHTLY], now=NOW + timedelta(days=3))
    assert [one.due_at for one in Job.objects.filter(line="nightly").order_by("due_at")] == [
        due,
        due + timedelta(days=3),
    ]


@pytest.mark.django_db
def test_a_line_without_its_job_is_logged_and_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    jobs.tick([Line("gone", "10 1 * * *", "tests.gone", "Gone."), NIGHTLY], now=NOW)
    assert list(Job.objects.exclude(line=jobs.TICK_LINE).values_list("line", flat=True)) == ["nightly"]
    assert "line gone of the timetable: No job is named tests.gone" in caplog.text


@pytest.mark.django_db
def test_tick_wakes_what_waits_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[tuple[list[str], str]] = []

    def rings(name: str, args: list[str], queue: str) -> None:
        rung.append((args, queue))

    monkeypatch.setattr(jobs.current_app._get_current_object(), "send_task", rings)
    quiet, fresh, later, lost, alive = (enqueue("tests.leave", name=str(number)) for number in range(5))
    Job.objects.update(rung_at=NOW)
    Job.objects.filter(pk=quiet.pk).update(rung_at=NOW - timedelta(seconds=21))
    Job.objects.filter(pk=fresh.pk).update(rung_at=NOW - timedelta(seconds=19))
    Job.objects.filter(pk=later.pk).update(rung_at=None, not_before=NOW + timedelta(seconds=1))
    running = {"state": JobState.RUNNING, "tries": 1}
    Job.objects.filter(pk=lost.pk).update(beat_at=NOW - timedelta(seconds=61), **running)
    Job.objects.filter(pk=alive.pk).update(beat_at=NOW - timedelta(seconds=59), **running)
    jobs.tick([], now=NOW)
    assert rung == [([str(lost.pk)], "bulk"), ([str(quiet.pk)], "bulk")]
    lost.refresh_from_db()
    assert (lost.state, lost.rung_at, lost.error) == (JobState.QUEUED, NOW, "The worker stopped in the middle of it.")


@pytest.mark.django_db
def test_tick_parks_what_lost_its_worker_too_often() -> None:
    row = enqueue("tests.leave", name="one")
    Job.objects.update(state=JobState.RUNNING, tries=5, beat_at=NOW - timedelta(seconds=61))
    jobs.tick([], now=NOW)
    row.refresh_from_db()
    assert row.state == JobState.FAILED


@pytest.mark.django_db
def test_sweep_keeps_what_is_young_failed_or_the_newest_of_its_line() -> None:
    def done(days: int, **fields: Any) -> Job:
        when = NOW - timedelta(days=days)
        return Job.objects.create(**{"task": "tests.leave", "state": JobState.DONE, "done_at": when, **fields})

    done(31)
    kept = {
        done(29).pk,
        done(31, state=JobState.FAILED).pk,
        done(40, line="nightly", due_at=NOW - timedelta(days=40)).pk,
    }
    done(41, line="nightly", due_at=NOW - timedelta(days=41))
    for days in (29, 31):
        IdempotencyKey.objects.create(
            client="x",
            method="POST",
            address="/",
            key_mac=str(days),
            fingerprint="",
            created_at=NOW - timedelta(days=days),
        )
    jobs.sweep_rows(now=NOW)
    assert {row.pk for row in Job.objects.all()} == kept
    assert list(IdempotencyKey.objects.values_list("key_mac", flat=True)) == ["29"]
