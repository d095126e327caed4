"""Project > Voices, and the forms by which staff record needs, rounds and decisions."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from beneficiaries.models import Decision, Need, NeedsRound
from tests.factories import Cast, make_cast
from tests.factories_voices import make_activity, make_answered, make_decision, make_need, make_round

pytestmark = pytest.mark.django_db
FORMS = ["needs/add/", "rounds/add/", "decisions/add/"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(cast: Cast, path: str) -> str:
    return f"/projects/{cast.project.pk}/{path}"


def test_the_page_tells_needs_decisions_quotes_and_waits(cast: Cast) -> None:
    make_round(cast.project, (make_need(cast.project, "Childcare", state="met"), 30, 20))
    make_decision(cast.project, cast.alice)
    make_answered(cast.project, "A quoted voice", may_quote=True)
    html = as_user(cast.alice).get(at(cast, "voices/")).content.decode()
    words = ("Childcare", "We need shoes.", "A quoted voice", "Of 20 people", "Record a decision")
    assert [word for word in words if word not in html] == []


def test_an_empty_project_says_so(cast: Cast) -> None:
    html = as_user(cast.alice).get(at(cast, "voices/")).content.decode()
    assert [word in html for word in ("Nobody has ranked needs yet.", "No need has been recorded yet.")] == [True, True]


def test_a_partner_sees_needs_and_may_record_nothing(cast: Cast) -> None:
    need = make_need(cast.project, "Childcare")
    client = as_user(cast.bob)
    html = client.get(at(cast, "voices/")).content.decode()
    assert ("Childcare" in html, "Record a decision" in html) == (True, False)
    forms = [*FORMS, *(f"needs/{need.pk}/{act}/" for act in ("answer", "refuse", "confirm"))]
    assert [client.get(at(cast, form)).status_code for form in forms] == [403] * 6


def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    need = make_need(cast.project, "Childcare")
    client = as_user(cast.carol)
    forms = ["voices/", *FORMS, *(f"needs/{need.pk}/{act}/" for act in ("answer", "refuse", "confirm"))]
    assert [client.get(at(cast, form)).status_code for form in forms] == [404] * 7


def test_a_need_of_another_project_is_not_there(cast: Cast) -> None:
    need = make_need(cast.other)
    assert as_user(cast.alice).get(at(cast, f"needs/{need.pk}/answer/")).status_code == 404


def test_a_need_is_recorded(cast: Cast) -> None:
    client = as_user(cast.alice)
    assert client.post(at(cast, "needs/add/"), {"english": ""}).status_code == 422
    done = client.post(at(cast, "needs/add/"), {"english": "Childcare", "greek": "Φύλαξη", "right": "crc"})
    assert (done["Location"], Need.objects.get().titles) == (at(cast, "voices/"), {"en": "Childcare", "el": "Φύλαξη"})


def test_a_round_is_entered(cast: Cast) -> None:
    care, bus = make_need(cast.project, "Care"), make_need(cast.project, "Bus")
    body = {
        "held_on": "2026-06-10", "method": "Stones", "people_asked": 100, "people_answering": 80,
        f"people_{care.pk}": 60, f"first_{care.pk}": 50,
    }  # fmt: skip
    client = as_user(cast.alice)
    assert client.post(at(cast, "rounds/add/"), {**body, "people_answering": 200}).status_code == 422
    assert client.post(at(cast, "rounds/add/"), {**body, f"first_{care.pk}": 90}).status_code == 422
    client.post(at(cast, "rounds/add/"), body)
    assert list(NeedsRound.objects.get().ranks.values_list("need", "people", "people_first")) == [(care.pk, 60, 50)]
    assert bus.ranks.count() == 0


def test_a_decision_is_recorded(cast: Cast) -> None:
    need, activity = make_need(cast.project), make_activity(cast.project)
    client = as_user(cast.alice)
    page = client.get(at(cast, "decisions/add/"), {"need": need.pk})
    assert str(page.context["form"].initial["need"]) == str(need.pk)
    body = {
        "english": "We need shoes", "outcome": "partly", "reason": "A firm gives them",
        "reason_greek": "Τα δίνει μια εταιρεία", "decided_on": "2026-09-02",
        "changed_english": "120 pairs", "activity": activity.pk, "need": need.pk, "is_public": "on",
    }  # fmt: skip
    client.post(at(cast, "decisions/add/"), body)
    kept = Decision.objects.get()
    assert (kept.reason, kept.reasons) == ("A firm gives them", {"el": "Τα δίνει μια εταιρεία"})
    assert (kept.you_said, kept.we_changed, kept.activity, kept.need, kept.is_public, kept.decided_on) == (
        {"en": "We need shoes"}, {"en": "120 pairs"}, activity, need, True, date(2026, 9, 2),
    )  # fmt: skip


def test_a_need_is_answered_refused_and_confirmed(cast: Cast) -> None:
    need, activity = make_need(cast.project), make_activity(cast.project)
    client = as_user(cast.alice)
    states = []
    for act, body in (
        ("refuse", {"reason": "Not allowed"}),
        ("answer", {"activity": activity.pk}),
        ("confirm", {"way": "panel", "yes": "1, 2, 3, 4, 5"}),
        ("confirm", {"way": "panel", "yes": "", "no": "1\n2"}),
    ):
        client.post(at(cast, f"needs/{need.pk}/{act}/"), body)
        states.append(Need.objects.get().state)
    assert states == ["refused", "answered", "met", "answered"]


@pytest.mark.parametrize("body", [{"yes": ""}, {"yes": "1", "no": "1"}, {"way": "", "yes": "1"}])
def test_words_of_nobody_or_of_both_sides_are_refused(cast: Cast, body: dict[str, str]) -> None:
    need = make_need(cast.project)
    page = as_user(cast.alice).post(at(cast, f"needs/{need.pk}/confirm/"), {"way": "panel", **body})
    assert page.status_code == 422


@pytest.mark.parametrize("count", [1, 4])
def test_statements_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    make_round(cast.project, *[(make_need(cast.project, f"Need {number}"), 30, 20) for number in range(count)])
    for _number in range(count):
        make_decision(cast.project, cast.alice, activity=None)
        make_answered(cast.project, may_quote=True)
    client = as_user(cast.alice)
    client.get(at(cast, "voices/"))
    with django_assert_num_queries(29):
        client.get(at(cast, "voices/"))
