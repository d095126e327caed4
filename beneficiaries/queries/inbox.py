"""The inbox: how many messages wait in which tab, and one message with all that belongs to it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback, Message, Need
from beneficiaries.queries.staff import staff_of
from kmop.accounts.models import User
from kmop.shared.access import Verdict, ask
from partners.models import Organisation

IS_OPEN = Q(state__in=[FeedbackState.NEW, FeedbackState.ACKNOWLEDGED])
TABS = ("new", "mine", "due", "answered", "all")


@dataclass(frozen=True)
class InboxCounts:
    """Messages in each tab. `due` are open with a promised day that is today or past."""

    new: int
    mine: int
    due: int
    answered: int
    all: int


@dataclass(frozen=True)
class FeedbackDetail:
    """One message, the messages since, whom it may be given to, and what the reader may do."""

    feedback: Feedback
    messages: list[Message]
    needs: list[Need]
    staff: list[User]
    shared_with: list[Organisation]
    partners: list[Organisation]
    has_receipt: bool
    may_answer: Verdict


def tab_filter(tab: str, user: Any, day: date) -> Q:
    """What stands in a tab: new, mine, due, answered, all."""
    return {
        "new": Q(state=FeedbackState.NEW),
        "mine": IS_OPEN & Q(assigned_to=user),
        "due": IS_OPEN & Q(promised_on__lte=day),
        "answered": Q(state__in=[FeedbackState.ANSWERED, FeedbackState.CLOSED]),
    }.get(tab, Q())


def inbox(user: Any) -> QuerySet[Any]:
    """The messages this person may read, with what a row of the inbox shows."""
    rows: QuerySet[Any] = Feedback.objects.visible_to(user)
    return rows.select_related("project", "place", "assigned_to")


def inbox_counts(user: Any, *, day: date) -> InboxCounts:
    """How many messages this person sees in each tab. One statement beside those of her roles."""
    rows = Feedback.objects.visible_to(user).order_by()
    return InboxCounts(**rows.aggregate(**{tab: Count("pk", filter=tab_filter(tab, user, day)) for tab in TABS}))


def feedback_detail(feedback: Feedback, *, user: User) -> FeedbackDetail:
    """One message with all that its page shows, in eight statements. The caller has asked the rule."""
    project = feedback.project
    shared = list(feedback.shared_with.order_by("name", "pk"))
    known = {one.pk for one in shared}
    partners = Organisation.objects.filter(partnerships__project=project).distinct() if project else []
    return FeedbackDetail(
        feedback=feedback,
        messages=list(feedback.messages.select_related("by").order_by("at", "id")),
        needs=list(Need.objects.filter(project=project)) if project else [],
        staff=staff_of([feedback.project_id]).get(feedback.project_id, []),
        shared_with=shared,
        partners=[one for one in partners if one.pk not in known],
        has_receipt=hasattr(feedback, "receipt"),
        may_answer=ask(user, "beneficiaries.answer_feedback", feedback),
    )
