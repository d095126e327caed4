"""Signing in with a token: live, expired, revoked, from the wrong network; `/me/`; last use."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from kmop.accounts.models import User
from kmop.accounts.services.users import command_line
from partners.models import ApiClient
from partners.services.api_clients import replace_token, revoke_api_client
from projects.choices import PartnershipRole
from projects.models import Partnership, Project
from tests.api_client import Api, problem
from tests.factories_partners import member, organisation, token_of

pytestmark = pytest.mark.django_db


def test_a_token_is_kept_as_a_hash_only() -> None:
    token = token_of(organisation("A"))
    client = ApiClient.objects.get()
    assert token.startswith("kmop_")
    assert len(token) == 48
    assert token not in repr(client.__dict__)
    assert client.token_hint == token[:8]


def test_me_says_who_a_token_is() -> None:
    ours = organisation("A")
    seen = Project.objects.create(code="STR-25", titles={"en": "x"})
    Project.objects.create(code="STR-26", titles={"en": "y"})
    Partnership.objects.create(project=seen, organisation=ours, role=PartnershipRole.IMPLEMENTING)
    told = Api(token_of(ours, "updates:write", "projects:read")).get("me/").json()
    client = ApiClient.objects.get()
    assert told["client"]["id"] == client.pk
    assert told["organisation"] == {"id": ours.pk, "code": "A", "name": "Organisation A", "role": "partner_contributor"}
    assert told["scopes"] == ["projects:read", "updates:write"]
    assert told["projects"] == [{"id": seen.pk, "code": "STR-25"}]
    assert told["limits"] == {"requests_per_minute": 6000}
    assert told["user"]["kind"] == "service"


def test_me_knows_sessions_and_not_strangers() -> None:
    problem(Api().get("me/"), 401, "not_authenticated")
    api = Api()
    api.client.force_login(member("Bob", organisation("A")))
    told = api.get("me/?fields=user,client,scopes").json()
    assert sorted(told) == ["client", "scopes", "user"]
    assert (told["client"], told["user"]["name"], len(told["scopes"])) == (None, "Bob", 14)


@pytest.mark.parametrize("size", [1, 4])
def test_me_has_a_fixed_number_of_statements(django_assert_num_queries: Any, size: int) -> None:
    ours = organisation("A")
    api = Api(token_of(ours))
    api.get("me/")
    for number in range(size):
        project = Project.objects.create(code=f"P{number}", titles={"en": "x"})
        Partnership.objects.create(project=project, organisation=ours, role=PartnershipRole.IMPLEMENTING)
    with django_assert_num_queries(4):
        assert len(api.get("me/").json()["projects"]) == size


def test_an_expired_token_is_401() -> None:
    past = timezone.now() - timedelta(seconds=1)
    problem(Api(token_of(organisation("A"), expires_at=past)).get("me/"), 401, "bad_token")


def test_a_revoked_token_is_401_and_its_user_ends() -> None:
    token = token_of(organisation("A"))
    client = ApiClient.objects.get()
    revoke_api_client(client=client, by=command_line())
    problem(Api(token).get("me/"), 401, "bad_token")
    assert User.objects.get(pk=client.user_id).is_active is False


def test_a_replaced_token_ends_at_once() -> None:
    token = token_of(organisation("A"))
    fresh = replace_token(client=ApiClient.objects.get(), by=command_line())
    problem(Api(token).get("me/"), 401, "bad_token")
    assert Api(fresh).get("me/").status_code == 200


def test_a_token_of_an_inactive_organisation_is_401() -> None:
    ours = organisation("A")
    token = token_of(ours)
    ours.is_active = False
    ours.save(update_fields=["is_active"])
    problem(Api(token).get("me/"), 401, "bad_token")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "bearer nothing", "Bearer a b"])
def test_a_broken_header_is_401(header: str) -> None:
    problem(Api().get("me/", Authorization=header), 401, "bad_token")


def test_another_scheme_is_nobody() -> None:
    problem(Api().get("me/", Authorization="Basic abc"), 401, "not_authenticated")


def test_a_token_is_taken_from_its_networks_only() -> None:
    token = token_of(organisation("A"), networks=["192.0.2.0/24", "2001:db8::/32"])
    problem(Api(token).get("me/"), 403, "wrong_network")
    for address in ("192.0.2.7", "2001:db8::1"):
        answer = Api(token).client.get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}, REMOTE_ADDR=address)
        assert answer.status_code == 200


def test_only_trusted_proxies_name_the_address() -> None:
    token = token_of(organisation("A"), networks=["192.0.2.0/24"])
    hops = "192.0.2.7, 198.51.100.1"
    problem(Api(token).get("me/", X_Forwarded_For=hops), 403, "wrong_network")
    with override_settings(TRUSTED_PROXIES=1):
        problem(Api(token).get("me/", X_Forwarded_For=hops), 403, "wrong_network")
    with override_settings(TRUSTED_PROXIES=2):
        assert Api(token).get("me/", X_Forwarded_For=hops).status_code == 200


def test_last_use_is_noted_at_most_once_a_minute() -> None:
    token = token_of(organisation("A"))
    assert ApiClient.objects.get().last_used_at is None
    Api(token).get("me/")
    first = ApiClient.objects.get().last_used_at
    Api(token).get("me/")
    assert ApiClient.objects.get().last_used_at == first
    ApiClient.objects.update(last_used_at=first - timedelta(seconds=61))
    Api(token).get("me/")
    client = ApiClient.objects.get()
    assert client.last_used_at > first
    assert client.version == 1
