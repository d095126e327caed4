"""Who may read notices and mails."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kmop.shared.access import ALLOWED, Verdict, refused, rule

if TYPE_CHECKING:
    from kmop.accounts.models import User

ADMINISTRATOR = "portal_administrator"


@rule("notifications.read")
def may_read_notices(user: "User", obj: Any) -> Verdict:
    """Everybody reads their own notices; whose they are is narrowed by `visible_to`."""
    if obj is not None and obj.user_id != user.pk:
        return refused(_("This notice is somebody else's."))
    return ALLOWED


@rule("notifications.read_mails")
def may_read_mails(user: "User", obj: Any) -> Verdict:
    """Portal administrators read the folder of mails."""
    if ADMINISTRATOR in user.portal_roles:
        return ALLOWED
    return refused(_("Only a portal administrator may do this."))
