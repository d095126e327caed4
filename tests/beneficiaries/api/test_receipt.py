"""`/feedback/receipt/`: code and PIN in headers; all that is wrong is one 404, and a wrong try stays counted."""

from typing import Any

import pytest

from beneficiaries.models import Feedback, Receipt
from beneficiaries.services import receipts
from beneficiaries.services.receipts import Slip, new_slip
from tests.api_client import Api, problem
from tests.factories import make_project
from tests.factories_voices import make_answered, make_need

ADDRESS = "feedback/receipt/"


@pytest.fixture
def slip(db: None) -> Slip:
    drawn = new_slip()
    receipts.issue(drawn, feedback=make_answered(make_project()))
    return drawn


def headers(slip: Slip, **more: str) -> dict[str, Any]:
    return {"Receipt_Code": slip.code, "Receipt_PIN": slip.pin, **more}


def test_the_answer_is_read_without_account(slip: Slip) -> None:
    answer = Api().get(ADDRESS, **headers(slip))
    told = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert (told["state"], told["text"]) == ("answered", "Where is the office?")
    assert [(turn["sender"], turn["text"]) for turn in told["messages"]] == [("staff", "In the old school.")]


@pytest.mark.parametrize("given", [{}, {"Receipt_Code": "bado"}, {"Receipt_PIN": "123456"}])
def test_missing_or_wrong_is_404(slip: Slip, given: dict[str, str]) -> None:
    bodies = [problem(Api().get(ADDRESS, **one), 404, "not_found") for one in (given, headers(slip, Receipt_PIN="1"))]
    assert bodies[0] == bodies[1]


def test_reply_withdraw_and_erase(slip: Slip) -> None:
    api = Api()
    replied = api.post(ADDRESS, {"act": "reply", "text": "Thank you"}, **headers(slip)).json()
    assert (replied["state"], replied["messages"][-1]["text"]) == ("acknowledged", "Thank you")
    assert api.post(ADDRESS, {"act": "withdraw"}, **headers(slip)).json()["state"] == "withdrawn"
    problem(api.post(ADDRESS, {"act": "reply", "text": "Still there?"}, **headers(slip)), 409, "wrong_state")
    assert api.post(ADDRESS, {"act": "erase"}, **headers(slip)).json() == {"state": "erased"}
    assert (Feedback.objects.count(), Receipt.objects.count()) == (0, 0)
    problem(api.get(ADDRESS, **headers(slip)), 404, "not_found")


def test_a_reply_needs_words(slip: Slip) -> None:
    problem(Api().post(ADDRESS, {"act": "reply"}, **headers(slip)), 422, "invalid")


def test_an_unknown_act_is_400_before_the_receipt_is_tried(slip: Slip) -> None:
    problem(Api().post(ADDRESS, {"act": "dance"}, **headers(slip, Receipt_PIN="1")), 400, "invalid_choice")
    assert Receipt.objects.get().wrong_tries == 0


@pytest.mark.django_db(transaction=True)
def test_a_wrong_try_stays_counted_although_the_write_fails(slip: Slip) -> None:
    for _try in range(3):
        problem(Api().post(ADDRESS, {"act": "erase"}, **headers(slip, Receipt_PIN="1")), 404, "not_found")
    assert Receipt.objects.get().wrong_tries == 3
    assert Api().post(ADDRESS, {"act": "withdraw"}, **headers(slip)).status_code == 200


def test_a_kept_answer_is_never_given_for_a_wrong_pin(slip: Slip) -> None:
    body = {"act": "reply", "text": "Thank you"}
    answers = [Api().post(ADDRESS, body, **headers(slip, Idempotency_Key="k")) for _time in range(2)]
    assert (answers[0].json(), answers[1]["Idempotency-Replayed"]) == (answers[1].json(), "true")
    problem(Api().post(ADDRESS, body, **headers(slip, Idempotency_Key="k", Receipt_PIN="1")), 404, "not_found")


def test_a_dry_run_erases_nothing(slip: Slip) -> None:
    assert Api().post(f"{ADDRESS}?dry_run=true", {"act": "erase"}, **headers(slip)).status_code == 200
    assert Feedback.objects.count() == 1


def test_a_need_is_said_to_be_met_and_taken_back(slip: Slip) -> None:
    row = Feedback.objects.get()
    assert row.project is not None
    Feedback.objects.update(need=make_need(row.project, "Care"))
    told = [Api().post(ADDRESS, {"act": act}, **headers(slip)).json()["need"] for act in ("met", "not_met")]
    assert told == [{"title": "Care", "is_met": True}, {"title": "Care", "is_met": False}]


def test_without_a_need_there_is_nothing_to_confirm(slip: Slip) -> None:
    assert Api().get(ADDRESS, **headers(slip)).json()["need"] is None
    problem(Api().post(ADDRESS, {"act": "met"}, **headers(slip)), 409, "need_missing")
