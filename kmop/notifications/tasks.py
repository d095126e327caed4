"""Jobs of notices: the daily digest and the sending of each mail."""

from uuid import UUID

from django.utils import timezone

from kmop.notifications.services import digests
from kmop.shared.jobs import Claim, Queue, job, long_job


@job("notifications.tasks.build_digests", queue=Queue.MAIL)
def build_digests() -> None:
    """Daily: gather unread notices into one mail a person."""
    digests.build_digests(day=timezone.localdate(), now=timezone.now())


@long_job(digests.SEND, queue=Queue.MAIL)
def send_digest(claim: Claim, mail_id: str) -> None:
    """Send one digest."""
    digests.send_digest(mail_id=UUID(mail_id), claim=claim)
