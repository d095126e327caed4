"""Acts on messages: received, triaged, answered; and what the person does with the receipt."""

import secrets
from collections.abc import Mapping, Sequence
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
from beneficiaries.services import receipts, sensitive
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.notifications.services import notify_many
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Stale
from kmop.shared.models import bump
from kmop.shared.text import fold
from partners.models import Organisation
from projects.choices import ProjectRoleName
from projects.models import Place, Project, ProjectRole

if TYPE_CHECKING:
    from beneficiaries.models import Need

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
    return "".join(secrets.choice(REFERENCE_SIGNS) for _ in range(8))


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


@transaction.atomic
def receive_feedback(
    *, project: Project | None, content: NewFeedback, at: datetime | None = None, by: User
) -> Received:
    """Take a message in and issue its receipt; a sensitive one goes into the sealed table and nowhere else.

    `by` is the public form's service account, a channel's client, or staff at the hotline. Raises `ValidationError`
    (text, place, language, ...) and `RuleBroken` (code "duplicate") for an external id of the same project met before.
    """
    require(by, "beneficiaries.leave_feedback", project)
    validators.feedback_is_readable(content, project)
    at = at or timezone.now()
    if content.is_sensitive:
        report = sensitive.keep(project=project, content=content, at=at)
        code, pin = receipts.issue(sensitive=report)
        return Received(None, report, code, pin)
    if content.external_id and Feedback.objects.filter(project=project, external_id=content.external_id).exists():
        raise RuleBroken(_("A message with this external id is here already."), code="duplicate")
    feedback = built(project, content, at)
    feedback.full_clean()
    feedback.save()
    code, pin = receipts.issue(feedback=feedback)
    _tell_staff([feedback])
    audit.record(
        by,
        Action.FEEDBACK_RECEIVED,
        feedback,
        project=feedback.project_id,
        channel=feedback.channel,
        language=feedback.language,
    )
    return Received(feedback, None, code, pin)


def _tell_staff(rows: Sequence[Feedback]) -> None:
    for feedback in rows:
        roles = ProjectRole.objects.filter(project=feedback.project, role=ProjectRoleName.PROJECT_MANAGER)
        people = [(role.user, {"reference": feedback.reference}) for role in roles.select_related("user")]
        notify_many(people, VoiceNotice.RECEIVED, link=f"/voices/{feedback.pk}/")


@transaction.atomic
def receive_many(*, project: Project | None, rows: Sequence[tuple[NewFeedback, datetime]], by: User) -> list[Feedback]:
    """Take in many messages at once without receipts (paper batches, the demo portfolio); none of them sensitive."""
    require(by, "beneficiaries.leave_feedback", project)
    made = []
    for content, at in rows:
        validators.feedback_is_readable(content, project)
        made.append(built(project, content, at))
    Feedback.objects.bulk_create(made, batch_size=500)
    audit.record_many(
        by, Action.FEEDBACK_RECEIVED, [(one, {"project": one.project_id, "channel": one.channel}) for one in made]
    )
    return made


def _save(feedback: Feedback, expected_version: int | None, *fields: str) -> None:
    if expected_version is not None and expected_version != feedback.version:
        raise Stale(_("Somebody changed this message in the meantime. Load it again."))
    feedback.full_clean()
    bump(feedback, *fields)


@transaction.atomic
def triage_feedback(
    *, feedback: Feedback, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> Feedback:
    """Code, link and assign a message. `changes` may hold kind, place, need, priority, assigned_to, translation,
    paraphrase, is_about_conduct and language. Raises `ValidationError` for anything else."""
    require(by, "beneficiaries.answer_feedback", feedback)
    validators.only_known(changes, TRIAGED)
    validators.belongs_to_project(feedback, changes.get("need"))
    for name, value in changes.items():
        setattr(feedback, name, value)
    feedback.search_text = fold(feedback.text, feedback.translation)
    _save(feedback, expected_version, *changes, "search_text")
    audit.record(by, Action.FEEDBACK_TRIAGED, feedback, fields=sorted(changes), kind=feedback.kind)
    return feedback


@transaction.atomic
def acknowledge_feedback(*, feedback: Feedback, expected_version: int | None = None, by: User) -> Feedback:
    """Tell the person (by the receipt) that somebody has read it. Raises `RuleBroken` unless it is new."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.state != FeedbackState.NEW:
        raise RuleBroken(_("Only a new message is acknowledged."), code="wrong_state")
    feedback.state, feedback.acknowledged_at = FeedbackState.ACKNOWLEDGED, timezone.now()
    _save(feedback, expected_version, "state", "acknowledged_at")
    audit.record(by, Action.FEEDBACK_ACKNOWLEDGED, feedback)
    return feedback


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
    """Answer the person; she reads it with the receipt. Raises `ValidationError` (text), `RuleBroken` once withdrawn."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.state == FeedbackState.WITHDRAWN:
        raise RuleBroken(_("The person has withdrawn this message."), code="wrong_state")
    validators.text_is_given(text)
    at = at or timezone.now()
    message = Message(feedback=feedback, sender=MessageFrom.STAFF, text=text.strip(), language=language, by=by, at=at)
    message.save()
    feedback.state = FeedbackState.ANSWERED
    feedback.acknowledged_at = feedback.acknowledged_at or at
    feedback.answered_at = feedback.answered_at or at
    _save(feedback, expected_version, "state", "acknowledged_at", "answered_at")
    audit.record(by, Action.FEEDBACK_ANSWERED, feedback, message=message.pk)
    return message


@transaction.atomic
def close_feedback(*, feedback: Feedback, expected_version: int | None = None, by: User) -> Feedback:
    """Close an answered message."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.state != FeedbackState.ANSWERED:
        raise RuleBroken(_("Answer the message before you close it."), code="wrong_state")
    feedback.state, feedback.closed_at = FeedbackState.CLOSED, timezone.now()
    _save(feedback, expected_version, "state", "closed_at")
    audit.record(by, Action.FEEDBACK_CLOSED, feedback)
    return feedback


@transaction.atomic
def share_feedback(*, feedback: Feedback, organisation: Organisation, by: User) -> None:
    """Let a partner read this message. One about somebody's conduct is never shared (`RuleBroken`)."""
    require(by, "beneficiaries.answer_feedback", feedback)
    if feedback.is_about_conduct:
        raise RuleBroken(_("A message about somebody's conduct is not shared with partners."), code="about_conduct")
    feedback.shared_with.add(organisation)
    audit.record(by, Action.FEEDBACK_TRIAGED, feedback, shared_with=organisation.pk)


@transaction.atomic
def hand_over(*, feedback: Feedback, by: User) -> SensitiveReport:
    """Move a message to safeguarding: sealed there, gone here with its replies, in one act. Its receipt goes along."""
    require(by, "beneficiaries.answer_feedback", feedback)
    report = sensitive.keep_feedback(feedback)
    audit.record(by, Action.FEEDBACK_HANDED_OVER, feedback)
    feedback.delete()
    return report


def link_need(*, feedback: Feedback, need: "Need", by: User) -> Feedback:
    """Count this message among the voices behind a need."""
    return triage_feedback(feedback=feedback, changes={"need": need}, by=by)
