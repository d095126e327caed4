"""The base classes by an endpoint of every kind (`things.py`)."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from rest_framework import serializers

from kmop.shared.api.fields import AmountField
from partners.models import Offer
from tests.api_client import Api, problem
from tests.factories_partners import member, offer, organisation, token_of
from tests.shared.api.things import Costs

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shared.api.things")]


@pytest.fixture
def api() -> Api:
    return Api(token_of(organisation("A")))


def test_put_replaces_and_asks_for_the_whole(api: Api) -> None:
    row = offer(organisation("A"), description="old")
    here = f"things/{row.pk}/"
    problem(api.send("PUT", here, {"description": "x"}, If_Match='"1"'), 400, "required")
    problem(api.send("PUT", here, {"title": "New"}), 428, "if_match_required")
    replaced = api.send("PUT", here, {"title": "New"}, If_Match='"1"')
    assert (replaced.status_code, replaced["ETag"], replaced.json()["description"]) == (200, '"2"', "")


def test_delete_asks_for_the_version_and_leaves_a_tombstone(api: Api) -> None:
    row = offer(organisation("A"))
    here = f"things/{row.pk}/"
    problem(api.send("DELETE", here), 428, "if_match_required")
    dry = api.send("DELETE", f"{here}?dry_run=true", If_Match='"1"')
    assert (dry.status_code, dry.json()) == (200, {"dry_run": True})
    assert api.send("DELETE", here, If_Match='"1"').status_code == 204
    problem(api.send("DELETE", here, If_Match='"1"'), 404, "not_found")
    since = api.get("things/?updated_since=2026-01-01T00:00:00Z").json()["results"]
    assert since == [{"id": row.pk, "deleted": True}]


def test_an_act_is_checked_in_order_and_answers_with_the_row(api: Api) -> None:
    row = offer(organisation("A"))
    here = f"things/{row.pk}/name/"
    problem(api.post("things/999999/name/", {}), 400, "required")
    problem(api.post(here, b""), 400, "no_body")
    problem(api.post("things/999999/name/", {"note": "x"}), 404, "not_found")
    problem(api.post(here, {"note": "x"}), 428, "if_match_required")
    problem(api.post(here, {"note": "x"}, If_Match='"2"'), 412, "stale")
    done = api.post(here, {"note": "Named"}, If_Match='"1"', Idempotency_Key="k1")
    assert (done.status_code, done["ETag"], done.json()["title"]) == (200, '"2"', "Named")
    again = api.post(here, {"note": "Named"}, If_Match='"1"', Idempotency_Key="k1")
    assert (again["Idempotency-Replayed"], again.content) == ("true", done.content)


def test_a_locked_period_is_423_and_the_refused_act_undone(api: Api) -> None:
    row = offer(organisation("A"))
    problem(api.post(f"things/{row.pk}/close/", None, If_Match='"1"'), 423, "locked")
    assert Offer.objects.get().version == 1


def test_there_is_no_get_on_an_act(api: Api) -> None:
    row = offer(organisation("A"))
    problem(api.get(f"things/{row.pk}/name/"), 405, "method_not_allowed")


def test_own_parameters_are_read_and_others_refused() -> None:
    assert Api().get("asked/?number=5").json() == {"number": 5}
    for query, code in [("", "required"), ("?number=0", "min_value"), ("?number=x", "invalid")]:
        problem(Api().get(f"asked/{query}"), 400, code)
    problem(Api().get("asked/?number=5&other=1"), 400, "unknown_parameter")


def test_an_anonymous_post_can_be_repeated_too() -> None:
    first, again = (Api().post("asked/", {"a": 1}, Idempotency_Key="long-and-random") for _number in range(2))
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (202, 202, "true")


@override_settings(PUBLIC_POSTS_PER_ADDRESS=1)
def test_public_posts_have_a_limit_of_their_own() -> None:
    assert Api().post("asked/", {}).status_code == 202
    problem(Api().post("asked/", {}), 429, "throttled")
    assert Api().get("asked/?number=1")["RateLimit-Limit"] == "1200"


def test_an_endpoint_that_declares_nothing_lets_nobody_in() -> None:
    problem(Api().get("undeclared/"), 401, "not_authenticated")
    problem(Api(token_of(organisation("A"))).get("undeclared/"), 403, "permission_denied")
    api = Api()
    api.client.force_login(member("Bob", organisation("A")))
    problem(api.get("undeclared/"), 403, "permission_denied")


def form(content: bytes, name: str = "a.txt") -> bytes:
    """A form with a file."""
    return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, content)})


def test_an_upload_is_compared_by_its_hash_and_still_read(api: Api) -> None:
    first = api.post("upload/", form(b"abc"), Content_Type=MULTIPART_CONTENT, Idempotency_Key="k1")
    again = api.post("upload/", form(b"abc"), Content_Type=MULTIPART_CONTENT, Idempotency_Key="k1")
    assert first.json() == again.json() == {"name": "a.txt", "bytes": 3}
    assert again["Idempotency-Replayed"] == "true"
    other = api.post("upload/", form(b"abd"), Content_Type=MULTIPART_CONTENT, Idempotency_Key="k1")
    problem(other, 422, "key_used")


def test_an_upload_too_large_or_of_another_kind_is_refused(api: Api) -> None:
    problem(api.post("upload/", form(b"a" * 3_000), Content_Type=MULTIPART_CONTENT), 413, "too_large")
    problem(api.post("upload/", {"file": "x"}), 415, "unsupported_media_type")
    problem(api.post("upload/", b"--broken", Content_Type="multipart/form-data"), 400, "parse_error")


def test_a_fault_of_ours_is_500_and_tells_nothing(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ROOT_URLCONF = "kmop.urls"
    token = token_of(organisation("A"))
    monkeypatch.setattr("partners.api.offers.OfferViewSet.searched", 5)
    client = Client(raise_request_exception=False)
    body = problem(Api(token, client=client).get("offers/?search=x"), 500, "failed")
    assert body["detail"] == "Something went wrong on our side. Nothing was saved."


def test_money_is_a_pair_and_amounts_are_exact_text() -> None:
    row = SimpleNamespace(amount=Decimal("12.5"), currency="EUR")
    assert Costs(row).data == {"cost": {"amount": "12.5", "currency": "EUR"}}
    assert Costs(SimpleNamespace(amount=None, currency="EUR")).data == {"cost": None}
    read = Costs(data={"cost": {"amount": "0.10", "currency": "EUR"}})
    assert read.is_valid()
    assert read.validated_data == {"amount": Decimal("0.10"), "currency": "EUR"}


@pytest.mark.parametrize(
    "given", [5, {}, {"amount": "1"}, {"amount": "1", "currency": "euro"}, {"amount": True, "currency": "EUR"}]
)
def test_money_of_another_shape_is_refused(given: Any) -> None:
    assert Costs(data={"cost": given}).is_valid() is False


@pytest.mark.parametrize(
    "given, code", [(True, "invalid"), ("NaN", "invalid"), ("1,5", "invalid"), ("1" * 50, "invalid"), (None, "null")]
)
def test_what_is_no_amount_is_refused(given: Any, code: str) -> None:
    with pytest.raises(serializers.ValidationError) as refused:
        AmountField().run_validation(given)
    assert refused.value.get_codes() == [code]


@pytest.mark.parametrize("given, shown", [("0.1", "0.1"), (1, "1"), (0.1, "0.1"), ("1e3", "1000"), ("-5.50", "-5.50")])
def test_amounts_lose_nothing(given: Any, shown: str) -> None:
    field = AmountField()
    assert field.to_representation(field.run_validation(given)) == shown
