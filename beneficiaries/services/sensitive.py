"""Sensitive messages: kept sealed, opened by focal points for a reason, answered through the receipt.

No audit entry, count, notice text, search column or log line of anybody else knows of them; the log of openings is
their own.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beneficiaries import validators
from beneficiaries.choices import MessageFrom, VoiceNotice
from beneficiaries.models import Feedback, Receipt, SensitiveOpening, SensitiveReport
from beneficiaries.queries.staff import focal_points
from beneficiaries.services.sealing import key_id, seal, unseal
from kmop.accounts.models import User
from kmop.notifications.services import notify_many
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Stale
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
    _tell_focal_points()
    return report


def _tell_focal_points() -> None:
    notify_many([(person, {}) for person in focal_points()], VoiceNotice.PROTECTED, link="/sensitive/")


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
            "contact": content.contact.strip(),
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
    """Open a sensitive message; reason and reader are kept.

    Raises `NotAllowed`, `ValidationError` (reason), and `RuleBroken` (code "wrong_key") where this portal's key does
    not fit.
    """
    require(by, "beneficiaries.open_sensitive", report)
    validators.reason_is_short(reason)
    SensitiveOpening.objects.create(report=report, by=by, reason=reason.strip())
    SensitiveReport.objects.filter(pk=report.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    report.refresh_from_db()
    return Opened(report, unseal(report.pk, report.sealed))


def _seal_again(report: SensitiveReport, content: dict[str, Any]) -> None:
    """Replace the sealed content. Raises `Stale` where somebody was faster."""
    rows = SensitiveReport.objects.filter(pk=report.pk, version=report.version)
    if not rows.update(sealed=seal(report.pk, content), key_id=key_id(), version=F("version") + 1):
        raise Stale(_("Somebody wrote in the meantime. Load it again."))
    report.refresh_from_db()


def _add(report: SensitiveReport, sender: str, text: str) -> None:
    validators.text_is_given(text)
    content = unseal(report.pk, report.sealed)
    content["messages"].append({"sender": str(sender), "text": text.strip(), "at": timezone.now().isoformat()})
    _seal_again(report, content)


def add_reply(report: SensitiveReport, text: str) -> None:
    """Seal what the person writes again, within the caller's transaction; a closed report is open again.

    Raises `ValidationError` (text), `Stale` where somebody was faster, `RuleBroken` once it is withdrawn.
    """
    if not unseal(report.pk, report.sealed)["text"]:
        raise RuleBroken(_("You have withdrawn this message."), code="wrong_state")
    _add(report, MessageFrom.PERSON, text)
    SensitiveReport.objects.filter(pk=report.pk).update(closed_at=None)
    _tell_focal_points()


@transaction.atomic
def answer_report(*, report: SensitiveReport, text: str, reason: str, by: User) -> None:
    """Answer the person through the receipt; an opening with its reason is kept too. See `open_report`."""
    opened = open_report(report=report, reason=reason, by=by)
    _add(opened.report, MessageFrom.STAFF, text)


@transaction.atomic
def close_report(*, report: SensitiveReport, reason: str, by: User) -> None:
    """Close a sensitive message, for a reason. See `open_report`."""
    open_report(report=report, reason=reason, by=by)
    SensitiveReport.objects.filter(pk=report.pk).update(closed_at=timezone.now())


def withdraw_report(report: SensitiveReport) -> None:
    """The person takes a sensitive message back: it is closed and its words are gone."""
    content = unseal(report.pk, report.sealed)
    _seal_again(report, {**content, "text": "", "contact": "", "messages": []})
    SensitiveReport.objects.filter(pk=report.pk).update(closed_at=timezone.now())
