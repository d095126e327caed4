"""What is owed: obligations with their state on a day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from projects.choices import ObligationState
from projects.models import Obligation, Update

SOON = timedelta(days=14)


def obligations(user: Any, *, day: date) -> QuerySet[Obligation]:
    """The obligations `user` may see, each with `.state` on `day`, with all that a row shows; by due date, then id."""
    rows: QuerySet[Obligation] = (
        Obligation.objects.visible_to(user)
        .with_state(day)
        .select_related("indicator__project", "indicator__result", "period", "organisation", "place", "update")
        .order_by("due_on", "pk")
    )
    return rows


def obligation_of(update: Update) -> Obligation | None:
    """The obligation that an update answers; a revision's is that of the update it revises."""
    rows = Obligation.objects.filter(update_id__in=[update.pk, update.revises_id] if update.revises_id else [update.pk])
    found: Obligation | None = rows.select_related("place", "period").first()
    return found


@dataclass(frozen=True)
class DueSummary:
    """How many figures are overdue, due within 14 days, returned, and waiting for a decision."""

    overdue: int
    soon: int
    returned: int
    submitted: int


def due_summary(user: Any, *, day: date, organisation: Any | None = None) -> DueSummary:
    """The counts of what `user` may see (of one organisation, where given), in one statement."""
    rows = Obligation.objects.visible_to(user)
    if organisation is not None:
        rows = rows.filter(organisation=organisation)
    silent = Q(update=None) | Q(update__state="draft")
    counts = rows.aggregate(
        overdue=Count("pk", filter=silent & Q(due_on__lt=day)),
        soon=Count("pk", filter=silent & Q(due_on__gte=day, due_on__lte=day + SOON)),
        returned=Count("pk", filter=Q(update__state=ObligationState.RETURNED)),
        submitted=Count("pk", filter=Q(update__state=ObligationState.SUBMITTED)),
    )
    return DueSummary(**counts)
