"""Who may do what with organisations, their people, API clients and offers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ALLOWED, Verdict, refused, rule
from partners.choices import MembershipRole
from partners.models import Membership, Organisation, works_at_home

RUNS_THE_PORTAL = (PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER)


def roles_in(user: Any, organisation_id: int) -> frozenset[str]:
    """The user's roles in one organisation; all her memberships are read once per instance."""
    if not hasattr(user, "_roles_in"):
        held: dict[int, set[str]] = {}
        for where, role in Membership.objects.filter(user_id=user.pk).values_list("organisation_id", "role"):
            held.setdefault(where, set()).add(role)
        user._roles_in = held
    return frozenset(user._roles_in.get(organisation_id, ()))


def belongs_to(user: Any, organisation_id: int) -> bool:
    """Is the user a member of the organisation, whatever her role?"""
    return bool(roles_in(user, organisation_id))


@rule("partners.view_directory")
def may_view_directory(user: Any, obj: Any) -> Verdict:
    """Everybody signed in; each sees her part of it."""
    return ALLOWED


@rule("partners.view_organisation")
def may_view_organisation(user: Any, organisation: Organisation) -> Verdict:
    """As the directory shows."""
    if user.has_role(*RUNS_THE_PORTAL, PortalRole.DATA_PROTECTION_OFFICER) or works_at_home(user):
        return ALLOWED
    if organisation.is_home or belongs_to(user, organisation.pk):
        return ALLOWED
    return refused(_("You see your own organisation and KMOP."))


@rule("partners.create_organisation")
def may_create_organisation(user: Any, obj: Any) -> Verdict:
    """Portfolio managers and portal administrators."""
    if user.has_role(*RUNS_THE_PORTAL):
        return ALLOWED
    return refused(_("Only a portfolio manager adds organisations."))


@rule("partners.change_organisation")
def may_change_organisation(user: Any, organisation: Organisation) -> Verdict:
    """Its own administrators, and who runs the portal."""
    if user.has_role(*RUNS_THE_PORTAL) or MembershipRole.ADMINISTRATOR in roles_in(user, organisation.pk):
        return ALLOWED
    return refused(_("Only an administrator of the organisation changes its data."))


@rule("partners.manage_members")
def may_manage_members(user: Any, organisation: Organisation) -> Verdict:
    """Its own administrators, and who runs the portal."""
    return may_change_organisation(user, organisation)


@rule("partners.manage_api_clients")
def may_manage_api_clients(user: Any, organisation: Organisation | None) -> Verdict:
    """Its own administrators, and portal administrators. Without an organisation: whoever administers any."""
    if user.has_role(PortalRole.PORTAL_ADMINISTRATOR):
        return ALLOWED
    if organisation is None:
        administers = Membership.objects.filter(user_id=user.pk, role=MembershipRole.ADMINISTRATOR).exists()
    else:
        administers = MembershipRole.ADMINISTRATOR in roles_in(user, organisation.pk)
    return ALLOWED if administers else refused(_("Only a partner administrator makes and ends API clients."))


@rule("partners.make_offer")
def may_make_offer(user: Any, organisation: Organisation) -> Verdict:
    """The organisation's administrators and contributors."""
    if roles_in(user, organisation.pk) & {MembershipRole.ADMINISTRATOR, MembershipRole.CONTRIBUTOR}:
        return ALLOWED
    return refused(_("Only contributors and administrators of the organisation make offers."))
