"""Acts on organisations and on who belongs to them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import bump, refuse_stale
from kmop.shared.text import fold
from partners.choices import Action, MembershipRole
from partners.models import Membership, Organisation, OrganisationCountry, OrganisationName
from partners.validators import countries_exist

CHANGEABLE = ("name", "names", "sector", "iati_type", "iati_identifier", "description", "website")


@transaction.atomic
def create_organisation(
    *, code: str, name: str, sector: str, by: User, countries: Sequence[str] = (), **facts: Any
) -> Organisation:
    """Enter an organisation. `facts` are among `CHANGEABLE`; `countries` are ISO 3166-1 alpha-2.

    Raises `NotAllowed`, `RuleBroken` (code "duplicate") for a code or IATI identifier in use, `ValidationError`.
    """
    require(by, "partners.create_organisation")
    if Organisation.objects.filter(code=code).exists():
        raise RuleBroken(_("There is an organisation with this code already."), "duplicate")
    countries_exist(countries)
    organisation = Organisation(code=code, name=name, sector=sector, **facts)
    _check(organisation)
    organisation.save()
    _set_countries(organisation, countries)
    remember_name(organisation, name)
    audit.record(by, Action.ORGANISATION_CREATED, organisation, code=code, sector=sector)
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    by: User,
    countries: Sequence[str] | None = None,
    expected_version: int | None = None,
    **changes: Any,
) -> Organisation:
    """Change facts among `CHANGEABLE`, and the countries where given.

    Raises `NotAllowed`, `RuleBroken` (code "duplicate") for an IATI identifier in use, `ValidationError`, `Stale`.
    """
    require(by, "partners.change_organisation", organisation)
    refuse_stale(organisation, expected_version)
    if countries is not None:
        countries_exist(countries)
    for field, value in changes.items():
        setattr(organisation, field, value)
    _check(organisation)
    bump(organisation, *changes, "search_text")
    if countries is not None:
        _set_countries(organisation, countries)
    if "name" in changes:
        remember_name(organisation, organisation.name)
    changed = sorted([*changes, *(["countries"] if countries is not None else [])])
    audit.record(by, Action.ORGANISATION_CHANGED, organisation, changed=changed)
    return organisation


def _check(organisation: Organisation) -> None:
    """What is acceptable, and the folded text for searching."""
    organisation.search_text = _searched(organisation)
    same = Organisation.objects.filter(iati_identifier=organisation.iati_identifier).exclude(pk=organisation.pk)
    if organisation.iati_identifier and same.exists():
        raise RuleBroken(_("Another organisation has this IATI identifier."), "duplicate")
    organisation.full_clean()


def _searched(organisation: Organisation) -> str:
    return fold(organisation.code, organisation.name, *organisation.names.values(), organisation.iati_identifier)


def _set_countries(organisation: Organisation, countries: Sequence[str]) -> None:
    organisation.countries.exclude(country__in=countries).delete()
    rows = [OrganisationCountry(organisation=organisation, country=code) for code in sorted(set(countries))]
    OrganisationCountry.objects.bulk_create(rows, ignore_conflicts=True)


def remember_name(organisation: Organisation, name: str) -> None:
    """Keep a name under which the organisation has been met, folded, for matching in imports."""
    OrganisationName.objects.get_or_create(organisation=organisation, folded=fold(name)[:500])


@transaction.atomic
def grant_membership(*, user: User, organisation: Organisation, role: MembershipRole, by: User) -> Membership:
    """Let a user belong to the organisation in this role; an earlier role is replaced. Raises `NotAllowed`."""
    require(by, "partners.manage_memberships", organisation)
    membership, _made = Membership.objects.update_or_create(
        user=user, organisation=organisation, defaults={"role": MembershipRole(role)}
    )
    audit.record(by, Action.MEMBERSHIP_GRANTED, membership, user=user.pk, organisation=organisation.pk, role=str(role))
    return membership


@transaction.atomic
def withdraw_membership(*, membership: Membership, by: User) -> None:
    """End a membership. Raises `NotAllowed`."""
    require(by, "partners.manage_memberships", membership.organisation)
    facts = {"user": membership.user_id, "organisation": membership.organisation_id}
    audit.record(by, Action.MEMBERSHIP_WITHDRAWN, membership, **facts)
    membership.delete()
