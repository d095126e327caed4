"""`/updates/{id}/submit/ approve/ return/ revise/`: who, when, with which version; and what follows."""

from typing import Any

import pytest

from projects.choices import ProjectRoleName
from projects.models import Actual, Update
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_obligation,
    make_period,
    make_role,
    make_update,
    make_user,
)
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

ACTS: list[tuple[str, dict[str, Any] | None]] = [
    ("submit", None),
    ("approve", None),
    ("return", {"note": "Which village?"}),
    ("revise", None),
]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "updates:write"))


@pytest.fixture
def officer(cast: Cast) -> Api:
    return signed_in(cast.alice)


def test_the_whole_way_of_a_figure(cast: Cast, api: Api, officer: Api) -> None:
    owed = make_obligation(cast.period, cast.a)
    made = api.post("updates/", {"indicator": "STR-25/1.1", "period": "2026-01/2026-01", "total": "73"}).json()
    path = f"updates/{made['id']}/"
    submitted = api.post(f"{path}submit/", If_Match='"1"')
    assert (submitted.status_code, submitted.json()["state"], submitted["ETag"]) == (200, "submitted", '"2"')
    returned = officer.post(f"{path}return/", {"note": "Which village?"}, If_Match='"2"')
    assert (returned.json()["state"], returned.json()["note"]) == ("returned", "Which village?")
    assert returned.json()["obligation"]["state"] == "returned"
    assert api.patch(path, {"total": "70", "state": "submitted"}, If_Match='"3"').status_code == 200
    approved = officer.post(f"{path}approve/", If_Match='"5"')
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert Actual.objects.get(cell="").numerator == 70
    revised = api.post(f"{path}revise/", {"reason": "Two counted twice"}, If_Match=approved["ETag"])
    assert revised.status_code == 201
    told = revised.json()
    assert revised["Location"].endswith(f"/api/v1/updates/{told['id']}/")
    assert (told["revision"], told["revises"], told["revision_reason"], told["state"]) == (
        2, made["id"], "Two counted twice", "draft",
    )  # fmt: skip
    assert told["obligation"] == {"id": owed.pk, "due_date": "2026-03-02", "state": "approved"}
    again = api.patch(f"updates/{told['id']}/", {"total": "68", "state": "submitted"}, If_Match=revised["ETag"])
    assert officer.post(f"updates/{told['id']}/approve/", If_Match=again["ETag"]).status_code == 200
    assert Actual.objects.get(cell="").numerator == 68
    before = api.get(path).json()
    assert (before["state"], before["superseded_at"] is None, before["obligation"]) == ("approved", False, None)
    owed.refresh_from_db()
    assert owed.update_id == told["id"]


@pytest.mark.parametrize("name,given", ACTS)
def test_an_act_needs_the_version_it_read(cast: Cast, name: str, given: Any) -> None:
    state = {"submit": "draft", "revise": "approved"}.get(name, "submitted")
    row = make_update(cast.period, cast.a, 5, state=state)
    who = Api(token_of(cast.a, "updates:write")) if name in ("submit", "revise") else signed_in(cast.alice)
    path = f"updates/{row.pk}/{name}/"
    problem(who.post(path, given), 428, "if_match_required")
    problem(who.post(path, given, If_Match='"9"'), 412, "stale")
    dry = who.post(f"{path}?dry_run=true", given, If_Match='"1"')
    assert (dry.status_code, dry.json()["dry_run"]) == (200, True)
    row.refresh_from_db()
    assert (row.version, row.state, Update.objects.count()) == (1, state, 1)
    assert who.post(path, given, If_Match='"1"').status_code == (201 if name == "revise" else 200)


@pytest.mark.parametrize("name,given", ACTS)
def test_an_act_at_the_wrong_time_is_409(cast: Cast, name: str, given: Any) -> None:
    state = {"approve": "approved", "return": "approved"}.get(name, "submitted")
    row = make_update(cast.period, cast.a, 5, state=state)
    who = Api(token_of(cast.a, "updates:write")) if name in ("submit", "revise") else signed_in(cast.alice)
    problem(who.post(f"updates/{row.pk}/{name}/", given, If_Match='"1"'), 409, "wrong_state")
    assert Update.objects.values_list("version", flat=True).get() == 1


def test_each_act_is_for_its_people(cast: Cast, api: Api, officer: Api) -> None:
    row = make_update(cast.period, cast.a, 5, state="submitted")
    path = f"updates/{row.pk}/"
    told = problem(api.post(f"{path}approve/", If_Match='"1"'), 403, "not_allowed")
    assert told["detail"] == "Updates are decided by the project's manager or M&E officer."
    problem(api.post(f"{path}return/", {"note": "x"}, If_Match='"1"'), 403, "not_allowed")
    problem(officer.post(f"{path}submit/", If_Match='"1"'), 403, "not_allowed")
    problem(officer.post(f"{path}revise/", If_Match='"1"'), 403, "not_allowed")
    problem(officer.post("updates/99999/approve/", If_Match='"1"'), 404, "not_found")


def test_who_submitted_does_not_approve(cast: Cast) -> None:
    make_role(cast.bob, ProjectRoleName.ME_OFFICER, cast.project)
    row = make_update(cast.period, cast.a, 5, state="submitted", by=cast.bob)
    told = problem(signed_in(cast.bob).post(f"updates/{row.pk}/approve/", If_Match='"1"'), 403, "not_allowed")
    assert told["detail"] == "You submitted this update yourself; somebody else decides about it."


def test_returning_needs_a_note(cast: Cast, officer: Api) -> None:
    row = make_update(cast.period, cast.a, 5, state="submitted")
    path = f"updates/{row.pk}/return/"
    for given, status, code in ((None, 400, "no_body"), ({}, 400, "required"), ({"note": " "}, 422, "required")):
        told = problem(officer.post(path, given, If_Match='"1"'), status, code)
        assert [fault["pointer"] for fault in told["errors"]] == ([] if given is None else ["/note"])
    row.refresh_from_db()
    assert row.state == "submitted"


def test_a_correction_without_a_reason_says_where_it_came_from(cast: Cast, api: Api) -> None:
    row = make_update(cast.period, cast.a, 5)
    told = api.post(f"updates/{row.pk}/revise/", If_Match='"1"').json()
    assert told["revision_reason"] == "Corrected by the partner's own system."
    problem(api.post(f"updates/{row.pk}/revise/", If_Match='"1"'), 409, "duplicate")


def test_evidence_that_is_asked_for_comes_first(cast: Cast, api: Api) -> None:
    cast.indicator.evidence_required = True
    cast.indicator.save()
    row = make_update(cast.period, cast.a, 5, state="draft")
    told = problem(api.post(f"updates/{row.pk}/submit/", If_Match='"1"'), 422, "required")
    assert [fault["pointer"] for fault in told["errors"]] == ["/evidence"]


def test_the_same_approval_twice_has_one_effect(cast: Cast, officer: Api) -> None:
    row = make_update(cast.period, cast.a, 5, state="submitted")
    send = {"If_Match": '"1"', "Idempotency_Key": "k"}
    first = officer.post(f"updates/{row.pk}/approve/", **send)
    again = officer.post(f"updates/{row.pk}/approve/", **send)
    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")


def test_an_act_is_a_post(cast: Cast, api: Api) -> None:
    row = make_update(cast.period, cast.a, 5, state="draft")
    problem(api.get(f"updates/{row.pk}/submit/"), 405, "method_not_allowed")


APPROVE = 25


@pytest.mark.parametrize("number", [1, 4])
def test_approving_has_a_fixed_number_of_statements(cast: Cast, number: int) -> None:
    for count in range(number):
        indicator = make_indicator(cast.project, f"2.{count}")
        for month in range(1, 1 + number):
            make_update(make_period(indicator, month), cast.a, {"": 3, "sex:female": 3})
    row = make_update(cast.period, cast.a, {"": 3, "sex:female": 3}, state="submitted")
    make_obligation(cast.period, cast.a, update=row)
    officer = make_user("Olga")
    make_role(officer, ProjectRoleName.ME_OFFICER, cast.project)
    who = signed_in(officer)
    statements, answer = counted(lambda: who.post(f"updates/{row.pk}/approve/", {}, If_Match='"1"'))
    assert (statements, answer.status_code) == (APPROVE, 200)
