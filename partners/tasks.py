"""Jobs of partners: offers end with their last day."""

from django.utils import timezone

from kmop.accounts.services import service_account
from kmop.shared.jobs import job
from partners.services.offers import expire_offers as expire

TIMETABLE = "timetable"


@job("partners.tasks.expire_offers")
def expire_offers() -> None:
    """Daily: let open offers expire whose last day is over."""
    expire(day=timezone.localdate(), by=service_account(TIMETABLE))
