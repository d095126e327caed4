"""Trying a parked job again."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.audit.choices import Action
from kmop.audit.services.entries import record
from kmop.shared import jobs
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import Job

if TYPE_CHECKING:
    from kmop.accounts.models import User


@transaction.atomic
def retry_job(*, job: Job, by: "User") -> None:
    """Let a parked job wait again with all its tries. Raises `NotAllowed`, and `RuleBroken` when it is not parked."""
    require(by, "audit.manage_jobs", job)
    if not jobs.retry(job):
        raise RuleBroken(_("Only a job that failed can be tried again."))
    record(by, Action.JOB_RETRIED, job, task=job.task)
