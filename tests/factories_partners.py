"""Organisations, their people, API clients and offers for tests. Alice coordinates at KMOP, Bob is of A, Carol of B."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import RoleGrant, User
from kmop.accounts.services.users import command_line
from kmop.shared.text import fold
from partners.choices import MembershipRole, OfferState, Sector
from partners.models import Membership, Offer, Organisation
from partners.services.api_clients import create_api_client

_numbers = count(1)


def organisation(code: str = "", **facts: Any) -> Organisation:
    """An organisation."""
    code = code or f"ORG{next(_numbers)}"
    values = {"name": f"Organisation {code}", "sector": Sector.CIVIL_SOCIETY, **facts}
    made, _new = Organisation.objects.get_or_create(
        code=code, defaults={**values, "search_text": fold(code, values["name"])}
    )
    return made


def member(name: str, of: Organisation, role: MembershipRole = MembershipRole.CONTRIBUTOR) -> User:
    """A person who belongs to an organisation."""
    user = User.objects.create_user(f"{name.lower()}{next(_numbers)}@example.org", name=name)
    Membership.objects.create(user=user, organisation=of, role=role)
    return user


def alice(*roles: PortalRole) -> User:
    """KMOP's coordinator: works at home, a portfolio manager unless other roles are named."""
    user = member("Alice", organisation("KMOP"))
    for role in roles or (PortalRole.PORTFOLIO_MANAGER,):
        RoleGrant.objects.create(user=user, role=role)
    return user


def token_of(of: Organisation, *scopes: str, networks: Sequence[str] = (), **facts: Any) -> str:
    """The token of a new API client."""
    scopes = scopes or ("offers:write", "projects:write")
    by = command_line()
    name = f"client {next(_numbers)}"
    return create_api_client(organisation=of, name=name, scopes=scopes, networks=networks, by=by, **facts)[1]


def offer(of: Organisation, title: str = "Beds", **facts: Any) -> Offer:
    """An offer; a draft unless another state is named."""
    return Offer.objects.create(
        organisation=of, title=title, search_text=fold(title), **{"state": OfferState.DRAFT, **facts}
    )
