"""What acts of lower floors bring about in reports."""

from uuid import UUID

from kmop.shared.slots import fills
from reports.services.erasing import forget_quotes


@fills("beneficiaries.feedback_deleted")
def feedback_deleted(*, feedback_id: UUID) -> None:
    """Its words leave the reports that quote it."""
    forget_quotes(feedback_id)
