"""The page of an indicator's people, its forms, and who sees what."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from projects.models import Overlap, PeopleCount
from projects.services.counting import keep_overlap, set_people_count
from tests.factories import Cast, make_cast, make_organisation, make_partnership, make_update

pytestmark = pytest.mark.django_db
STATEMENTS = 18


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(cast: Cast, path: str = "") -> str:
    return f"/projects/{cast.project.pk}/results/{cast.indicator.pk}/people/{path}"


def test_from_no_method_to_a_narrowed_range(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    make_update(cast.period, cast.a, 100, decided_by=cast.alice)
    make_update(cast.period, cast.b, 40, decided_by=cast.alice)
    client = as_user(cast.alice)
    panel = client.get(f"/projects/{cast.project.pk}/results/?indicator={cast.indicator.pk}").content.decode()
    assert f'<a href="{url(cast)}">How they are counted</a>' in panel
    assert "Nobody has said yet how its people are counted." in client.get(url(cast)).content.decode()
    answer = client.post(url(cast, "method/"), {"method": "deduct", "note": ""})
    assert (answer.status_code, answer["Location"]) == (302, url(cast))
    assert "between 100 and 140 people" in client.get(url(cast)).content.decode()
    said = {"first": cast.a.pk, "second": cast.b.pk, "people": 15, "source": "A shared list"}
    assert client.post(url(cast, "overlaps/new/"), said).status_code == 302
    page = client.get(url(cast)).content.decode()
    assert "<strong>125 people</strong>" in page
    panel = client.get(f"/projects/{cast.project.pk}/results/?indicator={cast.indicator.pk}").content.decode()
    assert "125 people. Deduct: known overlaps are taken off." in panel
    overlap = Overlap.objects.get()
    assert client.post(url(cast, f"overlaps/{overlap.pk}/remove/")).status_code == 302
    assert Overlap.objects.count() == 0


def test_what_cannot_be_stays_in_the_form(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    make_update(cast.period, cast.a, 100, decided_by=cast.alice)
    make_update(cast.period, cast.b, 40, decided_by=cast.alice)
    set_people_count(indicator=cast.indicator, method="deduct", by=cast.alice)
    said = {"first": cast.a.pk, "second": cast.b.pk, "people": 41, "source": "A shared list"}
    answer = as_user(cast.alice).post(url(cast, "overlaps/new/"), said)
    assert answer.status_code == 422
    assert "at most 40 can be in both" in answer.content.decode()


def test_a_partner_reads_its_own_people_and_changes_nothing(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    make_update(cast.period, cast.a, 100, decided_by=cast.alice)
    make_update(cast.period, cast.b, 40, decided_by=cast.alice)
    row = set_people_count(indicator=cast.indicator, method="deduct", by=cast.alice)
    assert row is not None
    overlap = keep_overlap(count=row, first=cast.a, second=cast.b, people=15, source="A shared list", by=cast.alice)
    client = as_user(cast.carol)
    page = client.get(url(cast)).content.decode()
    assert "1 partner is in the figure but not shown to you." in page
    assert "A shared list" not in page
    assert client.post(url(cast, "method/"), {"method": ""}).status_code == 403
    assert client.post(url(cast, f"overlaps/{overlap.pk}/remove/")).status_code == 403
    assert as_user(cast.dora).get(url(cast)).status_code == 404
    assert PeopleCount.objects.count() == 1


@pytest.mark.parametrize("partners", [1, 4])
def test_the_statements_do_not_grow(
    cast: Cast, partners: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = set_people_count(indicator=cast.indicator, method="deduct", by=cast.alice)
    assert row is not None
    make_update(cast.period, cast.a, 100, decided_by=cast.alice)
    for number in range(partners):
        other = make_organisation(f"O{number}")
        make_partnership(cast.project, other)
        make_update(cast.period, other, 40, decided_by=cast.alice)
        keep_overlap(count=row, first=cast.a, second=other, people=number, source="A shared list", by=cast.alice)
    client = as_user(cast.alice)
    client.get(url(cast))
    with django_assert_num_queries(STATEMENTS):
        client.get(url(cast))
