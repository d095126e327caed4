"""What the floor above tells about the people of a project."""

from datetime import date

from django.db.models import F
from django.utils import timezone

from projects.models import Project


def push_people(
    *, project: Project, asked: int, answered: int, met: int, round_on: date | None, needs_named: int
) -> None:
    """Keep what a needs round said: people asked, people whose first need is answered or met, ranked needs named.

    Called by the acts on needs inside their transaction and after their own rule; they keep the audit entry.
    """
    Project.objects.filter(pk=project.pk).update(
        people_asked=asked,
        people_answered=answered,
        people_met=met,
        people_round_on=round_on,
        needs_named=needs_named,
        version=F("version") + 1,
        updated_at=timezone.now(),
    )
    project.refresh_from_db(
        fields=[
            "people_asked",
            "people_answered",
            "people_met",
            "people_round_on",
            "needs_named",
            "version",
            "updated_at",
        ]
    )
