"""Jobs: work that is owed. The row is the truth, the broker only a bell.

`enqueue` writes the row in the transaction of the act and rings after its commit. A worker claims the row with a
number, heart-beats while it works, and saves the effect and "done" in one transaction that holds only while the number
is still its own: a late worker changes nothing. The tick makes the rows of the timetable and wakes what nobody claimed.
"""

import logging
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from typing import Any, TypeVar

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from kmop.shared.errors import DomainError, NotAllowed, RuleBroken, Stale
from kmop.shared.models import IdempotencyKey, Job, JobState
from kmop.shared.timetable import Line, missed

log = logging.getLogger(__name__)

BELL = "shared.tasks.work"
TICK_LINE = "tick"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RINGS_PER_TICK = 500
PERMANENT = (NotAllowed, RuleBroken, ValidationError)
FIRST_RETRY_SECONDS = 30

F_ = TypeVar("F_", bound=Callable[..., None])


class Queue(StrEnum):
    """The queues, by kind of work."""

    NOW = "now"
    MAIL = "mail"
    REPORTS = "reports"
    BULK = "bulk"


@dataclass(frozen=True)
class Task:
    """A function that jobs may name."""

    name: str
    queue: str
    function: Callable[..., None]
    is_long: bool


_registry: dict[str, Task] = {}


def _register(name: str, queue: str, is_long: bool) -> Callable[[F_], F_]:
    def register(function: F_) -> F_:
        known = _registry.get(name)
        if known and known.function.__module__ != function.__module__:
            raise LookupError(f"Two jobs are named {name}")
        _registry[name] = Task(name, str(Queue(queue)), function, is_long)
        return function

    return register


def job(name: str, queue: str = Queue.NOW) -> Callable[[F_], F_]:
    """Register a short act: `function(**args)` runs in one transaction together with "done"."""
    return _register(name, queue, is_long=False)


def long_job(name: str, queue: str = Queue.BULK) -> Callable[[F_], F_]:
    """Register a long act: `function(claim, **args)` works with no transaction open, ends in `with claim.finish():`."""
    return _register(name, queue, is_long=True)


def find(name: str) -> Task:
    """The task registered under `name`. Raises `LookupError` when no app has it."""
    if name not in _registry:
        autodiscover_modules("tasks")
    if name not in _registry:
        raise LookupError(f"No job is named {name}")
    return _registry[name]


# ---------------------------------------------------------------- asking for work
def enqueue(task: str, *, queue: str = "", by: Any = None, **args: Any) -> Job:
    """Write the job in the caller's transaction and ring the broker after its commit.

    `args` are ids and plain JSON values; `queue` defaults to that of the task. A dead broker is logged, never raised:
    the tick rings again. Raises `LookupError` for an unknown task.
    """
    return enqueue_many(task, [args], queue=queue, by=by)[0]


def enqueue_many(task: str, rows: Iterable[Mapping[str, Any]], *, queue: str = "", by: Any = None) -> list[Job]:
    """One job for each mapping of arguments, written in one statement. See `enqueue`."""
    where, now = str(Queue(queue)) if queue else find(task).queue, timezone.now()
    by_id = getattr(by, "pk", None)
    jobs = [Job(task=task, args=dict(args), queue=where, by_id=by_id, rung_at=now) for args in rows]
    Job.objects.bulk_create(jobs, batch_size=500)
    for one in jobs:
        _ring_after_commit(one)
    return jobs


def _ring_after_commit(row: Job) -> None:
    def bell() -> None:  # a function, not a `partial`: Django logs a robust hook's failure by its __qualname__
        ring(row.pk, row.queue)

    transaction.on_commit(bell, robust=True)


def ring(job_id: uuid.UUID, queue: str) -> None:
    """Tell the workers of a queue that a job waits. Raises what the broker raises."""
    current_app.send_task(BELL, args=[str(job_id)], queue=queue)


# ---------------------------------------------------------------- doing it
@dataclass
class Claim:
    """One worker's hold on one job: it holds while the row still carries this number."""

    job_id: uuid.UUID
    number: int
    tries: int
    task: str
    args: dict[str, Any]
    is_lost: bool = False
    is_finished: bool = False

    def rows(self) -> QuerySet[Job]:
        """The job's row while this claim holds, else no row."""
        return Job.objects.filter(pk=self.job_id, claim=self.number, state=JobState.RUNNING)

    def progress(self, percent: int) -> None:
        """Write how far the work is, 0 to 100. Raises `Stale` when another worker has taken over."""
        if self.is_lost or not self.rows().update(progress=max(0, min(100, percent)), beat_at=timezone.now()):
            raise Stale("Another worker has taken this job over.")

    def beat(self) -> None:
        """Say that the worker lives."""
        self.is_lost = not self.rows().update(beat_at=timezone.now())

    @contextmanager
    def finish(self) -> Iterator[None]:
        """One transaction for the effect and "done". Raises `Stale`, and rolls back, when the claim no longer holds."""
        with transaction.atomic():
            yield
            now = timezone.now()
            if not self.rows().update(state=JobState.DONE, progress=100, done_at=now, beat_at=now, error=""):
                raise Stale("Another worker has taken this job over.")
        self.is_finished = True


def _ready(now: datetime) -> Q:
    return Q(state=JobState.QUEUED) & (Q(not_before__isnull=True) | Q(not_before__lte=now))


def take(job_id: uuid.UUID) -> Claim | None:
    """Claim a waiting job with the next number; None when it does not wait (any more, or yet)."""
    now = timezone.now()
    with transaction.atomic():
        changed = Job.objects.filter(_ready(now), pk=job_id).update(
            state=JobState.RUNNING, claim=F("claim") + 1, tries=F("tries") + 1, progress=0, beat_at=now
        )
        if not changed:
            return None
        row = Job.objects.get(pk=job_id)
    return Claim(row.pk, row.claim, row.tries, row.task, row.args)


def run(job_id: uuid.UUID) -> JobState | None:
    """Claim a job and do it; what the worker calls, and what tests call. Returns its state, None if not claimed."""
    claim = take(job_id)
    if claim is None:
        return None
    try:
        with _heart(claim):
            _perform(claim)
    except Exception as error:  # noqa: BLE001 - the worker's outermost edge: one job's fault must not stop the worker
        return _note_failure(claim, error)
    return JobState.DONE


def _perform(claim: Claim) -> None:
    task = find(claim.task)
    if not task.is_long:
        with claim.finish():
            task.function(**claim.args)
        return
    task.function(claim, **claim.args)
    if not claim.is_finished:
        raise RuntimeError("The long job ended without claim.finish()")


@contextmanager
def _heart(claim: Claim) -> Iterator[None]:
    stop = Event()
    thread = Thread(target=_keep_beating, args=(claim, stop), daemon=True, name=f"heart-{claim.job_id}")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_beating(claim: Claim, stop: Event) -> None:
    try:
        while not stop.wait(settings.JOB_HEARTBEAT_SECONDS) and not claim.is_lost:
            try:
                claim.beat()
            except DatabaseError as error:
                log.warning("heart-beat of job %s missed: %s", claim.job_id, type(error).__name__)
    finally:
        connections.close_all()


def _words(error: Exception) -> str:
    """Name of the error and where it arose; only our own errors tell their message, others may carry personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    said = str(error.message) if isinstance(error, DomainError) else ""
    return " ".join(part for part in (type(error).__name__, said, place) if part)[:500]


def _note_failure(claim: Claim, error: Exception) -> JobState | None:
    """Wait for the next try, longer each time; park after the last, or at once where a rule refused."""
    words = _words(error)
    log.error("job %s (%s) try %d: %s", claim.job_id, claim.task, claim.tries, words)
    log.info("%s", "".join(traceback.format_tb(error.__traceback__)))
    is_last = claim.tries >= settings.JOB_TRIES or isinstance(error, PERMANENT)
    state = JobState.FAILED if is_last else JobState.QUEUED
    now = timezone.now()
    wait = timedelta(seconds=FIRST_RETRY_SECONDS * 2 ** (claim.tries - 1))
    changed = claim.rows().update(
        state=state, error=words, not_before=None if is_last else now + wait, rung_at=None, beat_at=now
    )
    return state if changed else None


def retry(row: Job) -> bool:
    """Let a parked job wait again with all its tries; False when it was not parked (any more)."""
    changed = Job.objects.filter(pk=row.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, tries=0, progress=0, not_before=None, rung_at=timezone.now()
    )
    if changed:
        _ring_after_commit(row)
    return bool(changed)


# ---------------------------------------------------------------- the tick
def tick(lines: Sequence[Line], *, now: datetime) -> None:
    """Make the jobs that are owed, take back what lost its worker, ring for what waits. Safe twice and at once."""
    insert_due(lines, now=now)
    recover_lost(now=now)
    Job.objects.update_or_create(
        line=TICK_LINE,
        due_at=EPOCH,
        defaults={"task": "shared.tasks.tick", "state": JobState.DONE, "beat_at": now, "done_at": now},
    )
    ring_waiting(now=now)


def newest_by_line() -> dict[str, datetime]:
    rows = Job.objects.exclude(line="").order_by().values("line").annotate(newest=Max("due_at"))
    return dict(rows.values_list("line", "newest"))


def insert_due(lines: Sequence[Line], *, now: datetime) -> None:
    """Insert the jobs that are due by now; a second tick at the same time inserts nothing (unique by line and time)."""
    last = newest_by_line()
    zone = timezone.get_default_timezone()
    owed = []
    for line in lines:
        try:
            queue = find(line.task).queue
        except LookupError as error:
            log.error("line %s of the timetable: %s", line.name, error)
            continue
        times = missed(line, last=last.get(line.name), now=now, zone=zone)
        owed += [Job(task=line.task, queue=queue, line=line.name, due_at=due) for due in times]
    Job.objects.bulk_create(owed, ignore_conflicts=True)


def recover_lost(*, now: datetime) -> None:
    """Jobs whose worker's heart stopped wait again at once; after the last try they are parked."""
    lost = Job.objects.filter(
        state=JobState.RUNNING, beat_at__lt=now - timedelta(seconds=settings.JOB_LOST_AFTER_SECONDS)
    )
    said = "The worker stopped in the middle of it."
    lost.filter(tries__gte=settings.JOB_TRIES).update(state=JobState.FAILED, error=said)
    lost.filter(tries__lt=settings.JOB_TRIES).update(state=JobState.QUEUED, error=said, rung_at=None, not_before=None)


def ring_waiting(*, now: datetime) -> None:
    """Ring for what waits and was not rung for lately, longest unrung first. A dead broker ends it until the next."""
    quiet_since = now - timedelta(seconds=settings.JOB_RING_AGAIN_SECONDS)
    waiting = Job.objects.filter(_ready(now)).filter(Q(rung_at__isnull=True) | Q(rung_at__lt=quiet_since))
    rows = list(waiting.order_by(F("rung_at").asc(nulls_first=True)).values_list("pk", "queue")[:RINGS_PER_TICK])
    Job.objects.filter(pk__in=[pk for pk, _ in rows]).update(rung_at=now)
    for pk, queue in rows:
        ring(pk, queue)


def last_tick() -> datetime | None:
    """When the timetable ticked last; None when it never did."""
    return Job.objects.filter(line=TICK_LINE, due_at=EPOCH).values_list("beat_at", flat=True).first()


def sweep_rows(*, now: datetime) -> None:
    """Delete what was kept long enough: done jobs (each line keeps its newest), answers of idempotency keys."""
    old = Job.objects.filter(state=JobState.DONE, done_at__lt=now - timedelta(days=settings.JOB_KEEP_DAYS))
    for line, due in newest_by_line().items():
        old = old.exclude(line=line, due_at=due)
    old.delete()
    IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=settings.IDEMPOTENCY_KEEP_DAYS)).delete()
