"""Who may do what to organisations, their API clients and their offers."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ALLOWED, Verdict, refused, rule
from partners.choices import MembershipRole

WRITERS = (MembershipRole.ADMINISTRATOR, MembershipRole.CONTRIBUTOR)


def has_membership(user: Any, organisation_id: int, *roles: MembershipRole) -> bool:
    """Does the user hold one of these roles in that organisation?"""
    return bool(user.memberships.filter(organisation_id=organisation_id, role__in=roles).exists())


def works_at_home(user: Any) -> bool:
    """Does this user belong to the organisation that runs the portal? Read once per instance."""
    if not hasattr(user, "_works_at_home"):
        user._works_at_home = user.memberships.filter(organisation__code=settings.HOME_ORGANISATION).exists()
    return bool(user._works_at_home)


@rule("partners.create_organisation")
def may_create_organisation(user: Any, obj: Any) -> Verdict:
    """Portfolio managers and portal administrators."""
    if user.has_role(PortalRole.PORTFOLIO_MANAGER, PortalRole.PORTAL_ADMINISTRATOR):
        return ALLOWED
    return refused(_("Only a portfolio manager enters a new organisation."))


@rule("partners.change_organisation")
def may_change_organisation(user: Any, organisation: Any) -> Verdict:
    """Its own administrators and contributors, and KMOP's portfolio managers."""
    if user.has_role(PortalRole.PORTFOLIO_MANAGER) or has_membership(user, organisation.pk, *WRITERS):
        return ALLOWED
    return refused(_("Only people of this organisation who may write, and portfolio managers, change it."))


@rule("partners.manage_memberships")
def may_manage_memberships(user: Any, organisation: Any) -> Verdict:
    """Its own administrators and portal administrators."""
    return _administers(user, organisation.pk)


@rule("partners.see_members")
def may_see_members(user: Any, organisation: Any) -> Verdict:
    """The organisation's own people and KMOP's staff."""
    if user.portal_roles or works_at_home(user) or has_membership(user, organisation.pk, *MembershipRole):
        return ALLOWED
    return refused(_("Who works for an organisation is seen by its own people and by KMOP's staff."))


@rule("partners.manage_api_clients")
def may_manage_api_clients(user: Any, organisation: Any) -> Verdict:
    """The organisation's administrators and portal administrators; never a client itself."""
    if user.is_service and not user.portal_roles:
        return refused(_("An API client can't make or end API clients."))
    return _administers(user, organisation.pk)


def _administers(user: Any, organisation_id: int) -> Verdict:
    if user.has_role(PortalRole.PORTAL_ADMINISTRATOR):
        return ALLOWED
    if has_membership(user, organisation_id, MembershipRole.ADMINISTRATOR):
        return ALLOWED
    return refused(_("Only an administrator of this organisation may do this."))


@rule("partners.create_offer")
def may_create_offer(user: Any, organisation: Any) -> Verdict:
    """People of the organisation who may write."""
    if has_membership(user, organisation.pk, *WRITERS):
        return ALLOWED
    return refused(_("Only people of this organisation who may write can offer something in its name."))


@rule("partners.change_offer")
def may_change_offer(user: Any, offer: Any) -> Verdict:
    """People of the offering organisation who may write."""
    if has_membership(user, offer.organisation_id, *WRITERS):
        return ALLOWED
    return refused(_("Only people of the organisation that made this offer may change it."))


@rule("partners.expire_offers")
def may_expire_offers(user: Any, obj: Any) -> Verdict:
    """The timetable's service account."""
    return ALLOWED if user.is_service else refused(_("The timetable does this by itself."))


@rule("partners.see_staff_pages")
def may_see_staff_pages(user: Any, obj: Any) -> Verdict:
    """KMOP's own people and whoever holds a portal-wide role."""
    if user.portal_roles or works_at_home(user):
        return ALLOWED
    return refused(_("This page is for KMOP's staff."))
