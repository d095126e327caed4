"""The page of an organisation: what each reader sees of it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from partners.choices import MembershipRole, OfferState
from partners.models import Offer
from tests.factories import Cast, make_cast, make_member, make_partnership, make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_shows_projects_offers_and_people(cast: Cast) -> None:
    Offer.objects.create(organisation=cast.a, title="Beds", state=OfferState.OPEN)
    Offer.objects.create(organisation=cast.a, title="Draft", state=OfferState.DRAFT)
    cast.a.countries.create(country="GR")
    context = as_user(cast.alice).get(f"/partners/{cast.a.pk}/").context
    assert [one["text"] for one in context["facts"]] == ["A", "Civil society", "Greece"]
    assert [one["title"] for one in context["projects"]] == ["STR-25 Project STR-25"]
    assert [one["title"] for one in context["offers"]] == ["Beds"]
    assert [(one["name"], one["role"]) for one in context["members"]] == [("Bob", "Partner contributor")]
    own = as_user(cast.bob).get(f"/partners/{cast.a.pk}/").context
    assert sorted(one["title"] for one in own["offers"]) == ["Beds", "Draft"]
    assert [one["refused"] for one in own["acts"]] == [
        "Only an administrator of this organisation may do this."
    ] * 2 + [""]
    assert [one.get("why") for one in own["acts"]] == ["manage_memberships", None, None]


def test_other_partners_see_nothing_of_it(cast: Cast) -> None:
    for user in (cast.carol, cast.dora):
        assert as_user(user).get(f"/partners/{cast.a.pk}/").status_code == 404
    home = as_user(cast.carol).get(f"/partners/{cast.kmop.pk}/")
    assert (home.status_code, home.context["members"]) == (200, [])
    assert "seen by its own people" in home.context["members_refused"]


def test_statements_do_not_grow(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client, path = as_user(cast.alice), f"/partners/{cast.a.pk}/"
    Offer.objects.create(organisation=cast.a, title="Beds", state=OfferState.OPEN)
    client.get(path)
    for more in (0, 3):
        for number in range(more):
            Offer.objects.create(organisation=cast.a, title=f"Beds {number}", state=OfferState.OPEN)
            make_member(make_user(f"M{number}"), cast.a, MembershipRole.VIEWER)
            make_partnership(make_project(f"P{number}"), cast.a)
        with django_assert_num_queries(17):
            client.get(path)
