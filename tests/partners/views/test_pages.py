"""Pages of organisations, members, API clients and offers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.accounts.services.users import command_line
from kmop.shared.text import fold
from partners.choices import MembershipRole, OfferState, Sector
from partners.models import ApiClient, Membership, Offer, Organisation
from partners.services.api_clients import client_of_token, create_api_client, revoke_api_client
from tests.factories import (
    Cast,
    make_cast,
    make_client,
    make_member,
    make_organisation,
    make_place,
    make_role,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Bob administers A, Erin contributes; Carol administers B."""
    found = make_cast()
    Membership.objects.filter(user__in=[found.bob, found.carol]).update(role=MembershipRole.ADMINISTRATOR)
    make_member(make_user("Erin"), found.a)
    return found


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def erin() -> User:
    return User.objects.get(name="Erin")


def first_cells(client: Client, path: str, **query: str) -> list[str]:
    return [str(row.cells[0].value) for row in client.get(path, query).context["rows"]]


# Path, what makes one row in organisation A, and how many statements Bob's page takes.
LISTS: dict[str, tuple[Callable[[Organisation, int], Any], int]] = {
    "members/": (lambda a, number: make_member(make_user(f"M{number}"), a), 14),
    "api-clients/": (lambda a, number: make_client(a, f"system {number}"), 12),
    "offers/": (lambda a, number: Offer.objects.create(organisation=a, title=f"Beds {number}"), 14),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_list_of_an_organisation_is_its_own(
    cast: Cast, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make, statements = LISTS[path]
    client, address = as_user(cast.bob), f"/partners/{cast.a.pk}/{path}"
    make(cast.a, 0)
    client.get(address)
    for more in (0, 3):
        for number in range(more):
            make(cast.a, number + 1)
        with django_assert_num_queries(statements):
            assert client.get(address).status_code == 200
    assert as_user(cast.carol).get(address).status_code == 404
    assert as_user(cast.carol).get(f"/partners/{cast.b.pk}/{path}").status_code == 200
    rows = b"".join(client.get(address, {"format": "csv"}).streaming_content).decode().splitlines()
    assert len(rows) == client.get(address).context["page_obj"].paginator.count + 1


def test_the_directory(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_organisation("GOV", sector=Sector.GOVERNMENT, search_text=fold("Δήμος")).countries.create(country="GR")
    client = as_user(cast.alice)
    assert first_cells(client, "/partners/") == [f"Organisation {code}" for code in ("A", "B", "GOV", "KMOP")]
    assert first_cells(client, "/partners/", sector="government") == ["Organisation GOV"]
    assert first_cells(client, "/partners/", country="GR") == ["Organisation GOV"]
    assert first_cells(client, "/partners/", search="Δήμος") == ["Organisation GOV"]
    assert first_cells(as_user(cast.carol), "/partners/") == ["Organisation B", "Organisation KMOP"]
    assert as_user(cast.carol).get("/partners/").context["acts"][1]["refused"] != ""
    client.get("/partners/")
    for more in (0, 3):
        for number in range(more):
            make_organisation(f"N{number}").countries.create(country="GR")
        with django_assert_num_queries(13):
            client.get("/partners/")


def test_an_organisation_is_entered_and_changed(cast: Cast) -> None:
    boss = as_user(make_user("Peter", PortalRole.PORTFOLIO_MANAGER))
    said = {"code": "NEW", "name": "New one", "names_el": "Νέα", "sector": "academia", "countries": ["GR"]}
    assert boss.get("/partners/new/").status_code == 200
    assert boss.post("/partners/new/", {**said, "website": "no address"}).status_code == 422
    answer = boss.post("/partners/new/", said)
    made = Organisation.objects.get(code="NEW")
    assert answer["Location"] == f"/partners/{made.pk}/"
    assert (made.names, [one.country for one in made.countries.all()]) == ({"el": "Νέα"}, ["GR"])
    assert boss.post("/partners/new/", said).status_code == 422
    assert as_user(cast.bob).get("/partners/new/").status_code == 403
    path = f"/partners/{cast.a.pk}/change/"
    assert 'value="Organisation A"' in as_user(cast.bob).get(path).content.decode()
    changed = {"code": "HACK", "name": "Alpha", "sector": "community", "description": "We help."}
    assert as_user(cast.bob).post(path, changed).status_code == 302
    cast.a.refresh_from_db()
    assert (cast.a.code, cast.a.name, cast.a.sector) == ("A", "Alpha", "community")
    assert as_user(cast.alice).get(path).status_code == 403
    assert as_user(cast.carol).post(path, changed).status_code == 404


def test_members_come_change_and_go(cast: Cast) -> None:
    client, path = as_user(cast.bob), f"/partners/{cast.a.pk}/members/"
    assert client.get(f"{path}new/").status_code == 200
    assert client.post(f"{path}new/", {"email": "dora@example.org", "role": "partner_viewer"}).status_code == 302
    assert client.post(f"{path}new/", {"email": "who@example.org", "role": "partner_viewer"}).status_code == 422
    row = Membership.objects.get(user=cast.dora)
    assert (row.role, first_cells(client, path, search="dora")) == ("partner_viewer", ["Dora"])
    assert client.get(f"{path}{row.pk}/").context["heading"] == "Dora"
    assert client.post(f"{path}{row.pk}/", {"role": "partner_contributor", "email": "x@example.org"}).status_code == 302
    row.refresh_from_db()
    assert (row.role, row.user) == ("partner_contributor", cast.dora)
    assert client.post(f"{path}{row.pk}/withdraw/").status_code == 302
    assert Membership.objects.filter(user=cast.dora).count() == 0
    own = Membership.objects.get(user=cast.bob)
    colleague = as_user(erin())
    assert (colleague.get(path).status_code, [row.url for row in colleague.get(path).context["rows"]]) == (
        200,
        ["", ""],
    )
    assert colleague.post(f"{path}{own.pk}/withdraw/").status_code == 403
    assert as_user(cast.carol).post(f"/partners/{cast.b.pk}/members/{own.pk}/withdraw/").status_code == 404
    assert as_user(cast.carol).get(f"/partners/{cast.kmop.pk}/members/").status_code == 403


def test_a_client_is_made_and_its_token_shown_once(cast: Cast) -> None:
    client, path = as_user(cast.bob), f"/partners/{cast.a.pk}/api-clients/"
    assert client.get(f"{path}new/").status_code == 200
    last = timezone.localdate() + timedelta(days=30)
    said = {"name": "Cases", "scopes": ["updates:write"], "expires_on": last.isoformat(), "networks": "192.0.2.0/24"}
    for wrong in ({"networks": "nowhere"}, {"expires_on": "2020-01-01"}, {"scopes": []}):
        assert client.post(f"{path}new/", {**said, **wrong}).status_code == 422
    answer = client.post(f"{path}new/", said)
    token = answer.context["token"]
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.content.decode().count(token) == 2
    made = client_of_token(token, timezone.now())
    assert made is not None
    assert (made.name, made.networks, made.scopes) == ("Cases", ["192.0.2.0/24"], ["updates:write"])
    assert client.post(f"{path}new/", said).status_code == 422
    assert token not in client.get(f"{path}{made.pk}/").content.decode()
    assert token not in client.get(path).content.decode()
    another = client.post(f"{path}{made.pk}/token/").context["token"]
    assert client_of_token(token, timezone.now()) is None
    assert client_of_token(another, timezone.now()) == made
    assert client.post(f"{path}{made.pk}/revoke/").status_code == 302
    assert client_of_token(another, timezone.now()) is None
    assert "Revoked" in client.get(path).content.decode()
    assert client.post(f"{path}{made.pk}/token/").status_code == 302


def test_clients_are_for_administrators(cast: Cast) -> None:
    by = command_line()
    made, _token = create_api_client(organisation=cast.a, name="Cases", scopes=["offers:write"], by=by)
    ApiClient.objects.filter(pk=made.pk).update(expires_at=timezone.now() - timedelta(days=1))
    path = f"/partners/{cast.a.pk}/api-clients/"
    assert "Expired" in as_user(cast.bob).get(path).content.decode()
    for user in (erin(), cast.alice):
        for address in (path, f"{path}new/", f"{path}{made.pk}/"):
            assert as_user(user).get(address).status_code == 403
        assert as_user(user).post(f"{path}{made.pk}/revoke/").status_code == 403
    assert as_user(cast.carol).get(f"/partners/{cast.b.pk}/api-clients/{made.pk}/").status_code == 404
    admin = as_user(make_user("Ada", PortalRole.PORTAL_ADMINISTRATOR))
    assert first_cells(admin, path) == ["Cases"]
    revoke_api_client(client=made, by=by)
    assert admin.get(f"{path}{made.pk}/").context["badge"].word == "Revoked"


def test_offers_are_made_changed_and_withdrawn(cast: Cast) -> None:
    client, path = as_user(erin()), f"/partners/{cast.a.pk}/offers/"
    assert client.get(f"{path}new/").status_code == 200
    assert client.post(f"{path}new/", {"title": "Beds", "state": "open"}).status_code == 422
    place = make_place("GR-I")
    said = {
        "title": "Beds",
        "kind": "places",
        "quantity": "12",
        "unit": "beds",
        "state": "open",
        "places": [str(place.pk)],
    }
    answer = client.post(f"{path}new/", said)
    offer = Offer.objects.get()
    address = f"/partners/offers/{offer.pk}/"
    assert (answer["Location"], offer.state, list(offer.places.all())) == (address, "open", [place])
    assert client.get(address).context["data"][1]["text"] == "12 beds"
    assert client.get(f"{address}change/").status_code == 200
    assert client.post(f"{address}change/", {**said, "quantity": "8", "unit": ""}).status_code == 422
    assert client.post(f"{address}change/", {**said, "quantity": "8"}).status_code == 302
    assert client.post(f"{address}withdraw/").status_code == 302
    offer.refresh_from_db()
    assert (offer.quantity, offer.state) == (8, "withdrawn")
    assert client.get(f"{address}change/").context["form"].initial["state"] == OfferState.DRAFT
    assert as_user(cast.alice).get(address).context["refused"] != ""
    assert as_user(cast.alice).post(f"{address}withdraw/").status_code == 403
    for user in (cast.carol, cast.dora):
        assert as_user(user).get(address).status_code == 404
    assert as_user(cast.alice).get(f"/partners/{cast.a.pk}/offers/new/").status_code == 403


def test_all_offers_in_one_list(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Offer.objects.create(organisation=cast.a, title="Beds", kind="places", state=OfferState.OPEN, search_text="beds")
    Offer.objects.create(organisation=cast.b, title="Draft")
    client = as_user(cast.alice)
    assert first_cells(client, "/partners/offers/") == ["Beds"]
    assert first_cells(client, "/partners/offers/", kind="goods") == []
    assert first_cells(client, "/partners/offers/", search="BEDS") == ["Beds"]
    assert first_cells(as_user(cast.carol), "/partners/offers/") == ["Draft"]
    for more in (0, 3):
        for number in range(more):
            made = Offer.objects.create(organisation=cast.a, title=f"B{number}", state=OfferState.OPEN)
            made.places.add(make_place("GR-I"))
        with django_assert_num_queries(12):
            client.get("/partners/offers/")


def test_a_list_of_offers_leads_to_the_next_act(cast: Cast) -> None:
    assert as_user(cast.bob).get(f"/partners/{cast.a.pk}/offers/").context["empty_action"].label == "Offer something"
    make_role(cast.dora, "me_officer", cast.project)
    assert as_user(cast.alice).get(f"/partners/{cast.a.pk}/offers/").context["empty_action"] is None
