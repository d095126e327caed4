"""What a person without an account does with an opened receipt: read, reply, say whether a need is met, withdraw,
ask for erasure.

The door opens the receipt first (`receipts.open_receipt`), with no transaction open.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from beneficiaries import validators
from beneficiaries.choices import Action, ConfirmedBy, FeedbackState, MessageFrom, NeedState, VoiceNotice
from beneficiaries.models import Feedback, Message, Receipt, SensitiveReport
from beneficiaries.queries.staff import staff_of
from beneficiaries.services import sensitive
from beneficiaries.services.confirming import forget_word, keep_words, word_of
from beneficiaries.services.deletion import delete_feedback
from beneficiaries.services.sealing import unseal
from kmop.accounts.services import service_account
from kmop.audit import services as audit
from kmop.notifications.services import notify_many
from kmop.shared.errors import RuleBroken
from kmop.shared.models import bump
from kmop.shared.text import in_language

PUBLIC_FORM = "public-form"


@dataclass(frozen=True)
class ReceiptMessage:
    """One further message: "staff" or "person", its words, their language and when."""

    sender: str
    text: str
    language: str
    at: datetime


@dataclass(frozen=True)
class NeedSaid:
    """The need that the message belongs to, and the person's own word: is it met? None where she said nothing."""

    title: str
    is_met: bool | None


@dataclass(frozen=True)
class ReceiptView:
    """What the person reads. A protected message shows no project and no need; nor is a refused need asked about."""

    state: str
    received_at: datetime
    promised_on: date | None
    project: str
    text: str
    language: str
    messages: tuple[ReceiptMessage, ...]
    need: NeedSaid | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Taken back: there is nothing to reply to."""
        return self.state == FeedbackState.WITHDRAWN


@transaction.atomic
def read_receipt(*, receipt: Receipt) -> ReceiptView:
    """What stands behind the receipt. Answers are marked as read."""
    if receipt.sensitive is not None:
        return _protected(receipt.sensitive)
    return _ordinary(_feedback(receipt))


def _protected(report: SensitiveReport) -> ReceiptView:
    content = unseal(report.pk, report.sealed)
    told = [
        ReceiptMessage(one["sender"], one["text"], "", parse_datetime(one["at"]) or report.received_at)
        for one in content["messages"]
    ]
    state = _protected_state(report, content["text"], told)
    return ReceiptView(str(state), report.received_at, None, "", content["text"], content["language"], tuple(told))


def _protected_state(report: SensitiveReport, text: str, told: list[ReceiptMessage]) -> FeedbackState:
    if not text:
        return FeedbackState.WITHDRAWN
    if any(one.sender == MessageFrom.STAFF for one in told):
        return FeedbackState.ANSWERED
    return FeedbackState.ACKNOWLEDGED if report.first_opened_at else FeedbackState.NEW


def _ordinary(feedback: Feedback) -> ReceiptView:
    rows = list(feedback.messages.order_by("at", "id"))
    feedback.messages.filter(sender=MessageFrom.STAFF, read_at=None).update(read_at=timezone.now())
    return ReceiptView(
        state=feedback.state,
        received_at=feedback.received_at,
        promised_on=feedback.promised_on,
        project=in_language(feedback.project.titles) if feedback.project else "",
        text=feedback.text,
        language=feedback.language,
        messages=tuple(ReceiptMessage(one.sender, one.text, one.language, one.at) for one in rows),
        need=NeedSaid(str(feedback.need), word_of(feedback)) if _asked_about(feedback) else None,
    )


def _asked_about(feedback: Feedback) -> bool:
    return feedback.need is not None and feedback.need.state != NeedState.REFUSED


@transaction.atomic
def say_met(*, receipt: Receipt, is_met: bool) -> None:
    """Say that the need of the message is met for oneself, or take it back: one word a receipt, the last one counts.

    Raises `RuleBroken` for a message without a need, with a refused one, or withdrawn.
    """
    if receipt.sensitive is not None:
        raise RuleBroken(_("This message belongs to no need."), code="need_missing")
    feedback = _live(receipt)
    if feedback.need is None or not _asked_about(feedback):
        raise RuleBroken(_("This message belongs to no need."), code="need_missing")
    keep_words(feedback.need, ConfirmedBy.RECEIPT, {str(receipt.pk): is_met}, service_account(PUBLIC_FORM))


@transaction.atomic
def reply(*, receipt: Receipt, text: str) -> None:
    """Write again; an answered message waits for an answer once more.

    Raises `ValidationError` (text), `RuleBroken` once it is withdrawn, `Stale` where somebody was faster.
    """
    validators.text_is_given(text)
    if receipt.sensitive is not None:
        sensitive.add_reply(receipt.sensitive, text)
        return
    feedback = _live(receipt)
    Message.objects.create(
        feedback=feedback, sender=MessageFrom.PERSON, text=text.strip(), language=feedback.language, at=timezone.now()
    )
    if feedback.state in (FeedbackState.ANSWERED, FeedbackState.CLOSED):
        feedback.state, feedback.closed_at = FeedbackState.ACKNOWLEDGED, None
    bump(feedback, "state", "closed_at")
    _tell_who_answers(feedback)
    audit.record(service_account(PUBLIC_FORM), Action.FEEDBACK_REPLIED, feedback)


def _tell_who_answers(feedback: Feedback) -> None:
    """The assigned person, else the staff of the project."""
    staff = staff_of([feedback.project_id]).get(feedback.project_id, [])
    people = [feedback.assigned_to] if feedback.assigned_to else staff
    params = {"reference": feedback.reference}
    notify_many([(one, params) for one in people], VoiceNotice.REPLIED, link=f"/voices/{feedback.pk}/")


@transaction.atomic
def withdraw(*, receipt: Receipt) -> None:
    """Take the message back: it waits for no answer any more and is quoted nowhere, and its word on a need is out.

    Raises `RuleBroken` the second time.
    """
    if receipt.sensitive is not None:
        sensitive.withdraw_report(receipt.sensitive)
        return
    feedback = _live(receipt)
    forget_word(feedback, service_account(PUBLIC_FORM))
    feedback.state, feedback.may_quote, feedback.paraphrase = FeedbackState.WITHDRAWN, False, ""
    feedback.need, feedback.closed_at = None, timezone.now()
    bump(feedback, "state", "may_quote", "paraphrase", "need", "closed_at")
    audit.record(service_account(PUBLIC_FORM), Action.FEEDBACK_WITHDRAWN, feedback)


@transaction.atomic
def erase(*, receipt: Receipt) -> None:
    """Erase the message with its replies, its receipt and its word on a need. What remains is that it took place."""
    if receipt.sensitive is not None:
        receipt.sensitive.delete()
        return
    feedback = _feedback(receipt)
    forget_word(feedback, service_account(PUBLIC_FORM))
    delete_feedback(feedback)
    audit.record(service_account(PUBLIC_FORM), Action.FEEDBACK_ERASED, feedback)


def _feedback(receipt: Receipt) -> Feedback:
    """The receipt's message; one of the two is set, by a constraint of the database."""
    if receipt.feedback is None:
        raise LookupError("This receipt opens no ordinary message.")
    return receipt.feedback


def _live(receipt: Receipt) -> Feedback:
    feedback = _feedback(receipt)
    if feedback.state == FeedbackState.WITHDRAWN:
        raise RuleBroken(_("You have withdrawn this message."), code="wrong_state")
    return feedback
