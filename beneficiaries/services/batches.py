"""Acts on many messages at once: a paper batch typed in with its answers, the demo portfolio."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from beneficiaries import validators
from beneficiaries.choices import Action, MessageFrom, VoiceNotice
from beneficiaries.models import Feedback, Message
from beneficiaries.services.feedback import TRIAGED, mark_answered, refuse_withdrawn
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.notifications.services import notify_many
from kmop.shared.access import require
from kmop.shared.text import fold

LINKS = ("project", "place", "need", "assigned_to")
SAVED = (*TRIAGED, "search_text", "state", "acknowledged_at", "answered_at", "version", "updated_at")


@dataclass(frozen=True)
class Worked:
    """What is done with one message: the changes of its triage and, where there is one, the answer and its time."""

    feedback: Feedback
    changes: Mapping[str, Any]
    answer: str = ""
    language: str = ""
    at: datetime | None = None


@transaction.atomic
def work_on_many(*, rows: Sequence[Worked], by: User) -> None:
    """Triage and answer messages just taken in, all or none, in a fixed number of statements a batch.

    As `triage_feedback` and `answer_feedback` do for one. Raises `NotAllowed`, `ValidationError` for the first that
    does not fit, and `RuleBroken` for one that was withdrawn.
    """
    _check(rows, by)
    messages = [_put(one, by) for one in rows]
    Feedback.objects.bulk_update([one.feedback for one in rows], SAVED, batch_size=100)
    Message.objects.bulk_create([one for one in messages if one is not None], batch_size=500)
    told = [
        (person, {"reference": one.feedback.reference, "feedback": str(one.feedback.pk)})
        for one in rows
        if (person := one.changes.get("assigned_to")) is not None and person.pk != by.pk
    ]
    notify_many(told, VoiceNotice.ASSIGNED, link="/voices/{feedback}/")
    triaged = [(one.feedback, {"fields": sorted(one.changes), "kind": one.feedback.kind}) for one in rows]
    audit.record_many(by, Action.FEEDBACK_TRIAGED, triaged)
    answered = [(one.feedback, {"message": one.pk}) for one in messages if one is not None]
    audit.record_many(by, Action.FEEDBACK_ANSWERED, answered)


def _check(rows: Sequence[Worked], by: User) -> None:
    assigned: set[tuple[int | None, int]] = set()
    for one in rows:
        require(by, "beneficiaries.answer_feedback", one.feedback)
        validators.only_known(one.changes, TRIAGED)
        validators.belongs_to_project(one.feedback.project_id, need=one.changes.get("need"))
        person = one.changes.get("assigned_to")
        if person is not None and (one.feedback.project_id, person.pk) not in assigned:
            validators.may_be_assigned(one.feedback, person)
            assigned.add((one.feedback.project_id, person.pk))
        refuse_withdrawn(one.feedback)


def _put(one: Worked, by: User) -> Message | None:
    feedback, now = one.feedback, timezone.now()
    for name, value in one.changes.items():
        setattr(feedback, name, value)
    feedback.search_text = fold(feedback.text, feedback.translation)
    feedback.version, feedback.updated_at = feedback.version + 1, now
    message = _answer(one, one.at or now, by) if one.answer else None
    feedback.clean_fields(exclude=LINKS)  # the rows linked to were read a moment ago
    return message


def _answer(one: Worked, at: datetime, by: User) -> Message:
    validators.text_is_given(one.answer)
    mark_answered(one.feedback, at)
    text = one.answer.strip()
    return Message(feedback=one.feedback, sender=MessageFrom.STAFF, text=text, language=one.language, by=by, at=at)
