"""Sensitive messages: kept sealed, opened by focal points for a reason, answered through the receipt.

No audit entry, count, notice text, search column or log line of anybody else knows of them; the log of openings is
their own.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beneficiaries import validators
from beneficiaries.choices import MessageFrom, VoiceNotice
from beneficiaries.models import Feedback, Receipt, SensitiveOpening, SensitiveReport
from beneficiaries.services.sealing import key_id, seal, unseal
from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User
from kmop.notifications.services import notify_many
from kmop.shared.access import require
from kmop.shared.errors import Stale
from projects.models import Project

if TYPE_CHECKING:
    from beneficiaries.services.feedback import NewFeedback


@dataclass(frozen=True)
class Opened:
    """What a focal point reads: the message, what the person said of herself, the messages since."""

    report: SensitiveReport
    content: dict[str, Any]


def _store(content: dict[str, Any], at: datetime) -> SensitiveReport:
    row_id = uuid.uuid4()
    report = SensitiveReport(id=row_id, sealed=seal(row_id, content), key_id=key_id(), received_at=at)
    report.save(force_insert=True)
    _tell_focal_points(report)
    return report


def _tell_focal_points(report: SensitiveReport) -> None:
    people = User.objects.filter(
        role_grants__role=PortalRole.SAFEGUARDING_FOCAL_POINT, is_active=True, kind=UserKind.PERSON
    )
    notify_many([(person, {}) for person in people], VoiceNotice.PROTECTED, link="/sensitive/")


def keep(*, project: Project | None, content: "NewFeedback", at: datetime) -> SensitiveReport:
    """Seal a message that its writer marked; called within the act that receives it."""
    return _store(
        {
            "project": project.code if project else "",
            "place": content.place.code if content.place else "",
            "text": content.text.strip(),
            "language": content.language,
            "channel": str(content.channel),
            "sex": content.sex,
            "age_band": content.age_band,
            "disability": content.disability,
            "contact": content.contact,
            "messages": [],
        },
        at,
    )


def keep_feedback(feedback: Feedback) -> SensitiveReport:
    """Seal a message found at triage, with its replies and its receipt; the caller deletes the open row."""
    messages = [
        {"sender": one.sender, "text": one.text, "at": one.at.isoformat()}
        for one in feedback.messages.order_by("at", "id")
    ]
    report = _store(
        {
            "project": feedback.project.code if feedback.project else "",
            "place": feedback.place.code if feedback.place else "",
            "text": feedback.text,
            "language": feedback.language,
            "channel": feedback.channel,
            "sex": feedback.sex,
            "age_band": feedback.age_band,
            "disability": feedback.disability,
            "contact": feedback.contact,
            "messages": messages,
        },
        feedback.received_at,
    )
    Receipt.objects.filter(feedback=feedback).update(feedback=None, sensitive=report)
    return report


@transaction.atomic
def open_report(*, report: SensitiveReport, reason: str, by: User) -> Opened:
    """Open a sensitive message; reason and reader are kept. Raises `NotAllowed`, `ValidationError` (reason)."""
    require(by, "beneficiaries.open_sensitive", report)
    validators.reason_is_given(reason)
    SensitiveOpening.objects.create(report=report, by=by, reason=reason.strip())
    if report.first_opened_at is None:
        SensitiveReport.objects.filter(pk=report.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    return Opened(report, unseal(report.pk, report.sealed))


def add_message(report: SensitiveReport, sender: str, text: str) -> None:
    """Seal a further message within the caller's transaction. Raises `Stale` where somebody was faster."""
    content = unseal(report.pk, report.sealed)
    content["messages"].append({"sender": sender, "text": text.strip(), "at": timezone.now().isoformat()})
    rows = SensitiveReport.objects.filter(pk=report.pk, version=report.version)
    if not rows.update(sealed=seal(report.pk, content), key_id=key_id(), version=report.version + 1):
        raise Stale(_("Somebody wrote in the meantime. Load it again."))
    report.refresh_from_db()


@transaction.atomic
def answer_report(*, report: SensitiveReport, text: str, reason: str, by: User) -> None:
    """Answer the person through the receipt; an opening with its reason is kept too."""
    open_report(report=report, reason=reason, by=by)
    validators.text_is_given(text)
    report.refresh_from_db()
    add_message(report, MessageFrom.STAFF, text)


@transaction.atomic
def close_report(*, report: SensitiveReport, reason: str, by: User) -> None:
    """Close a sensitive message, for a reason."""
    open_report(report=report, reason=reason, by=by)
    SensitiveReport.objects.filter(pk=report.pk).update(closed_at=timezone.now())


def withdraw_report(report: SensitiveReport) -> None:
    """The person takes a sensitive message back: it is closed and its words are gone."""
    content = unseal(report.pk, report.sealed)
    content = {**content, "text": "", "contact": "", "messages": []}
    SensitiveReport.objects.filter(pk=report.pk).update(
        sealed=seal(report.pk, content), key_id=key_id(), version=report.version + 1, closed_at=timezone.now()
    )
