"""Keeping the place of each project in the order worst first, so that the portfolio pages in SQL."""

from datetime import date

from django.utils import timezone

from projects.models import Project
from projects.services.standings import keep_standings
from reports.queries.portfolio import standings, to_look_at

BATCH = 100


def refresh_standings(*, day: date) -> int:
    """Work out again the places that are old, a hundred projects at a time; gives how many."""
    old = to_look_at(Project.objects.all(), day=day)
    for start in range(0, len(old), BATCH):
        at = timezone.now()
        keep_standings(standings(old[start : start + BATCH], day=day), at=at)
    return len(old)
