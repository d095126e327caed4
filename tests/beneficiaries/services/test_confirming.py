"""A person says by her receipt that a need is met, or takes it back: once a receipt, from five on it is met."""

import json
from typing import Any

import pytest

from beneficiaries.choices import NeedState
from beneficiaries.models import Feedback, Need, NeedConfirmation, Receipt
from beneficiaries.services import by_receipt, receipts
from beneficiaries.services.receipts import new_slip
from kmop.accounts.services import service_account
from kmop.audit.models import Entry
from kmop.shared.errors import RuleBroken
from projects.models import Project
from tests.factories import Cast, make_cast
from tests.factories_voices import make_activity, make_answered, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def receipt_of(feedback: Feedback) -> Receipt:
    slip = new_slip()
    receipts.issue(slip, feedback=feedback)
    return receipts.open_receipt(code=slip.code, pin=slip.pin)


def people(cast: Cast, need: Need, count: int = 5) -> list[Receipt]:
    return [receipt_of(make_answered(cast.project, need=need)) for _number in range(count)]


def state(need: Need) -> str:
    return str(Need.objects.get(pk=need.pk).state)


def test_the_fifth_receipt_makes_a_need_met_and_one_taken_back_makes_it_answered(cast: Cast) -> None:
    need = make_need(cast.project, activity=make_activity(cast.project), state=NeedState.ANSWERED)
    make_round(cast.project, (need, 60, 46))
    states = []
    rows = people(cast, need)
    for receipt in rows:
        by_receipt.say_met(receipt=receipt, is_met=True)
        states.append(state(need))
    assert (states, Project.objects.get(pk=cast.project.pk).people_met) == (["answered"] * 4 + ["met"], 46)
    by_receipt.say_met(receipt=rows[0], is_met=False)
    assert (state(need), Project.objects.get(pk=cast.project.pk).people_met) == ("answered", 0)


def test_a_receipt_counts_once_and_shows_its_last_word(cast: Cast) -> None:
    [receipt] = people(cast, make_need(cast.project), 1)
    told = []
    for word in (True, True, False):
        by_receipt.say_met(receipt=receipt, is_met=word)
        view = by_receipt.read_receipt(receipt=Receipt.objects.get(pk=receipt.pk))
        told.append((view.need, NeedConfirmation.objects.count()))
    said = by_receipt.NeedSaid
    assert told == [(said("Childcare", True), 1), (said("Childcare", True), 1), (said("Childcare", False), 1)]


def test_two_messages_of_one_need_are_two_receipts(cast: Cast) -> None:
    for receipt in people(cast, make_need(cast.project), 2):
        by_receipt.say_met(receipt=receipt, is_met=True)
    assert NeedConfirmation.objects.filter(is_met=True, way="receipt").count() == 2


def test_the_trail_has_the_state_and_no_word(cast: Cast) -> None:
    [receipt] = people(cast, make_need(cast.project), 1)
    by_receipt.say_met(receipt=receipt, is_met=True)
    entry = Entry.objects.filter(action="need.confirmed").get()
    assert json.loads(entry.content)["facts"] == {"way": "receipt", "people": 1, "state": "voiced"}
    assert entry.actor_id == str(service_account(by_receipt.PUBLIC_FORM).pk)


@pytest.mark.parametrize("act", [by_receipt.withdraw, by_receipt.erase])
def test_a_message_taken_back_or_erased_takes_its_word_along(cast: Cast, act: Any) -> None:
    need = make_need(cast.project)
    rows = people(cast, need)
    for receipt in rows:
        by_receipt.say_met(receipt=receipt, is_met=True)
    act(receipt=Receipt.objects.get(pk=rows[0].pk))
    assert (state(need), NeedConfirmation.objects.count()) == ("confirmed", 4)


@pytest.mark.parametrize("need_state", ["none", "refused"])
def test_without_a_need_or_with_a_refused_one_nothing_is_asked(cast: Cast, need_state: str) -> None:
    need = make_need(cast.project, state=need_state) if need_state == "refused" else None
    receipt = receipt_of(make_feedback(cast.project, need=need))
    assert by_receipt.read_receipt(receipt=receipt).need is None
    with pytest.raises(RuleBroken, match="^need_missing$"):
        by_receipt.say_met(receipt=receipt, is_met=True)


def test_a_withdrawn_message_says_nothing_more(cast: Cast) -> None:
    [receipt] = people(cast, make_need(cast.project), 1)
    by_receipt.withdraw(receipt=receipt)
    with pytest.raises(RuleBroken, match="^wrong_state$"):
        by_receipt.say_met(receipt=Receipt.objects.get(pk=receipt.pk), is_met=True)
