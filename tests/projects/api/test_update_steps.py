"""Steps of approval and answers to flags by REST."""

from typing import Any

import pytest

from projects.choices import ProjectRoleName, UpdateState
from projects.models import Actual, Project, Update
from projects.services.approval import set_approval_steps
from tests.api_client import Api, problem, signed_in
from tests.factories import Cast, fresh, make_cast, make_period, make_role, make_update, make_user
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db
BODY = {"indicator": "STR-25/1.1", "period": "2026-02/2026-02", "total": "90"}


@pytest.fixture
def cast() -> Cast:
    """January says 10: 90 in February jumps."""
    cast = make_cast()
    make_update(cast.period, cast.a, 10)
    make_period(cast.indicator, 2, due_on=None)
    return cast


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "updates:write"))


def codes(answer: Any) -> list[tuple[str, str | None]]:
    return [(one["code"], one["answer"]) for one in answer.json()["warnings"]]


def test_approve_takes_the_next_step(cast: Cast, api: Api) -> None:
    set_approval_steps(project=cast.project, steps=["me_officer", "programme_manager"], by=fresh(cast.alice))
    Project.objects.get(pk=cast.project.pk)
    olga = make_user("Olga")
    make_role(olga, ProjectRoleName.ME_OFFICER, cast.project)
    made = api.post("updates/", {**BODY, "state": "submitted"}).json()
    assert (made["step"], made["steps"]) == ("me_officer", ["me_officer", "programme_manager"])
    path = f"updates/{made['id']}/"
    first = signed_in(cast.alice).post(f"{path}approve/", {"note": "Fine."}, If_Match=f'"{2}"')
    assert (first.status_code, first.json()["state"], first.json()["step"]) == (200, "submitted", "programme_manager")
    assert Actual.objects.count() == 0
    told = problem(signed_in(olga).post(f"{path}approve/", If_Match=first["ETag"]), 403, "not_allowed")
    assert told["detail"] == "This update waits for the project's manager or a portfolio manager."
    told = problem(signed_in(cast.alice).post(f"{path}approve/", If_Match=first["ETag"]), 403, "not_allowed")
    assert told["detail"] == "You took an earlier step of this update; somebody else takes this one."
    mona = make_user("Mona")
    make_role(mona, ProjectRoleName.PROJECT_MANAGER, cast.project)
    last = signed_in(mona).post(f"{path}approve/", If_Match=first["ETag"])
    assert (last.json()["state"], last.json()["step"]) == ("approved", None)
    assert Actual.objects.get(cell="", period__starts_on__month=2).numerator == 90


def test_what_waits_for_a_step_is_listed(cast: Cast, api: Api) -> None:
    api.post("updates/", {**BODY, "state": "submitted"})
    assert len(api.get("updates/?step=me_officer").json()["results"]) == 1
    assert api.get("updates/?step=programme_manager").json()["results"] == []
    problem(api.get("updates/?step=nobody"), 400, "invalid_choice")


def test_a_draft_is_warned_and_each_warning_answered(cast: Cast, api: Api) -> None:
    made = api.post("updates/", BODY)
    assert (made.json()["state"], codes(made), made.json()["flag_answers"]) == ("draft", [("jump", None)], {})
    path = f"updates/{made.json()['id']}/"
    answered = api.patch(path, {"flag_answers": {"jump": "Two classes."}}, If_Match=made["ETag"])
    assert (codes(answered), answered.json()["total"]) == ([("jump", "Two classes.")], "90")
    kept = api.patch(path, {"narrative": "More.", "state": "submitted"}, If_Match=answered["ETag"])
    assert (codes(kept), kept.json()["state"]) == ([("jump", "Two classes.")], "submitted")
    assert Update.objects.get(pk=made.json()["id"]).flags == []


def test_an_answer_to_no_rule_is_refused(api: Api) -> None:
    told = problem(api.post("updates/", {**BODY, "flag_answers": {"nonsense": "x"}}), 422, "unknown_rule")
    assert [fault["pointer"] for fault in told["errors"]] == ["/flag_answers/nonsense"]
    problem(api.post("updates/", {**BODY, "flag_answers": "x"}), 400, "not_a_dict")


def test_an_officer_answers_a_flag(cast: Cast, api: Api) -> None:
    made = api.post("updates/", {**BODY, "state": "submitted"})
    path = f"updates/{made.json()['id']}/answer-flag/"
    officer = signed_in(cast.alice)
    answered = officer.post(path, {"code": "jump", "text": "I called."}, If_Match=made["ETag"])
    assert (answered.status_code, codes(answered)) == (200, [("jump", "I called.")])
    problem(officer.post(path, {"code": "late", "text": "x"}, If_Match=answered["ETag"]), 422, "does_not_exist")
    problem(api.post(path, {"code": "jump", "text": "x"}, If_Match=answered["ETag"]), 403, "not_allowed")
    carol = signed_in(cast.carol)
    problem(carol.post(path, {"code": "jump", "text": "x"}, If_Match=answered["ETag"]), 404, "not_found")


def test_a_partner_reads_nothing_of_another_ones_figure(cast: Cast, api: Api) -> None:
    february = cast.indicator.periods.get(starts_on__month=2)
    make_update(february, cast.b, 90, state=UpdateState.SUBMITTED)
    made = api.post("updates/", {**BODY, "state": "submitted"})
    assert codes(made) == [("jump", None)]
    row = Update.objects.get(pk=made.json()["id"])
    assert [one["code"] for one in row.flags] == ["jump", "double"]
    assert codes(signed_in(cast.alice).get(f"updates/{row.pk}/")) == [("jump", None), ("double", None)]


def test_the_same_by_a_name_of_ones_own_changes_nothing(api: Api) -> None:
    body = {**BODY, "state": "submitted", "flag_answers": {"jump": "Two classes."}}
    first = api.put("updates/external/mis-1/", body)
    again = api.put("updates/external/mis-1/", body)
    assert (first.status_code, again.status_code, again["ETag"]) == (201, 200, first["ETag"])
    problem(api.put("updates/external/mis-1/", {**body, "flag_answers": {"jump": "Three."}}), 409, "wrong_state")
