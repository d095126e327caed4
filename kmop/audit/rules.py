"""Who may read the audit trail and tend the machine room."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kmop.shared.access import ALLOWED, Verdict, refused, rule

if TYPE_CHECKING:
    from kmop.accounts.models import User

ADMINISTRATOR = "portal_administrator"


def _administrator_only(user: "User") -> Verdict:
    if ADMINISTRATOR in user.portal_roles:
        return ALLOWED
    return refused(_("Only a portal administrator may do this."))


@rule("audit.read")
def may_read(user: "User", obj: Any) -> Verdict:
    """Portal administrators read the audit trail."""
    return _administrator_only(user)


@rule("audit.manage_jobs")
def may_manage_jobs(user: "User", obj: Any) -> Verdict:
    """Portal administrators see jobs and timetable, and try parked jobs again."""
    return _administrator_only(user)
