"""Jobs of voices: telling who lets people wait."""

from django.utils import timezone

from beneficiaries.services.overdue import escalate_overdue
from kmop.accounts.services import service_account
from kmop.shared.jobs import job

TIMETABLE = "timetable"


@job("beneficiaries.tasks.overdue_feedback")
def overdue_feedback() -> None:
    """Daily: escalate messages that were not answered within the promised days."""
    escalate_overdue(day=timezone.localdate(), by=service_account(TIMETABLE))
