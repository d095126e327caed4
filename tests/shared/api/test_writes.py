"""Writes: ETags and If-Match, dry runs, kept answers."""

from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from kmop.audit.models import Entry
from kmop.shared.api.idempotency import fingerprint_of
from kmop.shared.models import IdempotencyKey
from partners.models import Offer
from tests.api_client import Api, problem
from tests.factories_partners import offer, organisation, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(token_of(organisation("A")))


def test_a_made_object_has_its_address_and_etag(api: Api) -> None:
    made = api.post("offers/", {"title": "Beds"})
    row = Offer.objects.get()
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    assert made["Location"] == f"http://testserver/api/v1/offers/{row.pk}/"
    assert api.get(made["Location"].removeprefix("http://testserver")).json() == made.json()


def test_a_change_moves_the_etag_and_the_old_one_no_longer_matches(api: Api) -> None:
    row = offer(organisation("A"))
    here = f"offers/{row.pk}/"
    changed = api.patch(here, {"title": "Rooms"}, If_Match='"1"')
    assert (changed.status_code, changed["ETag"], changed.json()["title"]) == (200, '"2"', "Rooms")
    problem(api.patch(here, {"title": "Vans"}, If_Match='"1"'), 412, "stale")
    problem(api.patch(here, {"title": "Vans"}), 428, "if_match_required")
    assert api.get(here).json()["title"] == "Rooms"
    assert api.patch(here, {"title": "Vans"}, If_Match='W/"2", "9"')["ETag"] == '"3"'
    assert api.patch(here, {"title": "Vans"}, If_Match="*")["ETag"] == '"4"'


def test_the_etag_is_the_same_for_fields_and_language(api: Api) -> None:
    row = offer(organisation("A"))
    told = {api.get(f"offers/{row.pk}/{query}")["ETag"] for query in ("", "?fields=id", "?language=el")}
    assert told == {'"1"'}


def test_a_dry_run_checks_all_says_what_would_happen_and_saves_nothing(api: Api) -> None:
    made = api.post("offers/?dry_run=true", {"title": "Beds", "kind": "goods"}, Idempotency_Key="k")
    assert made.status_code == 200
    assert not made.has_header("Location")
    assert {name: made.json()[name] for name in ("id", "title", "state", "dry_run")} == {
        "id": None,
        "title": "Beds",
        "state": "draft",
        "dry_run": True,
    }
    problem(api.post("offers/?dry_run=true", {"title": "x", "state": "open"}), 422, "required_to_open")
    row = offer(organisation("A"))
    changed = api.patch(f"offers/{row.pk}/?dry_run=true", {"title": "Rooms"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["title"]) == (200, "Rooms")
    problem(api.patch(f"offers/{row.pk}/?dry_run=true", {"title": "Rooms"}), 428, "if_match_required")
    problem(api.post("offers/?dry_run=maybe", {"title": "x"}), 400, "invalid")
    assert list(Offer.objects.values_list("title", flat=True)) == ["Beds"]
    assert IdempotencyKey.objects.count() == 0
    assert not Entry.objects.filter(action__startswith="offer.").exists()


def test_the_same_key_and_body_gives_the_same_answer_once(api: Api) -> None:
    first = api.post("offers/", b'{"title": "Beds", "kind": "goods"}', Idempotency_Key="k1")
    again = api.post("offers/", b'{ "kind":"goods","title":"Beds"}', Idempotency_Key="k1")
    assert not first.has_header("Idempotency-Replayed")
    assert again["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert [again[name] for name in ("ETag", "Location", "Content-Type")] == [
        first[name] for name in ("ETag", "Location", "Content-Type")
    ]
    assert Offer.objects.count() == 1


def test_a_replay_is_the_answer_of_then_whatever_happened_since(api: Api) -> None:
    first = api.post("offers/", {"title": "Beds"}, Idempotency_Key="k1")
    row = Offer.objects.get()
    api.patch(f"offers/{row.pk}/", {"title": "Rooms"}, If_Match='"1"')
    assert api.post("offers/", {"title": "Beds"}, Idempotency_Key="k1").content == first.content


@pytest.mark.parametrize("body", [{"title": "Rooms"}, {"title": "Beds", "kind": "goods"}, {}, b"{", b""])
def test_the_same_key_with_another_body_is_422(api: Api, body: Any) -> None:
    api.post("offers/", {"title": "Beds"}, Idempotency_Key="k1")
    told = problem(api.post("offers/", body, Idempotency_Key="k1"), 422, "key_used")
    assert [fault["pointer"] for fault in told["errors"]] == ["/Idempotency-Key"]
    problem(api.post("offers/", b"title=x", Idempotency_Key="k1", Content_Type="text/plain"), 422, "key_used")


def test_keys_are_apart_for_clients_and_addresses(api: Api) -> None:
    other = Api(token_of(organisation("A")))
    answers = [speaker.post("offers/", {"title": "Beds"}, Idempotency_Key="k1") for speaker in (api, other)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Offer.objects.count() == 2


def test_a_refusal_is_not_kept(api: Api) -> None:
    problem(api.post("offers/", {"title": "x", "state": "open"}, Idempotency_Key="k1"), 422, "required_to_open")
    assert IdempotencyKey.objects.count() == 0
    made = api.post("offers/", {"title": "x", "state": "open", "kind": "goods"}, Idempotency_Key="k1")
    assert made.status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_unfit_key_is_400(api: Api, key: str) -> None:
    body = problem(api.post("offers/", {"title": "Beds"}, Idempotency_Key=key), 400, "invalid")
    assert body["errors"][0]["pointer"] == "/Idempotency-Key"


def test_neither_key_nor_answer_lies_there_in_clear(api: Api) -> None:
    key = "a-key-that-nobody-guesses"
    api.post("offers/", {"title": "A secret"}, Idempotency_Key=key)
    row = IdempotencyKey.objects.get()
    stored = repr({name: getattr(row, name) for name in ("client", "address", "key_mac", "fingerprint")}).encode()
    assert key.encode() not in stored + bytes(row.answer)
    assert b"secret" not in stored + bytes(row.answer)
    assert (row.method, row.address, row.status) == ("POST", "/api/v1/offers/", 201)
    assert (timezone.now() - row.created_at).total_seconds() < 60


def test_a_replay_needs_token_and_scope(api: Api) -> None:
    api.post("offers/", {"title": "Beds"}, Idempotency_Key="k1")
    problem(Api().post("offers/", {"title": "Beds"}, Idempotency_Key="k1"), 401, "not_authenticated")


def test_fingerprints_know_content_not_form() -> None:
    assert fingerprint_of({"a": [1, {"b": None}], "c": "x"}) == fingerprint_of({"c": "x", "a": [1, {"b": None}]})
    assert fingerprint_of({"a": [1, 2]}) != fingerprint_of({"a": [2, 1]})
    assert fingerprint_of({"a": "1"}) != fingerprint_of({"a": 1})


@override_settings(SECRET_KEY="another")
def test_another_secret_key_finds_no_kept_answer(api: Api) -> None:
    assert api.post("offers/", {"title": "Beds"}, Idempotency_Key="k1").status_code == 201
