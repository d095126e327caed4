"""What lists of projects show beside each name."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from projects.calculation.progress import ProjectVerdict
from projects.choices import PartnershipRole
from projects.models import Partnership, Project, ProjectCountry
from projects.queries.course import course


@dataclass
class ProjectFacts:
    """Countries (codes), partners by role, and the verdict on the plan."""

    verdict: ProjectVerdict
    countries: list[str] = field(default_factory=list)
    partnerships: list[Partnership] = field(default_factory=list)

    @property
    def funders(self) -> list[Partnership]:
        """The partnerships that fund."""
        return [one for one in self.partnerships if one.role == PartnershipRole.FUNDING]


def project_facts(projects: Collection[Project], *, day: date) -> dict[int, ProjectFacts]:
    """The facts of each project by its id, in seven statements whatever their number. Give visible projects."""
    ids = [one.pk for one in projects]
    found = {pk: ProjectFacts(verdict) for pk, verdict in course(projects, day=day).items()}
    for project_id, country in ProjectCountry.objects.filter(project_id__in=ids).values_list("project_id", "country"):
        found[project_id].countries.append(country)
    for one in Partnership.objects.filter(project_id__in=ids).select_related("organisation"):
        found[one.project_id].partnerships.append(one)
    return found
