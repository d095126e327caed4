"""The place of projects in the order worst first, which the floor above works out, kept for lists that page in SQL."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from projects.models import Project


def keep_standings(places: Mapping[int, int], *, at: datetime) -> None:
    """Keep the places of these projects, by id, as they were worked out at `at`. One statement a place."""
    projects: defaultdict[int, list[int]] = defaultdict(list)
    for project, place in places.items():
        projects[place].append(project)
    for place, ids in sorted(projects.items()):
        Project.objects.filter(pk__in=ids).update(standing=place, standing_at=at)
