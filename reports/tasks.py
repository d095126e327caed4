"""Jobs of reports: making one, erasing a voice from them, asking for those that are due; and the order worst first."""

from uuid import UUID

from django.utils import timezone

from kmop.shared.jobs import Claim, Queue, job, long_job
from reports.services import erasing, runs, schedules, standings


@long_job(runs.MAKE, queue=Queue.REPORTS)
def make_run(claim: Claim, run_id: str) -> None:
    """Make one report."""
    runs.make_run(run_id=UUID(run_id), claim=claim)


@long_job(erasing.ERASE, queue=Queue.REPORTS)
def erase_quotes(claim: Claim, feedback_id: str) -> None:
    """Take an erased message's words out of the reports that quote it."""
    erasing.erase_quotes(feedback_id=UUID(feedback_id), claim=claim)


@job("reports.tasks.run_schedules", queue=Queue.REPORTS)
def run_schedules() -> None:
    """Hourly: ask for the reports whose schedule says that they are due."""
    schedules.run_schedules(day=timezone.localdate())


@long_job("reports.tasks.refresh_standings", queue=Queue.BULK)
def refresh_standings(claim: Claim) -> None:
    """Every ten minutes: work out which projects need a look first, where something changed or a day began."""
    standings.refresh_standings(day=timezone.localdate())
    with claim.finish():
        return
