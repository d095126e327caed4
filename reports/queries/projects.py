"""What the list of projects tells beside their rows: how they stand to their plan, and what people say they need."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from beneficiaries.queries.needs import PeopleSaid, people_of
from projects.calculation.progress import ProjectVerdict
from projects.models import Project
from projects.queries.course import course


@dataclass(frozen=True)
class ProjectStanding:
    """The plan's verdict and the people's."""

    verdict: ProjectVerdict
    people: PeopleSaid


def project_standings(projects: Collection[Project], *, day: date) -> dict[int, ProjectStanding]:
    """By id, for projects that the reader may see, in eight statements whatever their number."""
    verdicts, people = course(projects, day=day), people_of(projects)
    return {one.pk: ProjectStanding(verdicts[one.pk], people[one.pk]) for one in projects}
