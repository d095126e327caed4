"""Acts on API clients."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kmop.accounts.choices import PortalRole
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken
from partners.choices import MembershipRole
from partners.models import ApiClient, Membership
from partners.services.api_clients import client_of_token, create_api_client, replace_token, revoke_api_client
from tests.factories_partners import alice, member, organisation

pytestmark = pytest.mark.django_db


def test_an_administrator_makes_a_client_that_acts_as_its_own_contributor() -> None:
    ours = organisation("A")
    admin = member("Anna", ours, MembershipRole.ADMINISTRATOR)
    client, token = create_api_client(
        organisation=ours, name="MIS", scopes=["offers:read", "offers:read", "updates:write"], by=admin
    )
    assert client.scopes == ["offers:read", "updates:write"]
    assert client.user.is_service
    assert not client.user.has_usable_password()
    assert [row.role for row in Membership.objects.filter(user=client.user)] == ["partner_contributor"]
    assert client_of_token(token, timezone.now()) == client
    entry = Entry.objects.get(action="api_client.created")
    assert token not in entry.content


@pytest.mark.parametrize("role", [MembershipRole.CONTRIBUTOR, MembershipRole.VIEWER])
def test_others_of_the_organisation_make_none(role: MembershipRole) -> None:
    ours = organisation("A")
    with pytest.raises(NotAllowed):
        create_api_client(organisation=ours, name="MIS", scopes=["offers:read"], by=member("Bob", ours, role))


def test_an_administrator_of_another_organisation_makes_none() -> None:
    carol = member("Carol", organisation("B"), MembershipRole.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        create_api_client(organisation=organisation("A"), name="MIS", scopes=["offers:read"], by=carol)


def test_a_client_makes_no_clients() -> None:
    ours = organisation("A")
    admin = member("Anna", ours, MembershipRole.ADMINISTRATOR)
    client, _token = create_api_client(organisation=ours, name="MIS", scopes=["offers:read"], by=admin)
    Membership.objects.filter(user=client.user).update(role=MembershipRole.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        create_api_client(organisation=ours, name="MIS 2", scopes=["offers:read"], by=client.user)


@pytest.mark.parametrize(
    "scopes, networks, field", [([], [], "scopes"), (["all"], [], "scopes"), (["offers:read"], ["x"], "networks")]
)
def test_unfit_scopes_and_networks_are_refused(scopes: list[str], networks: list[str], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_api_client(
            organisation=organisation("A"),
            name="MIS",
            scopes=scopes,
            networks=networks,
            by=alice(PortalRole.PORTAL_ADMINISTRATOR),
        )
    assert list(refused.value.message_dict) == [field]
    assert ApiClient.objects.count() == 0


def test_what_is_revoked_stays_so() -> None:
    by = alice(PortalRole.PORTAL_ADMINISTRATOR)
    client, _token = create_api_client(organisation=organisation("A"), name="MIS", scopes=["offers:read"], by=by)
    revoke_api_client(client=client, by=by)
    for act in (revoke_api_client, replace_token):
        with pytest.raises(RuleBroken) as refused:
            act(client=client, by=by)
        assert refused.value.code == "revoked"
    assert [entry.action for entry in Entry.objects.filter(action__startswith="api_client.").order_by("position")] == [
        "api_client.created",
        "api_client.revoked",
    ]
