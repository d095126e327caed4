"""Taking messages in, and what staff do with one: triage, acknowledge, answer, close, share, hand over."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beneficiaries import validators
from beneficiaries.calculation.response import promised_by
from beneficiaries.choices import Action, Channel, FeedbackState, MessageFrom, VoiceNotice
from beneficiaries.models import Feedback, Message, SensitiveReport
from beneficiaries.queries.staff import staff_of
from beneficiaries.services import receipts, sensitive
from beneficiaries.services.deletion import delete_feedback
from beneficiaries.services.receipts import Slip
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.notifications.services import notify, notify_many
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Stale
from kmop.shared.models import bump
from kmop.shared.text import fold
from partners.models import Organisation
from projects.models import Place, Project

if TYPE_CHECKING:
    pass

REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
TRIAGED = (
    "kind", "place", "need", "priority", "assigned_to", "translation", "paraphrase", "is_about_conduct", "language",
)  # fmt: skip


@dataclass(frozen=True)
class NewFeedback:
    """What a person left: the text and what she said of herself, by a channel, perhaps for a place."""

    text: str
    language: str = ""
    channel: str = Channel.WEB
    place: Place | None = None
    sex: str = "not_stated"
    age_band: str = "not_stated"
    disability: str = "not_stated"
    contact: str = ""
    may_quote: bool = False
    is_sensitive: bool = False
    external_id: str = ""


@dataclass(frozen=True)
class Received:
    """A message that was taken in. Exactly one of `feedback` and `sensitive` is set; code and PIN are shown once."""

    feedback: Feedback | None
    sensitive: SensitiveReport | None
    code: str
    pin: str


def new_reference() -> str:
    """Eight signs without look-alikes, drawn at random: nothing can be counted by it."""
    return "".join(secrets.choice(REFERENCE_SIGNS) for _sign in range(8))


def built(project: Project | None, content: NewFeedback, at: datetime) -> Feedback:
    """An unsaved message, its promise struck: the day it was received plus the project's promised days."""
    days = project.answer_days if project else settings.ANSWER_DAYS
    return Feedback(
        reference=new_reference(),
        project=project,
        place=content.place,
        channel=content.channel,
        language=content.language,
        text=content.text.strip(),
        may_quote=content.may_quote,
        sex=content.sex,
        age_band=content.age_band,
        disability=content.disability,
        contact=content.contact.strip(),
        external_id=content.external_id,
        received_at=at,
        promised_on=promised_by(timezone.localdate(at), days),
        search_text=fold(content.text),
    )


def receive_feedback(
    *, project: Project | None, content: NewFeedback, at: datetime | None = None, slip: Slip | None = None, by: User
) -> Received:
    """Take a message in and issue its receipt; a sensitive one goes into the sealed table and nowhere else.

    `by` is the public form's service account, a channel's client, or staff at the hotline. `slip` is a receipt drawn
    before, where the caller has a transaction open. Raises `ValidationError` (text, place, language, ...) and
    `RuleBroken` (code "duplicate") for an external id that this project met before.
    """
    require(by, "beneficiaries.leave_feedback", project)
    validators.feedback_is_readable(content)
    at = at or timezone.now()
    slip = slip or receipts.new_slip()
    with transaction.atomic():
        if content.is_sensitive:
            report = sensitive.keep(project=project, content=content, at=at)
            receipts.issue(slip, sensitive=report)
            return Received(None, report, slip.code, slip.pin)
        feedback = _keep(project, content, at, by)
        receipts.issue(slip, feedback=feedback)
        return Received(feedback, None, slip.code, slip.pin)


def _keep(project: Project | None, content: NewFeedback, at: datetime, by: User) -> Feedback:
    if content.external_id and Feedback.objects.filter(project=project, external_id=content.external_id).exists():
        raise RuleBroken(_("A message with this external id is here already."), code="duplicate")
    feedback = built(project, content, at)
    feedback.full_clean()
    feedback.save(force_insert=True)
    tell_staff([feedback])
    audit.record(by, Action.FEEDBACK_RECEIVED, feedback, **_facts(feedback))
    return feedback


def _facts(feedback: Feedback) -> dict[str, object]:
    return {"project": feedback.project_id, "channel": str(feedback.channel), "language": feedback.language}


def tell_staff(rows: Sequence[Feedback]) -> None:
    """Tell managers and M&E officers of each message's project, in three statements."""
    people = staff_of(one.project_id for one in rows)
    told = [
        (person, {"reference": one.reference, "feedback": str(one.pk)})
        for one in rows
        for person in people.get(one.project_id, [])
    ]
    notify_many(told, VoiceNotice.RECEIVED, link="/voices/{feedback}/")


@transaction.atomic
def receive_many(*, project: Project | None, rows: Iterable[tuple[NewFeedback, datetime]], by: User) -> list[Feedback]:
    """Take in many messages at once without receipts (paper batches, the demo portfolio); none of them sensitive.

    Nobody is told one by one. Raises `ValidationError` for the first that can't be read, and nothing is kept then.
    """
    require(by, "beneficiaries.leave_feedback", project)
    made = []
    for content, at in rows:
        validators.feedback_is_readable(content)
        validators.is_not_sensitive(content)
        made.append(built(project, content, at))
    Feedback.objects.bulk_create(made, batch_size=500)
    audit.record_many(by, Action.FEEDBACK_RECEIVED, [(one, _facts(one)) for one in made])
    return made


def _save_if_current(feedback: Feedback, expected_version: int | None, *fields: str) -> None:
    """Check and save `fields`; its version grows. Raises `ValidationError`, `Stale` where somebody was faster."""
    if expected_version is not None and expected_version != feedback.version:
        raise Stale(_("Somebody changed this message in the meantime. Load it again."))
    feedback.full_clean()
    bump(feedback, *fields)


@transaction.atomic
def triage_feedback(
    *, feedback: Feedback, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> Feedback:
    """Code, link and assign a message. `changes` may hold kind, place, need, priority, assigned_to, translation,
    paraphrase, is_about_conduct and language.

    Raises `ValidationError` for anything else, for a need of another project, and for somebody who may not answer it.
    """
    require(by, "beneficiaries.answer_feedback", feedback)
    validators.only_known(changes, TRIAGED)
    validators.belongs_to_project(feedback.project_id, need=changes.get("need"))
    validators.may_be_assigned(feedback, changes.get("assigned_to"))
    before = feedback.assigned_to_id
    for name, value in changes.items():
        setattr(feedback, name, value)
    feedback.search_text = fold(feedback.text, feedback.translation)
    _save_if_current(feedback, expected_version, *changes, "search_text")
    _tell_assigned(feedback, before, by)
    audit.record(by, Action.FEEDBACK_TRIAGED, feedback, fields=sorted(changes), kind=feedback.kind)
    return feedback


def _tell_assigned(feedback: Feedback, before: int | None, by: User) -> None:
    person = feedback.assigned_to
    if person is not None and person.pk not in (before, by.pk):
        params = {"reference": feedback.reference}
        notify(person, VoiceNotice.ASSIGNED, params=params, link=f"/voices/{feedback.pk}/")


@transaction.atomic
def acknowledge_feedback(*, feedback: Feedback, expected_version: int | None = None, by: User) -> Feedback:
    """Tell the person (by the receipt) that somebody has read it. Raises `RuleBroken` unless it is new."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.state != FeedbackState.NEW:
        raise RuleBroken(_("Only a new message is acknowledged."), code="wrong_state")
    feedback.state, feedback.acknowledged_at = FeedbackState.ACKNOWLEDGED, timezone.now()
    _save_if_current(feedback, expected_version, "state", "acknowledged_at")
    audit.record(by, Action.FEEDBACK_ACKNOWLEDGED, feedback)
    return feedback


def refuse_withdrawn(feedback: Feedback) -> None:
    """Raise `RuleBroken` for a message that its writer took back."""
    if feedback.state == FeedbackState.WITHDRAWN:
        raise RuleBroken(_("The person has withdrawn this message."), code="wrong_state")


def mark_answered(feedback: Feedback, at: datetime) -> None:
    """Put an unsaved message into the state of one answered at `at`; the first answer's time stays."""
    feedback.state = FeedbackState.ANSWERED
    feedback.acknowledged_at = feedback.acknowledged_at or at
    feedback.answered_at = feedback.answered_at or at


@transaction.atomic
def answer_feedback(
    *,
    feedback: Feedback,
    text: str,
    language: str = "",
    at: datetime | None = None,
    expected_version: int | None = None,
    by: User,
) -> Message:
    """Answer the person, who reads it with the receipt.

    Raises `ValidationError` (text), and `RuleBroken` once the message is withdrawn.
    """
    require(by, "beneficiaries.answer_feedback", feedback)
    refuse_withdrawn(feedback)
    validators.text_is_given(text)
    at = at or timezone.now()
    mark_answered(feedback, at)
    _save_if_current(feedback, expected_version, "state", "acknowledged_at", "answered_at")
    message = Message(feedback=feedback, sender=MessageFrom.STAFF, text=text.strip(), language=language, by=by, at=at)
    message.full_clean()
    message.save(force_insert=True)
    audit.record(by, Action.FEEDBACK_ANSWERED, feedback, message=message.pk)
    return message


@transaction.atomic
def work_on_feedback(
    *,
    feedback: Feedback,
    changes: Mapping[str, Any],
    answer: str = "",
    language: str = "",
    expected_version: int | None = None,
    by: User,
) -> Feedback:
    """Triage a message and, with `answer`, answer it, in one act; see `triage_feedback` and `answer_feedback`."""
    if changes or not answer:
        triage_feedback(feedback=feedback, changes=changes, expected_version=expected_version, by=by)
        expected_version = None
    if answer:
        answer_feedback(feedback=feedback, text=answer, language=language, expected_version=expected_version, by=by)
    return feedback


@transaction.atomic
def close_feedback(*, feedback: Feedback, expected_version: int | None = None, by: User) -> Feedback:
    """Close an answered message; a reply of the person opens it again. Raises `RuleBroken` before it is answered."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.state != FeedbackState.ANSWERED:
        raise RuleBroken(_("Answer the message before you close it."), code="wrong_state")
    feedback.state, feedback.closed_at = FeedbackState.CLOSED, timezone.now()
    _save_if_current(feedback, expected_version, "state", "closed_at")
    audit.record(by, Action.FEEDBACK_CLOSED, feedback)
    return feedback


@transaction.atomic
def share_feedback(*, feedback: Feedback, organisation: Organisation, by: User) -> None:
    """Let a partner of the project read this message. Raises `RuleBroken` for one about somebody's conduct, and
    `ValidationError` (organisation) for one that is no partner."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.is_about_conduct:
        raise RuleBroken(_("A message about somebody's conduct is not shared with partners."), code="about_conduct")
    validators.is_partner_of(feedback, organisation)
    feedback.shared_with.add(organisation)
    _save_if_current(feedback, None)
    audit.record(by, Action.FEEDBACK_SHARED, feedback, organisation=organisation.pk)


@transaction.atomic
def hand_over(*, feedback: Feedback, by: User) -> SensitiveReport:
    """Move a message to safeguarding: sealed there, gone here with its replies, in one act. Its receipt goes along."""
    require(by, "beneficiaries.answer_feedback", feedback)
    report = sensitive.keep_feedback(feedback)
    delete_feedback(feedback)
    audit.record(by, Action.FEEDBACK_HANDED_OVER, feedback)
    return report
