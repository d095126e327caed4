"""Celery entry points of the basement: the bell, the tick, and the nightly sweep."""

from uuid import UUID

from celery import current_app, shared_task
from django.core.management import call_command
from django.utils import timezone

from kmop.shared import files, jobs
from kmop.shared.jobs import Claim, Queue, long_job


@shared_task(name=jobs.BELL)
def work(job_id: str) -> None:
    """A bell rang: do this job if it still waits."""
    jobs.run(UUID(job_id))


@shared_task(name="shared.tasks.tick")
def tick() -> None:
    """Once a minute: make what the timetable owes and wake what waits."""
    jobs.tick(current_app.conf.timetable, now=timezone.now())


@long_job("shared.tasks.sweep", queue=Queue.BULK)
def sweep(claim: Claim) -> None:
    """Nightly: clear away what is old and what nothing points to."""
    now = timezone.now()
    call_command("clearsessions")
    claim.progress(20)
    files.sweep_orphans(now=now)
    claim.progress(60)
    files.sweep_bells(now=now)
    files.sweep_mails(now=now)
    with claim.finish():
        jobs.sweep_rows(now=now)
