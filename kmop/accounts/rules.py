"""Who may manage users and portal-wide roles."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ALLOWED, Verdict, refused, rule


@rule("accounts.manage_users")
def may_manage_users(user: Any, obj: Any) -> Verdict:
    """Portal administrators."""
    if user.has_role(PortalRole.PORTAL_ADMINISTRATOR):
        return ALLOWED
    return refused(_("Only a portal administrator manages users and roles."))
