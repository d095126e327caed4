"""What a person does with an opened receipt of an ordinary message."""

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback, Message, Receipt
from beneficiaries.services import by_receipt, receipts
from beneficiaries.services.receipts import new_slip
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared.errors import RuleBroken, Stale
from kmop.shared.models import Tombstone
from tests.factories import Cast, make_cast
from tests.factories_voices import make_answered, make_feedback, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def receipt_of(feedback: Feedback) -> Receipt:
    slip = new_slip()
    receipts.issue(slip, feedback=feedback)
    return receipts.open_receipt(code=slip.code, pin=slip.pin)


def test_reading_marks_the_answers_as_read(cast: Cast) -> None:
    row = make_answered(cast.project)
    view = by_receipt.read_receipt(receipt=receipt_of(row))
    assert (view.project, view.state, view.promised_on, len(view.messages)) == (
        "Project STR-25",
        "answered",
        row.promised_on,
        1,
    )
    assert Message.objects.get().read_at is not None


def test_a_message_without_project_names_none(db: None) -> None:
    assert by_receipt.read_receipt(receipt=receipt_of(make_feedback(None))).project == ""


@pytest.mark.parametrize("state", [FeedbackState.ANSWERED, FeedbackState.CLOSED])
def test_a_reply_opens_it_again_and_tells_who_answers(cast: Cast, state: str) -> None:
    row = make_answered(cast.project, state=state, assigned_to=cast.bob)
    by_receipt.reply(receipt=receipt_of(row), text=" And the bus? ")
    row.refresh_from_db()
    assert (row.state, row.closed_at, row.version) == ("acknowledged", None, 2)
    assert list(Notice.objects.values_list("user__name", "kind")) == [("Bob", "beneficiaries.feedback_replied")]
    assert Message.objects.filter(sender="person").get().text == "And the bus?"


def test_a_reply_to_nobodys_message_tells_the_staff(cast: Cast) -> None:
    row = make_feedback(cast.project)
    by_receipt.reply(receipt=receipt_of(row), text="More")
    row.refresh_from_db()
    assert (row.state, Notice.objects.get().user) == ("new", cast.alice)


def test_an_empty_reply_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        by_receipt.reply(receipt=receipt_of(make_feedback(cast.project)), text=" ")


def test_a_lost_race_keeps_no_half_reply(cast: Cast) -> None:
    row = make_feedback(cast.project)
    receipt = receipt_of(row)
    Feedback.objects.update(version=5)
    with pytest.raises(Stale):
        by_receipt.reply(receipt=receipt, text="More")
    assert Message.objects.count() == 0


def test_what_is_taken_back_is_quoted_nowhere(cast: Cast) -> None:
    row = make_feedback(cast.project, may_quote=True, paraphrase="Bus", need=make_need(cast.project))
    receipt = receipt_of(row)
    by_receipt.withdraw(receipt=receipt)
    row.refresh_from_db()
    assert (row.state, row.may_quote, row.paraphrase, row.need) == ("withdrawn", False, "", None)
    assert (Feedback.objects.quotable().count(), by_receipt.read_receipt(receipt=receipt).is_withdrawn) == (0, True)
    for act, more in ((by_receipt.withdraw, {}), (by_receipt.reply, {"text": "x"})):
        with pytest.raises(RuleBroken):
            act(receipt=receipt, **more)  # type: ignore[operator]


def test_an_erasure_leaves_only_that_it_took_place(cast: Cast) -> None:
    row = make_answered(cast.project)
    by_receipt.erase(receipt=receipt_of(row))
    assert (Feedback.objects.count(), Message.objects.count(), Receipt.objects.count()) == (0, 0, 0)
    assert (Tombstone.objects.get().object_id, Entry.objects.filter(action="feedback.erased").count()) == (
        str(row.pk),
        1,
    )


def test_a_receipt_of_nothing_is_a_fault_of_ours() -> None:
    with pytest.raises(LookupError):
        by_receipt.read_receipt(receipt=Receipt())
