"""Jobs of projects: opening periods, reminding, comparing the totals with a second computation."""

from django.utils import timezone

from kmop.accounts.services.users import service_account
from kmop.shared.jobs import Claim, Queue, job, long_job
from projects.interop import runs
from projects.services import alarm, periods, recomputation

TIMETABLE = "timetable"


@job("projects.tasks.open_periods")
def open_periods() -> None:
    """Daily: open the periods that begin and write down what is owed."""
    periods.open_periods(day=timezone.localdate(), by=service_account(TIMETABLE))


@job("projects.tasks.remind")
def remind() -> None:
    """Daily: remind partners of what is due."""
    periods.remind(day=timezone.localdate())


@long_job("projects.tasks.recompute_check", queue=Queue.BULK)
def recompute_check(claim: Claim) -> None:
    """Nightly: compute every total again by another way, and raise an alarm where they differ."""
    found = alarm.gather(recomputation.Differing())
    with claim.finish():
        alarm.raise_alarm(found, day=timezone.localdate())


@long_job("projects.tasks.read_import", queue=Queue.BULK)
def read_import(claim: Claim, *, run: str) -> None:
    """Read an uploaded file for its preview."""
    runs.read_run(claim, run_id=run)


@long_job("projects.tasks.write_import", queue=Queue.BULK)
def write_import(claim: Claim, *, run: str) -> None:
    """Take in a file that somebody confirmed."""
    runs.write_run(claim, run_id=run)
