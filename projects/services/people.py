"""Giving and taking any role of the portal: for all of it, in an organisation, in a project or a country."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.accounts.services import grant_role, withdraw_role
from partners.choices import MembershipRole
from partners.models import Membership, Organisation
from partners.services.organisations import grant_membership, withdraw_membership
from projects.choices import ProjectRoleName
from projects.models import Project, ProjectRole
from projects.services.projects import grant_project_role, withdraw_project_role

ROLES = (*PortalRole.values, *MembershipRole.values, *ProjectRoleName.values)


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    organisation: Organisation | None = None,
    project: Project | None = None,
    country: str = "",
    by: User,
) -> None:
    """Give one of `ROLES`; an organisation also with another role makes a viewer of it.

    Raises `ValidationError` (organisation, project) where a role needs one and none is named, and `NotAllowed`.
    """
    _check(role, organisation, project, country)
    if role in PortalRole.values:
        grant_role(user=user, role=PortalRole(role), by=by)
    if organisation is not None:
        member = MembershipRole(role) if role in MembershipRole.values else MembershipRole.VIEWER
        grant_membership(user=user, organisation=organisation, role=member, by=by)
    if role in ProjectRoleName.values:
        reach = "" if project else country.upper()
        grant_project_role(user=user, role=ProjectRoleName(role), project=project, country=reach, by=by)


@transaction.atomic
def take_role(
    *,
    user: User,
    role: str,
    organisation: Organisation | None = None,
    project: Project | None = None,
    country: str = "",
    by: User,
) -> None:
    """Take a role away; one that is not held changes nothing. Raises as `give_role`, and `RuleBroken`."""
    _check(role, organisation, project, country)
    if role in PortalRole.values:
        withdraw_role(user=user, role=PortalRole(role), by=by)
    if role in MembershipRole.values:
        for membership in Membership.objects.filter(user=user, organisation=organisation, role=role):
            withdraw_membership(membership=membership, by=by)
    if role in ProjectRoleName.values:
        reach = "" if project else country.upper()
        for held in ProjectRole.objects.filter(user=user, role=role, project=project, country=reach):
            withdraw_project_role(role=held, by=by)


def _check(role: str, organisation: Organisation | None, project: Project | None, country: str) -> None:
    if role in MembershipRole.values and organisation is None:
        raise ValidationError({"organisation": [_("This role belongs to an organisation: name it.")]})
    if role in ProjectRoleName.values and project is None and not country:
        raise ValidationError({"project": [_("This role belongs to a project or a country: name it.")]})
