"""What a person without an account does with code and PIN: read, reply, withdraw, ask for erasure."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from beneficiaries import validators
from beneficiaries.choices import Action, FeedbackState, MessageFrom
from beneficiaries.models import Feedback, Message, Receipt
from beneficiaries.services import sensitive
from beneficiaries.services.receipts import open_receipt
from beneficiaries.services.sealing import unseal
from kmop.accounts.services import service_account
from kmop.audit import services as audit
from kmop.shared.errors import RuleBroken
from kmop.shared.models import Tombstone, bump
from kmop.shared.text import in_language

PUBLIC_FORM = "public-form"


@dataclass(frozen=True)
class ReceiptMessage:
    """One further message: "staff" or "person", its words and when."""

    sender: str
    text: str
    at: datetime


@dataclass(frozen=True)
class ReceiptView:
    """What the person reads. A protected message shows no project."""

    state: str
    received_at: datetime
    promised_on: date | None
    project: str
    text: str
    language: str
    messages: tuple[ReceiptMessage, ...]


def read_receipt(*, code: str, pin: str) -> ReceiptView:
    """What stands behind code and PIN. Raises `NoSuchReceipt`. Answers are marked as read."""
    receipt = open_receipt(code=code, pin=pin)
    return _protected(receipt) if receipt.sensitive_id else _ordinary(receipt)


def _protected(receipt: Receipt) -> ReceiptView:
    report = receipt.sensitive
    assert report is not None
    content = unseal(report.pk, report.sealed)
    told = [
        ReceiptMessage(one["sender"], one["text"], parse_datetime(one["at"]) or report.received_at)
        for one in content["messages"]
    ]
    answered = any(one.sender == MessageFrom.STAFF for one in told)
    state = FeedbackState.ANSWERED if answered else FeedbackState.NEW
    if report.first_opened_at and not answered:
        state = FeedbackState.ACKNOWLEDGED
    return ReceiptView(str(state), report.received_at, None, "", content["text"], content["language"], tuple(told))


def _ordinary(receipt: Receipt) -> ReceiptView:
    feedback = receipt.feedback
    assert feedback is not None
    rows = list(feedback.messages.order_by("at", "id"))
    feedback.messages.filter(sender=MessageFrom.STAFF, read_at=None).update(read_at=timezone.now())
    return ReceiptView(
        state=feedback.state,
        received_at=feedback.received_at,
        promised_on=feedback.promised_on,
        project=in_language(feedback.project.titles) if feedback.project else "",
        text=feedback.text,
        language=feedback.language,
        messages=tuple(ReceiptMessage(one.sender, one.text, one.at) for one in rows),
    )


def reply(*, code: str, pin: str, text: str) -> None:
    """Write again. The message is open again and waits for an answer."""
    receipt = open_receipt(code=code, pin=pin)  # before the transaction: a wrong try must stay counted
    validators.text_is_given(text)
    with transaction.atomic():
        _reply(receipt, text)


def _reply(receipt: Receipt, text: str) -> None:
    if receipt.sensitive is not None:
        sensitive.add_message(receipt.sensitive, MessageFrom.PERSON, text)
        return
    feedback = _live(receipt)
    Message.objects.create(
        feedback=feedback, sender=MessageFrom.PERSON, text=text.strip(), language=feedback.language, at=timezone.now()
    )
    if feedback.state in (FeedbackState.ANSWERED, FeedbackState.CLOSED):
        feedback.state = FeedbackState.ACKNOWLEDGED
        bump(feedback, "state")
    audit.record(service_account(PUBLIC_FORM), Action.FEEDBACK_REPLIED, feedback)


def withdraw(*, code: str, pin: str) -> None:
    """Take the message back: it waits for no answer any more and is quoted nowhere."""
    receipt = open_receipt(code=code, pin=pin)
    with transaction.atomic():
        _withdraw(receipt)


def _withdraw(receipt: Receipt) -> None:
    if receipt.sensitive is not None:
        sensitive.withdraw_report(receipt.sensitive)
        return
    feedback = _live(receipt)
    feedback.state, feedback.may_quote, feedback.closed_at = FeedbackState.WITHDRAWN, False, timezone.now()
    bump(feedback, "state", "may_quote", "closed_at")
    audit.record(service_account(PUBLIC_FORM), Action.FEEDBACK_WITHDRAWN, feedback)


def erase(*, code: str, pin: str) -> None:
    """Erase the message with its replies and its receipt. What remains is that an erasure took place."""
    receipt = open_receipt(code=code, pin=pin)
    with transaction.atomic():
        _erase(receipt)


def _erase(receipt: Receipt) -> None:
    if receipt.sensitive is not None:
        receipt.sensitive.delete()
        return
    feedback = receipt.feedback
    assert feedback is not None
    Tombstone.objects.create(kind="feedback", object_id=str(feedback.pk), scope=str(feedback.project_id or ""))
    audit.record(service_account(PUBLIC_FORM), Action.FEEDBACK_ERASED, feedback)
    feedback.delete()


def _live(receipt: Receipt) -> Feedback:
    feedback = receipt.feedback
    assert feedback is not None
    if feedback.state == FeedbackState.WITHDRAWN:
        raise RuleBroken(_("You have withdrawn this message."), code="wrong_state")
    return feedback
