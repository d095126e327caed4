"""`/updates/external/{external_id}/`: an API client's own names."""

from typing import Any

import pytest

from projects.models import Update
from tests.api_client import Api, problem, signed_in
from tests.factories import Cast, make_cast, make_indicator, make_period
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

PATH = "updates/external/mis-2026:0042/"
BODY: dict[str, Any] = {"indicator": "STR-25/1.1", "period": "2026-01/2026-01", "total": "73"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "updates:write"))


def test_it_is_made_and_then_replaced(api: Api) -> None:
    problem(api.get(PATH), 404, "not_found")
    made = api.put(PATH, BODY)
    assert (made.status_code, made.json()["external_id"], made["ETag"]) == (201, "mis-2026:0042", '"1"')
    assert made["Location"].endswith(f"/updates/{made.json()['id']}/")
    again = api.put(PATH, {**BODY, "total": "74", "narrative": "x"})
    assert (again.status_code, again.json()["total"], again["ETag"]) == (200, "74", '"2"')
    read = api.get(PATH)
    assert (read.status_code, read.json(), read["ETag"]) == (200, again.json(), '"2"')
    assert Update.objects.count() == 1


def test_the_same_once_more_changes_nothing_even_when_it_is_handed_in(api: Api) -> None:
    sent = {**BODY, "state": "submitted"}
    made = api.put(PATH, sent)
    assert (made.status_code, made.json()["state"]) == (201, "submitted")
    again = api.put(PATH, sent)
    assert (again.status_code, again.json(), again["ETag"]) == (200, made.json(), made["ETag"])
    problem(api.put(PATH, {**sent, "total": "74"}), 409, "wrong_state")
    problem(api.put(PATH, {**sent, "narrative": "more"}), 409, "wrong_state")
    problem(api.put(PATH, BODY), 409, "wrong_state")


def test_an_approved_one_is_corrected_by_a_revision(cast: Cast, api: Api) -> None:
    made = api.put(PATH, {**BODY, "state": "submitted"})
    signed_in(cast.alice).post(f"updates/{made.json()['id']}/approve/", If_Match=made["ETag"])
    problem(api.put(PATH, {**BODY, "state": "submitted", "total": "70"}), 409, "wrong_state")


def test_a_returned_one_is_replaced_and_handed_in(cast: Cast, api: Api) -> None:
    made = api.put(PATH, {**BODY, "state": "submitted"})
    path = f"updates/{made.json()['id']}/return/"
    assert signed_in(cast.alice).post(path, {"note": "x"}, If_Match=made["ETag"]).status_code == 200
    again = api.put(PATH, {**BODY, "total": "70", "state": "submitted"})
    assert (again.status_code, again.json()["state"], again.json()["total"]) == (200, "submitted", "70")


def test_a_name_is_unique_for_each_client(cast: Cast, api: Api) -> None:
    api.put(PATH, BODY)
    period = make_period(cast.indicator, 2)
    told = {**BODY, "period": period.pk, "external_id": "mis-2026:0042"}
    problem(api.post("updates/", told), 409, "duplicate")
    other = Api(token_of(cast.a, "updates:write"))
    problem(other.get(PATH), 404, "not_found")
    assert other.put(PATH, {**BODY, "period": period.pk}).status_code == 201


def test_a_name_stays_with_its_figure(cast: Cast, api: Api) -> None:
    api.put(PATH, BODY)
    make_period(make_indicator(cast.project, "1.2"), 3)
    told = problem(api.put(PATH, {**BODY, "indicator": "STR-25/1.2", "period": "2026-03/2026-03"}), 422, "invalid")
    assert [fault["pointer"] for fault in told["errors"]] == ["/indicator", "/period"]
    told = problem(api.put(PATH, {**BODY, "external_id": "other"}), 422, "unchangeable")
    assert [fault["pointer"] for fault in told["errors"]] == ["/external_id"]


@pytest.mark.parametrize("name", ["a b", "x" * 101, "ä"])
def test_a_name_has_its_letters(api: Api, name: str) -> None:
    told = problem(api.put(f"updates/external/{name}/", BODY), 400, "invalid")
    assert [fault["pointer"] for fault in told["errors"]] == ["/external_id"]
    problem(api.get(f"updates/external/{name}/"), 404, "not_found")


def test_names_belong_to_clients(cast: Cast, api: Api) -> None:
    api.put(PATH, BODY)
    bob = signed_in(cast.bob)
    problem(bob.get(PATH), 404, "not_found")
    told = problem(bob.put(PATH, BODY), 403, "not_allowed")
    assert told["detail"] == "External ids belong to API clients: come with a token."
    problem(api.put(PATH), 400, "no_body")
    problem(api.put(PATH, {"total": "1"}), 400, "invalid")
    problem(api.post(PATH, BODY), 405, "method_not_allowed")
    problem(Api(token_of(cast.a, "updates:read")).put(PATH, BODY), 403, "scope_missing")


def test_a_dry_run_makes_nothing(api: Api) -> None:
    dry = api.put(f"{PATH}?dry_run=true", BODY)
    assert (dry.status_code, dry.json()["id"], Update.objects.count()) == (200, None, 0)


def test_carol_has_names_of_her_own(cast: Cast, api: Api) -> None:
    api.put(PATH, BODY)
    carol = Api(token_of(cast.b, "updates:write"))
    problem(carol.get(PATH), 404, "not_found")
    problem(carol.put(PATH, BODY), 422, "does_not_exist")
    make_period(make_indicator(cast.other, "1.1"))
    assert carol.put(PATH, {**BODY, "indicator": "OTH-25/1.1"}).status_code == 201
