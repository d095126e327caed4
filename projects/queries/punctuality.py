"""How partners keep to the days on which their figures are due."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from projects.calculation.trend import share_of
from projects.models import Obligation, Project, Update

FIRST_REVISION = 1
NOWHERE = Value(0)
CAME_IN_TIME, CAME_LATE, CAME_NOT = Q(came_on__lte=F("due_on")), Q(came_on__gt=F("due_on")), Q(came_on=None)


@dataclass(frozen=True)
class Punctuality:
    """Of the figures due so far: how many came on time, late, and not at all."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0

    @property
    def share(self) -> Decimal | None:
        """On time of those due (1 is all of them); None where nothing was due."""
        return share_of(Decimal(self.on_time), Decimal(self.due))


def with_arrival(rows: QuerySet[Obligation], *, until: date) -> QuerySet[Any]:
    """Obligations, each with `.came_on`: the day on which its figure was first sent, whatever was corrected later.

    As known at the end of `until`: None where nothing was sent by then. The day is of the portal's time zone.
    """
    first = (
        Update.objects.filter(period=OuterRef("period"), organisation=OuterRef("organisation"), revision=FIRST_REVISION)
        .order_by()
        .annotate(
            where=Coalesce("place_id", NOWHERE),
            day=TruncDate("submitted_at", tzinfo=timezone.get_default_timezone()),
        )
        .filter(where=Coalesce(OuterRef("place_id"), NOWHERE), day__lte=until)
        .values("day")[:1]
    )
    return rows.annotate(came_on=Subquery(first))


def punctuality(project: Project, *, day: date) -> dict[int, Punctuality]:
    """By the id of the organisation, for what was due before `day`, in one statement."""
    due = Obligation.objects.filter(indicator__project=project, due_on__lt=day).order_by()
    rows = (
        with_arrival(due, until=day)
        .values_list("organisation_id")
        .annotate(
            due=Count("pk"),
            on_time=Count("pk", filter=CAME_IN_TIME),
            late=Count("pk", filter=CAME_LATE),
            missing=Count("pk", filter=CAME_NOT),
        )
    )
    return {organisation_id: Punctuality(*counts) for organisation_id, *counts in rows}
