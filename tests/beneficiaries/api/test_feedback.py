"""`/feedback/`: a channel's client leaves messages, staff read them; sensitive ones are in no answer."""

import json
from typing import Any

import pytest
from django.test import Client

from beneficiaries.models import Feedback, SensitiveReport
from beneficiaries.services.deletion import delete_feedback
from kmop.shared.models import IdempotencyKey
from projects.models import Project
from tests.api_client import Api, problem
from tests.factories import Cast, make_cast, make_place, make_project
from tests.factories_partners import token_of
from tests.factories_voices import make_feedback

pytestmark = pytest.mark.django_db

WHOLE: dict[str, Any] = {
    "project": "STR-25",
    "text": "  Δεν υπάρχει λεωφορείο.",
    "language": "el",
    "channel": "sms",
    "place": "GR-B",
    "sex": "female",
    "age_band": "25-39",
    "disability": "no",
    "contact": "6900000000",
    "may_quote": True,
    "external_id": "gw-1",
}


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Project.objects.filter(pk=made.project.pk).update(is_published=True)
    make_place("GR-B")
    return made


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "feedback:write"))


def staff(cast: Cast) -> Api:
    client = Client()
    client.force_login(cast.alice)
    return Api(client=client)


def test_a_message_comes_in_with_all_that_is_said(api: Api, cast: Cast) -> None:
    made = api.post("feedback/", WHOLE)
    told = made.json()
    row = Feedback.objects.get()
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert (told["id"], told["reference"], told["state"]) == (str(row.pk), row.reference, "new")
    assert made["Location"] == "http://testserver/api/v1/feedback/receipt/"
    secrets = {"Receipt_Code": told["receipt"]["code"], "Receipt_PIN": told["receipt"]["pin"]}
    assert Api().get("feedback/receipt/", **secrets).json()["text"] == row.text
    assert (len(told["receipt"]["code"]), len(told["receipt"]["pin"])) == (19, 6)
    assert (row.text, row.language, row.channel, row.contact, row.place.code) == (
        "Δεν υπάρχει λεωφορείο.",
        "el",
        "sms",
        "6900000000",
        "GR-B",
    )


def test_project_and_text_are_enough(api: Api, cast: Cast) -> None:
    made = api.post("feedback/", {"project": cast.project.pk, "text": "Hello"})
    assert (made.status_code, Feedback.objects.get().channel) == (201, "api")


def test_of_a_sensitive_message_nothing_but_the_receipt_is_told(api: Api, cast: Cast) -> None:
    told = api.post("feedback/", {**WHOLE, "is_sensitive": True}).json()
    assert (told["id"], told["reference"], told["promised_on"]) == (None, None, None)
    assert (Feedback.objects.count(), SensitiveReport.objects.count()) == (0, 1)
    assert staff(cast).get("feedback/").json()["results"] == []


@pytest.mark.parametrize(
    "change, status, code, pointer",
    [
        ({"text": None}, 400, "null", "/text"),
        ({"sex": "robot"}, 400, "invalid_choice", "/sex"),
        ({"text": "a\x00"}, 400, "null_characters_not_allowed", "/text"),
        ({"project": "NONE"}, 422, "does_not_exist", "/project"),
        ({"external_id": "a b"}, 400, "invalid", "/external_id"),
    ],
)
def test_what_is_wrong_is_told(api: Api, change: dict[str, Any], status: int, code: str, pointer: str) -> None:
    told = problem(api.post("feedback/", {**WHOLE, **change}), status, code)
    assert [fault["pointer"] for fault in told["errors"]] == [pointer]


def test_the_same_external_id_is_a_duplicate(api: Api) -> None:
    api.post("feedback/", WHOLE)
    problem(api.post("feedback/", WHOLE), 409, "duplicate")


def test_the_same_key_gives_the_same_receipt_and_keeps_no_pin_in_clear(api: Api) -> None:
    first, second = (api.post("feedback/", WHOLE, Idempotency_Key="k1") for _time in range(2))
    assert (first.json(), second["Idempotency-Replayed"], Feedback.objects.count()) == (second.json(), "true", 1)
    kept = bytes(IdempotencyKey.objects.get().answer)
    assert first.json()["receipt"]["pin"].encode() not in kept


def test_a_dry_run_keeps_nothing(api: Api) -> None:
    assert api.post("feedback/?dry_run=true", WHOLE).status_code == 200
    assert Feedback.objects.count() == 0


def test_a_project_that_is_not_published_and_not_ones_own_is_not_there(cast: Cast, api: Api) -> None:
    problem(api.post("feedback/", {**WHOLE, "project": "OTH-25"}), 422, "does_not_exist")


def test_without_the_scope_or_a_token_nothing_comes_in(cast: Cast) -> None:
    problem(Api(token_of(cast.a, "feedback:read")).post("feedback/", WHOLE), 403, "scope_missing")
    problem(Api().post("feedback/", WHOLE), 401, "not_authenticated")


def test_staff_read_without_contact_and_a_protected_place_is_not_named(cast: Cast) -> None:
    shelter = make_place("SHELTER", is_protected=True)
    make_feedback(cast.project, contact="6900000000", place=shelter)
    row = staff(cast).get("feedback/").json()["results"][0]
    assert ("contact" in row, row["place"], row["place_code"]) == (False, None, None)
    assert "SHELTER" not in json.dumps(row)


def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    make_feedback(cast.project)
    shown = [Api(token_of(of, "feedback:read")).get("feedback/").json()["results"] for of in (cast.a, cast.b)]
    assert shown == [[], []]


def test_a_partner_reads_what_was_shared_unless_it_is_about_conduct(cast: Cast) -> None:
    for about, text in ((False, "Shared"), (True, "About conduct")):
        make_feedback(cast.project, text, is_about_conduct=about).shared_with.add(cast.a)
    rows = Api(token_of(cast.a, "feedback:read")).get("feedback/").json()["results"]
    assert [row["text"] for row in rows] == ["Shared"]


def test_words_are_found_whatever_accents(cast: Cast) -> None:
    make_feedback(cast.project, "Δεν υπάρχει λεωφορείο")
    make_feedback(cast.project, "Another")
    found = [len(staff(cast).get(f"feedback/?search={word}").json()["results"]) for word in ("ΥΠΑΡΧΕΙ", "nothing")]
    assert found == [1, 0]


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_list_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_feedback(cast.project, place=make_place(f"P{number}"))
    client = staff(cast)
    client.get("feedback/")
    with django_assert_num_queries(3):
        client.get("feedback/")


def test_what_was_erased_is_told_to_its_staff_alone(cast: Cast) -> None:
    row = make_feedback(cast.project)
    delete_feedback(row)
    told = staff(cast).get("feedback/?updated_since=2026-01-01T00:00:00Z").json()["results"]
    other = Api(token_of(cast.b, "feedback:read")).get("feedback/?updated_since=2026-01-01T00:00:00Z").json()["results"]
    assert (told, other) == ([{"id": str(row.pk), "deleted": True}], [])


def test_a_message_without_project_is_seen_by_portfolio_managers(cast: Cast) -> None:
    make_feedback(None)
    make_project("X")
    assert staff(cast).get("feedback/").json()["results"] == []
