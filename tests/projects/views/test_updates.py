"""What we sent, and one update with its acts."""

from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from projects.choices import UpdateState
from projects.models import Indicator, Obligation, Update
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_obligation,
    make_period,
    make_update,
)
from tests.factories_entry import ENTER, address, as_user, kept, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_what_we_sent_lists_ones_own_with_the_note(cast: Cast) -> None:
    make_update(cast.period, cast.a, 5, state=UpdateState.RETURNED, note="Which town?")
    page = as_user(cast.bob).get("/enter/sent/")
    [row] = page.context["rows"]
    assert [str(cell.value) for cell in row.cells[:6]] == [
        "1.1 Indicator 1.1",
        "STR-25",
        "Jan 2026",
        "5",
        "Came back",
        "Which town?",
    ]
    assert page.context["rows"][0].url == reverse("projects:update", args=[Update.objects.get().pk])
    assert as_user(cast.carol).get("/enter/sent/").context["rows"] == []


def test_what_we_sent_is_narrowed(cast: Cast) -> None:
    make_update(cast.period, cast.a, 5)
    make_update(make_period(cast.indicator, 2), cast.a, 6, state=UpdateState.DRAFT)
    client = as_user(cast.bob)
    assert len(client.get("/enter/sent/", {"state": "draft"}).context["rows"]) == 1
    assert len(client.get("/enter/sent/", {"search": "1.1"}).context["rows"]) == 2
    assert len(client.get("/enter/sent/", {"search": "nothing"}).context["rows"]) == 0
    assert len(client.get("/enter/sent/", {"project": cast.project.pk}).context["rows"]) == 2
    told = b"".join(client.get("/enter/sent/", {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert told.count("\n") == 3


def test_what_we_sent_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.bob)
    make_update(cast.period, cast.a, 5)
    client.get("/enter/sent/")
    with django_assert_num_queries(SENT_STATEMENTS):
        client.get("/enter/sent/")
    for month in (2, 3, 4):
        make_update(make_period(cast.indicator, month), cast.a, month)
    with django_assert_num_queries(SENT_STATEMENTS):
        client.get("/enter/sent/")


SENT_STATEMENTS = 12


def test_one_update_is_read_with_its_acts(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    typed(client, owed, **{"n.": "5"})
    update = Update.objects.get()
    page = client.get(f"/updates/{update.pk}/")
    assert (page.context["total"], page.context["enter_url"]) == ("5", address(owed))
    assert "Delete the draft" in page.content.decode()
    assert client.post(f"/updates/{update.pk}/delete/").headers["Location"] == "/enter/sent/"
    assert Update.objects.count() == 0


def test_an_approved_update_is_corrected_with_a_reason(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    update = make_update(cast.period, cast.a, 5)
    Obligation.objects.update(update=update)
    client = as_user(cast.bob)
    silent = client.post(f"/updates/{update.pk}/", {"reason": ""})
    assert silent.status_code == 422
    answer = client.post(f"/updates/{update.pk}/", {"reason": "Two were counted twice"})
    assert answer.headers["Location"] == address(owed)
    assert Update.objects.get(revision=2).revision_reason == "Two were counted twice"
    assert client.post(f"/updates/{update.pk}/", {"reason": "again"}).status_code == 422


def test_a_correction_of_what_was_never_owed_leads_to_itself(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 5)
    answer = as_user(cast.bob).post(f"/updates/{update.pk}/", {"reason": "Two were counted twice"})
    revision = Update.objects.get(revision=2)
    assert answer.headers["Location"] == f"/updates/{revision.pk}/"


def test_an_officer_reads_it_and_may_not_correct_it(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 5)
    page = as_user(cast.alice).get(f"/updates/{update.pk}/")
    assert page.status_code == 200
    assert "This update belongs to another organisation." in page.content.decode()
    waiting = make_update(make_period(cast.indicator, 2), cast.a, 5, state=UpdateState.SUBMITTED)
    assert as_user(cast.alice).get(f"/updates/{waiting.pk}/").headers["Location"] == f"/review/{waiting.pk}/"


def test_a_viewer_of_the_partner_reads_and_changes_nothing(cast: Cast) -> None:
    cast.bob.memberships.update(role="viewer")
    owed = make_obligation(cast.period, cast.a)
    client = as_user(fresh(cast.bob))
    assert client.get(address(owed)).status_code == 403
    assert client.get(ENTER).status_code == 403


def test_greek_numbers_are_read_in_greek(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    cast.bob.language = "el"
    cast.bob.save()
    typed(as_user(cast.bob), owed, **{"n.": "1.302"})
    assert kept(Update.objects.get())[""][0] == Decimal(1302)
    assert isinstance(owed.indicator, Indicator)
