"""Jobs of accounts."""

from uuid import UUID

from kmop.accounts.services import invitations
from kmop.shared.jobs import Claim, Queue, long_job


@long_job(invitations.SEND, queue=Queue.MAIL)
def send_invitation(claim: Claim, invitation_id: str) -> None:
    """Send one invitation."""
    invitations.send_invitation(invitation_id=UUID(invitation_id), claim=claim)
