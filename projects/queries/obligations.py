"""What is owed: obligations with their state on a day."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from projects.models import Obligation, Update


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
