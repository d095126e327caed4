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


@rule("accounts.invite")
def may_invite(user: Any, obj: Any) -> Verdict:
    """Whoever is signed in as a person or acts for the portal; which role goes with it is asked where it is given."""
    return ALLOWED


@rule("accounts.see_styleguide")
def may_see_styleguide(user: Any, obj: Any) -> Verdict:
    """Anybody with a portal-wide role."""
    return ALLOWED if user.portal_roles else refused(_("The style guide is for staff."))
