"""`/offers/`: each status, each field, and nobody sees another's drafts."""

from typing import Any

import pytest

from kmop.audit.models import Entry
from partners.models import Offer
from projects.models import Place
from tests.api_client import Api, problem
from tests.factories_partners import offer, organisation, token_of

pytestmark = pytest.mark.django_db

WHOLE: dict[str, Any] = {
    "title": "Twelve beds",
    "description": "In two rooms",
    "kind": "places",
    "sector": "community",
    "group": "women with children",
    "places": ["ZZ-1"],
    "quantity": {"value": "12.50", "unit": "beds"},
    "from": "2026-11-01",
    "until": "2026-12-31",
    "state": "open",
    "external_id": "mis-2026-0042",
}


@pytest.fixture
def api() -> Api:
    Place.objects.create(code="ZZ-1", name="Test place")
    return Api(token_of(organisation("A")))


def test_a_title_alone_is_a_draft_of_the_clients_organisation(api: Api) -> None:
    made = api.post("offers/", {"title": "Beds"})
    assert made.status_code == 201
    told = made.json()
    assert (told["title"], told["state"], told["organisation_code"]) == ("Beds", "draft", "A")
    assert Entry.objects.filter(action="offer.created", object_id=str(told["id"])).count() == 1


def test_everything_that_is_given_comes_back(api: Api) -> None:
    told = api.post("offers/", WHOLE).json()
    place = Place.objects.get(code="ZZ-1")
    assert {name: told[name] for name in WHOLE} == {
        **WHOLE,
        "places": [place.pk],
        "quantity": {"value": "12.5", "unit": "beds"},
    }
    assert told["place_codes"] == ["ZZ-1"]
    assert told["created_at"].endswith("Z")


@pytest.mark.parametrize("place", ["ZZ-1", "id"])
def test_a_place_is_named_by_code_or_id(api: Api, place: str) -> None:
    given = Place.objects.get(code="ZZ-1").pk if place == "id" else place
    assert api.post("offers/", {"title": "Beds", "places": [given]}).json()["place_codes"] == ["ZZ-1"]


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "places"])
def test_every_field_can_be_filtered_exactly(api: Api, name: str) -> None:
    made = api.post("offers/", WHOLE).json()
    offer(organisation("A"), title="Another")
    value = made[name]["value"] if name == "quantity" else made[name]
    assert [row["id"] for row in api.get(f"offers/?{name}={value}").json()["results"]] == [made["id"]]


@pytest.mark.parametrize("query", ["organisation=A", "organisation_code=A", "places=ZZ-1", "place_codes=ZZ-1"])
def test_relations_are_filtered_by_code(api: Api, query: str) -> None:
    made = api.post("offers/", WHOLE).json()
    assert [row["id"] for row in api.get(f"offers/?{query}").json()["results"]] == [made["id"]]
    assert api.get(f"offers/?{query}9").json()["results"] == []


def test_moments_are_filtered_exactly(api: Api) -> None:
    made = api.post("offers/", WHOLE).json()
    for name in ("created_at", "updated_at"):
        assert len(api.get(f"offers/?{name}={made[name]}").json()["results"]) == 1


@pytest.mark.parametrize(
    "change, status, code, pointer",
    [
        ({"state": "open", "kind": ""}, 422, "required_to_open", "/kind"),
        ({"quantity": {"value": "5", "unit": ""}}, 400, "blank", "/quantity/unit"),
        ({"quantity": {"value": "0", "unit": "beds"}}, 422, "not_positive", "/quantity/value"),
        ({"quantity": {"value": "0.0000001", "unit": "beds"}}, 400, "too_fine", "/quantity/value"),
        ({"quantity": {"value": "1e13", "unit": "beds"}}, 400, "too_large", "/quantity/value"),
        ({"quantity": {"value": "abc", "unit": "beds"}}, 400, "invalid", "/quantity/value"),
        ({"quantity": {"value": "5"}}, 400, "required", "/quantity/unit"),
        ({"quantity": {"value": "5", "unit": 5}}, 400, "invalid", "/quantity/unit"),
        ({"quantity": "5 beds"}, 400, "invalid", "/quantity"),
        ({"until": "2026-10-01"}, 422, "before_start", "/until"),
        ({"external_id": "no spaces"}, 400, "invalid", "/external_id"),
        ({"state": "expired"}, 400, "invalid_choice", "/state"),
        ({"places": [99]}, 422, "does_not_exist", "/places/0"),
    ],
)
def test_what_is_refused_is_told_with_its_pointer(
    api: Api, change: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    body = problem(api.post("offers/", {**WHOLE, **change}), status, code)
    assert [fault["pointer"] for fault in body["errors"]] == [pointer]
    assert Offer.objects.count() == 0


def test_an_external_id_is_used_once(api: Api) -> None:
    api.post("offers/", WHOLE)
    problem(api.post("offers/", WHOLE), 409, "duplicate")
    assert Offer.objects.count() == 1


def test_a_state_that_cannot_follow_is_409(api: Api) -> None:
    row = offer(organisation("A"), state="expired", kind="goods")
    problem(api.patch(f"offers/{row.pk}/", {"state": "draft"}, If_Match='"1"'), 409, "wrong_state")


def test_patch_leaves_what_is_not_given_and_takes_null_for_empty(api: Api) -> None:
    made = api.post("offers/", WHOLE).json()
    changed = api.patch(f"offers/{made['id']}/", {"until": None, "quantity": None, "places": []}, If_Match="*").json()
    kept = {name: value for name, value in WHOLE.items() if name not in ("until", "quantity", "places")}
    assert {name: changed[name] for name in kept} == kept
    assert (changed["until"], changed["quantity"], changed["places"]) == (None, None, [])


def test_nobody_offers_in_anothers_name(api: Api) -> None:
    theirs = organisation("B")
    for named in ("B", theirs.pk):
        problem(api.post("offers/", {"title": "x", "organisation": named}), 422, "does_not_exist")
    assert Offer.objects.count() == 0


def test_carol_sees_nothing_of_a() -> None:
    ours, theirs = organisation("A"), organisation("B")
    hidden = offer(ours, title="secret of A", state="open", kind="goods", external_id="x-1")
    carol = Api(token_of(theirs))
    problem(carol.get(f"offers/{hidden.pk}/"), 404, "not_found")
    problem(carol.patch(f"offers/{hidden.pk}/", {"title": "x"}, If_Match='"1"'), 404, "not_found")
    for query in ("", "?search=secret", "?organisation=A", f"?id={hidden.pk}", "?external_id=x-1"):
        assert carol.get(f"offers/{query}").json()["results"] == []
    text = b"".join(carol.get("offers/?format=csv").streaming_content)
    assert b"secret" not in text
    hidden.refresh_from_db()
    assert (hidden.title, hidden.version) == ("secret of A", 1)


def test_somebody_of_two_organisations_says_in_whose_name(api: Api) -> None:
    body = problem(Api(token_of(organisation("A"))).post("offers/", {"title": "x", "organisation": None}), 400, "null")
    assert body["errors"][0]["pointer"] == "/organisation"
