"""The inbox of staff: tabs, search, triage in place, answering, sharing, handing over; Carol sees nothing of A."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback, Message, SensitiveReport
from kmop.accounts.choices import PortalRole
from projects.models import Project
from tests.factories import Cast, make_cast, make_place, make_user
from tests.factories_voices import make_answered, make_feedback, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def texts(page: Any) -> list[str]:
    return [line["text"] for group in page.context["queue"] for line in group["rows"]]


def address(row: Feedback, act: str = "") -> str:
    return f"/voices/{row.pk}/{act + '/' if act else ''}"


def form_of(row: Feedback, **fields: Any) -> dict[str, Any]:
    told = {"kind": row.kind, "language": row.language, "version": row.version, "answer_language": "en", "act": "save"}
    return {**told, **fields}


# ---------------------------------------------------------------- the list
def test_tabs_narrow_and_count(cast: Cast) -> None:
    today = timezone.localdate()
    later = today + timedelta(days=5)
    make_feedback(cast.project, "New", promised_on=later)
    make_feedback(cast.project, "Mine", state="acknowledged", promised_on=later, assigned_to=cast.alice)
    make_feedback(cast.project, "Late", state="acknowledged", promised_on=today - timedelta(days=2))
    make_feedback(cast.project, "Today", state="acknowledged", promised_on=today)
    make_answered(cast.project, "Answered")
    client = as_user(cast.alice)
    shown = {tab: texts(client.get("/voices/", {"tab": tab})) for tab in ("", "mine", "due", "answered", "all")}
    assert {tab: sorted(rows) for tab, rows in shown.items()} == {
        "": ["Answered", "Late", "Mine", "New", "Today"],
        "mine": ["Mine"],
        "due": ["Late", "Today"],
        "answered": ["Answered"],
        "all": ["Answered", "Late", "Mine", "New", "Today"],
    }
    page = client.get("/voices/")
    assert texts(page) == ["New"]
    assert [(str(tab["label"]), tab["count"]) for tab in page.context["tabs"]] == [
        ("New", 1), ("Mine", 1), ("Due", 2), ("Answered", 0),
    ]  # fmt: skip


def test_how_long_each_may_wait_is_said(cast: Cast) -> None:
    today = timezone.localdate()
    for days in (-2, -1, 0):
        make_feedback(cast.project, f"In {days}", promised_on=today + timedelta(days=days))
    make_answered(cast.project)
    page = as_user(cast.alice).get("/voices/", {"tab": "due"})
    assert [(line["when"], line["late"]) for line in page.context["queue"][0]["rows"]] == [
        ("2 days late", "bad"),
        ("1 day late", "bad"),
        ("due today", "warn"),
    ]


@pytest.mark.parametrize(
    "query, found",
    [
        ({"search": "ΛΕΩΦΟΡΕΙΟ"}, ["Το λεωφορείο"]),
        ({"search": "REFBUS"}, ["Το λεωφορείο"]),
        ({"spoken": "ar"}, ["Other"]),
        ({"channel": "sms"}, ["Other"]),
        ({"kind": "praise"}, ["Other"]),
        ({"state": "answered"}, []),
    ],
)
def test_words_and_filters(cast: Cast, query: dict[str, str], found: list[str]) -> None:
    make_feedback(cast.project, "Το λεωφορείο", reference="REFBUS", language="el")
    make_feedback(cast.project, "Other", language="ar", channel="sms", kind="praise")
    assert texts(as_user(cast.alice).get("/voices/", query)) == found


def test_project_and_place_narrow(cast: Cast) -> None:
    place = make_place("GR-B")
    cast.project.places.add(place)
    make_feedback(cast.project, "Here", place=place)
    make_feedback(cast.project, "There")
    client = as_user(cast.alice)
    found = [texts(client.get("/voices/", query)) for query in ({"place": place.pk}, {"project": cast.project.pk})]
    assert [sorted(rows) for rows in found] == [["Here"], ["Here", "There"]]


def test_the_file_has_no_words_of_anybody(cast: Cast) -> None:
    make_feedback(cast.project, "Secret words", contact="6900000000")
    answer: Any = as_user(cast.alice).get("/voices/", {"format": "csv", "tab": "all"})
    body = b"".join(answer.streaming_content).decode()
    assert ("Secret words" in body, "6900000000" in body, "STR-25" in body) == (False, False, True)


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_list_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_feedback(cast.project, place=make_place(f"P{number}"), assigned_to=cast.alice, language=f"l{number}")
    client = as_user(cast.alice)
    client.get("/voices/")
    with django_assert_num_queries(15):
        client.get("/voices/")


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_a_message_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    row = make_feedback(cast.project)
    for number in range(count):
        Message.objects.create(feedback=row, sender="staff", text="Yes", by=cast.alice, at=timezone.now())
        make_need(cast.project, f"Need {number}")
        make_feedback(cast.project)
    client = as_user(cast.alice)
    client.get(address(row))
    with django_assert_num_queries(23):
        client.get(address(row))


# ---------------------------------------------------------------- who sees what
@pytest.mark.parametrize("name", ["carol", "dora", "sofia"])
def test_carol_sees_nothing_of_a(cast: Cast, name: str) -> None:
    row = make_feedback(cast.project, "Words of A")
    client = as_user(getattr(cast, name))
    assert "Words of A" not in client.get("/voices/", {"tab": "all"}).content.decode()
    statuses = [client.get(address(row)).status_code, client.post(address(row), form_of(row)).status_code]
    acts = [client.post(address(row, act)).status_code for act in ("acknowledge", "close", "share", "hand-over")]
    assert statuses + acts == [404] * 6
    assert Feedback.objects.get().version == 1


def test_a_partner_reads_what_was_shared_and_changes_nothing(cast: Cast) -> None:
    row = make_feedback(cast.project, "Shared words")
    row.shared_with.add(cast.a)
    client = as_user(cast.bob)
    page = client.get(address(row))
    assert ("Shared words" in page.content.decode(), "Save and answer" in page.content.decode()) == (True, False)
    client.post(address(row), form_of(row, act="answer", answer="I answer"))
    client.post(address(row, "hand-over"))
    assert (Message.objects.count(), Feedback.objects.get().version) == (0, 1)


def test_a_portal_administrator_sees_no_words(cast: Cast) -> None:
    row = make_feedback(cast.project)
    assert as_user(make_user("Petra", PortalRole.PORTAL_ADMINISTRATOR)).get(address(row)).status_code == 404


def test_signed_out_one_is_sent_to_sign_in(cast: Cast) -> None:
    assert Client().get("/voices/").status_code == 302


# ---------------------------------------------------------------- working on one
def test_triage_and_answer_in_place(cast: Cast) -> None:
    row, need = make_feedback(cast.project), make_need(cast.project)
    client = as_user(cast.alice)
    fields = {
        "kind": "request",
        "need": need.pk,
        "assigned_to": cast.alice.pk,
        "answer": "From January.",
        "act": "answer",
    }
    assert client.post(address(row), form_of(row, **fields)).status_code == 302
    row.refresh_from_db()
    assert (row.kind, row.need, row.assigned_to, row.state) == ("request", need, cast.alice, "answered")
    page = client.get(address(row)).content.decode()
    assert ("From January." in page, "Saved and answered" in page) == (True, True)


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(cast: Cast) -> None:
    row = make_feedback(cast.project)
    client = as_user(cast.alice)
    empty = client.post(address(row), form_of(row, act="answer"))
    stale = client.post(address(row), form_of(row, act="answer", answer="Keep me", version=7))
    odd = client.post(address(row), form_of(row, kind="nonsense", answer="Keep me"))
    assert [page.status_code for page in (empty, stale, odd)] == [422, 422, 422]
    assert "Write a few words." in empty.content.decode()
    assert ["Keep me" in page.content.decode() for page in (stale, odd)] == [True, True]
    assert (Message.objects.count(), Feedback.objects.get().version) == (0, 1)


def test_a_withdrawn_message_takes_no_answer(cast: Cast) -> None:
    row = make_feedback(cast.project, state=FeedbackState.WITHDRAWN)
    page = as_user(cast.alice).post(address(row), form_of(row, act="answer", answer="Yes"))
    assert (page.status_code, "withdrawn" in page.content.decode()) == (422, True)


def test_acknowledge_close_share(cast: Cast) -> None:
    row = make_feedback(cast.project)
    client = as_user(cast.alice)
    client.post(address(row, "acknowledge"))
    client.post(address(row, "close"))
    assert Feedback.objects.get().state == "acknowledged"
    client.post(address(row, "share"), {"organisation": "x"})
    client.post(address(row, "share"), {"organisation": cast.a.pk})
    assert list(row.shared_with.all()) == [cast.a]
    Feedback.objects.update(state="answered")
    client.post(address(row, "close"))
    assert Feedback.objects.get().state == "closed"


def test_handing_over_leads_back_to_the_inbox(cast: Cast) -> None:
    row = make_feedback(cast.project)
    answer = as_user(cast.alice).post(address(row, "hand-over"))
    assert (answer.status_code, answer["Location"]) == (302, "/voices/")
    assert (Feedback.objects.count(), SensitiveReport.objects.count()) == (0, 1)


# ---------------------------------------------------------------- the hotline
def test_a_message_is_written_down_and_its_receipt_read_out_once(cast: Cast) -> None:
    client = as_user(cast.alice)
    body = {"text": "She says", "language": "ar", "channel": "hotline", "sex": "female"}
    page = client.post(f"/voices/new/?project={cast.project.pk}", body)
    row = Feedback.objects.get()
    assert (page.status_code, row.channel, row.sex, row.project) == (200, "hotline", "female", cast.project)
    assert (len(page.context["receipt"]["code"]), page["Cache-Control"].count("no-store")) == (19, 1)
    wrong = client.post("/voices/new/", {**body, "text": ""})
    assert (wrong.status_code, Feedback.objects.count()) == (422, 1)


def test_the_hotline_offers_the_projects_one_answers_for(cast: Cast) -> None:
    manager = make_user("Maria", PortalRole.PORTFOLIO_MANAGER)
    assert [len(as_user(user).get("/voices/new/").context["projects"]) for user in (cast.alice, manager)] == [1, 2]
    client = as_user(cast.alice)
    statuses = [client.get("/voices/new/", {"project": pk}).status_code for pk in (cast.other.pk, "x")]
    assert statuses == [404, 404]
    assert as_user(manager).post("/voices/new/", {}).status_code == 404
    assert as_user(cast.bob).get("/voices/new/").status_code == 403
    assert Project.objects.count() == 2


def test_the_list_sends_the_first_words_only(cast: Cast) -> None:
    row = make_feedback(cast.project, "word " * 60 + "END-7391")
    client = as_user(cast.alice)
    lists = client.get("/voices/").content.decode()
    page = client.get(address(row)).content.decode()
    assert (lists.count("END-7391"), page.count("END-7391") > 0, "word …" in lists or "word…" in lists) == (
        0,
        True,
        True,
    )
