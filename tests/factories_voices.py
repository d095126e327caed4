"""Plain makers of voices, needs and decisions."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from beneficiaries.choices import FeedbackState, MessageFrom, NeedState, Outcome
from beneficiaries.models import Decision, Feedback, Message, Need, NeedRank, NeedsRound
from kmop.accounts.models import User
from kmop.shared.text import fold
from projects.models import Activity, Project

RECEIVED = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_feedback(project: Project | None, text: str = "The bus is gone at nine.", **fields: Any) -> Feedback:
    """A message as it lies in the database, without any act; promised seven days after it was received."""
    fields.setdefault("reference", f"REF{next(_numbers):05d}")
    fields.setdefault("language", "en")
    fields.setdefault("received_at", RECEIVED)
    fields.setdefault("promised_on", fields["received_at"].date() + timedelta(days=7))
    fields.setdefault("search_text", fold(text, fields.get("translation", "")))
    return Feedback.objects.create(project=project, text=text, **fields)


def make_answered(project: Project, text: str = "Where is the office?", *, days: int = 3, **fields: Any) -> Feedback:
    """A message that was answered after so many days."""
    received = fields.setdefault("received_at", RECEIVED)
    fields.setdefault("state", FeedbackState.ANSWERED)
    feedback = make_feedback(project, text, answered_at=received + timedelta(days=days), **fields)
    Message.objects.create(
        feedback=feedback, sender=MessageFrom.STAFF, text="In the old school.", at=feedback.answered_at
    )
    return feedback


def make_need(project: Project, title: str = "Childcare", *, state: str = NeedState.VOICED, **fields: Any) -> Need:
    """A need of a project."""
    return Need.objects.create(project=project, titles={"en": title}, state=state, **fields)


def make_round(project: Project, *ranks: tuple[Need, int, int], held_on: date = date(2026, 6, 10)) -> NeedsRound:
    """A round with `ranks` of (need, people, people who put it first)."""
    answering = sum(first for _need, _people, first in ranks)
    held = NeedsRound.objects.create(
        project=project, held_on=held_on, method="Stones", people_asked=answering * 2, people_answering=answering
    )
    NeedRank.objects.bulk_create(
        NeedRank(round=held, need=need, rank=place, people=people, people_first=first)
        for place, (need, people, first) in enumerate(ranks, start=1)
    )
    return held


def make_activity(project: Project, code: str = "A1", **fields: Any) -> Activity:
    """An activity of the year."""
    fields.setdefault("titles", {"en": f"Activity {code}"})
    fields.setdefault("starts_on", date(2026, 1, 1))
    fields.setdefault("ends_on", date(2026, 12, 31))
    return Activity.objects.create(project=project, code=code, **fields)


def make_decision(project: Project, by: User, said: str = "We need shoes.", **fields: Any) -> Decision:
    """A decision, in public unless told otherwise."""
    fields.setdefault("outcome", Outcome.ACCEPT)
    fields.setdefault("reason", "A firm gives them.")
    fields.setdefault("we_changed", {"en": "120 pairs were given."})
    fields.setdefault("decided_on", date(2026, 9, 2))
    return Decision.objects.create(project=project, you_said={"en": said}, decided_by=by, **fields)
