"""How partners keep to the days on which their figures are due."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q

from projects.calculation.trend import share_of
from projects.models import Obligation, Project


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


SENT = ~Q(update=None) & ~Q(update__state="draft") & ~Q(update__submitted_at=None)


def punctuality(project: Project, *, day: date) -> dict[int, Punctuality]:
    """By the id of the organisation, for what was due before `day`, in one statement."""
    due = Obligation.objects.filter(indicator__project=project, due_on__lt=day).order_by()
    in_time = Q(update__submitted_at__date__lte=F("due_on"))
    rows = due.values_list("organisation_id").annotate(
        due=Count("pk"),
        on_time=Count("pk", filter=SENT & in_time),
        sent=Count("pk", filter=SENT),
    )
    return {pk: Punctuality(count, on_time, sent - on_time, count - sent) for pk, count, on_time, sent in rows}
