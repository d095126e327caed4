"""Acts on API clients. A token is shown once and kept as a hash; it is random enough to need no slow hash."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import UserKind
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import bump
from partners.choices import Action, MembershipRole
from partners.models import ApiClient, Membership, Organisation
from partners.validators import networks_are_readable, scopes_exist

PREFIX = "kmop_"
HINT_LENGTH = 8


def hash_of(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """A token with 256 bits of chance."""
    return PREFIX + secrets.token_urlsafe(32)


def client_of_token(token: str, now: datetime) -> ApiClient | None:
    """The live client that holds this token, with its user and organisation; None for any other text."""
    live = ApiClient.objects.live_at(now).filter(user__is_active=True, organisation__is_active=True)
    found: ApiClient | None = live.filter(token_hash=hash_of(token)).select_related("user", "organisation").first()
    return found


def note_use(*, client: ApiClient, now: datetime) -> None:
    """Note that the client was here; changes neither its version nor the audit trail."""
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)


@transaction.atomic
def create_api_client(
    *,
    organisation: Organisation,
    name: str,
    scopes: Sequence[str],
    by: User,
    expires_at: datetime | None = None,
    networks: Sequence[str] = (),
) -> tuple[ApiClient, str]:
    """Make a client that acts as its own service user, a contributor of its organisation. Returns it and its token.

    `scopes` are members of `Scope`, `networks` texts such as "192.0.2.0/24" (none: from everywhere).
    Raises `NotAllowed`, `ValidationError` (scopes, networks, name), `RuleBroken` (code "duplicate") for a name in use.
    """
    require(by, "partners.manage_api_clients", organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.api_clients.filter(name=name).exists():
        raise RuleBroken(_("This organisation has a client of that name already."), "duplicate")
    scopes_exist(scopes)
    networks_are_readable(networks)
    token = new_token()
    client = ApiClient(
        organisation=organisation,
        user=_service_user(organisation, name),
        name=name,
        token_hash=hash_of(token),
        token_hint=token[: len(PREFIX) + 3][-HINT_LENGTH:],
        scopes=sorted(set(scopes)),
        networks=list(networks),
        expires_at=expires_at,
    )
    client.full_clean()
    client.save()
    audit.record(by, Action.API_CLIENT_CREATED, client, organisation=organisation.pk, scopes=client.scopes)
    return client, token


def _service_user(organisation: Organisation, name: str) -> User:
    user = User.objects.create_user(
        f"client-{secrets.token_hex(8)}@service.invalid",
        name=f"{organisation.code}: {name}"[:200],
        kind=UserKind.SERVICE,
    )
    Membership.objects.create(user=user, organisation=organisation, role=MembershipRole.CONTRIBUTOR)
    return user


@transaction.atomic
def replace_token(*, client: ApiClient, by: User) -> str:
    """Give the client another token; the one before ends at once. Raises `RuleBroken` for a revoked client."""
    require(by, "partners.manage_api_clients", client.organisation)
    client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client.pk)
    _must_live(client)
    token = new_token()
    client.token_hash = hash_of(token)
    client.token_hint = token[: len(PREFIX) + 3][-HINT_LENGTH:]
    bump(client, "token_hash", "token_hint")
    audit.record(by, Action.API_CLIENT_TOKEN_REPLACED, client, organisation=client.organisation_id)
    return token


@transaction.atomic
def revoke_api_client(*, client: ApiClient, by: User) -> ApiClient:
    """End the client and its service user for good. Raises `RuleBroken` where that has been done."""
    require(by, "partners.manage_api_clients", client.organisation)
    client = ApiClient.objects.select_for_update(of=("self",)).select_related("user").get(pk=client.pk)
    _must_live(client)
    client.revoked_at = timezone.now()
    bump(client, "revoked_at")
    User.objects.filter(pk=client.user_id).update(is_active=False)
    audit.record(by, Action.API_CLIENT_REVOKED, client, organisation=client.organisation_id)
    return client


def _must_live(client: ApiClient) -> None:
    if client.revoked_at is not None:
        raise RuleBroken(_("This client has been revoked already."), "revoked")
