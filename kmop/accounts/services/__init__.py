"""Acts on users: invitation, portal-wide roles, deactivation, service accounts."""

from kmop.accounts.services.invitations import accept_invitation, find_invitation, invite, resend_invitation
from kmop.accounts.services.users import (
    change_language,
    deactivate,
    grant_role,
    reactivate,
    service_account,
    withdraw_role,
)

__all__ = [
    "accept_invitation",
    "change_language",
    "deactivate",
    "find_invitation",
    "grant_role",
    "invite",
    "reactivate",
    "resend_invitation",
    "service_account",
    "withdraw_role",
]
