"""What lists of projects show beside each name."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from projects.calculation.progress import ProjectVerdict
from projects.choices import PartnershipRole
from projects.models import Indicator, Obligation, Partnership, Project, ProjectCountry
from projects.queries.course import course


@dataclass
class ProjectFacts:
    """Countries (codes), focus areas, partners by role, what is overdue, and the verdict on the plan."""

    verdict: ProjectVerdict
    countries: list[str] = field(default_factory=list)
    focus_areas: list[dict[str, str]] = field(default_factory=list)
    partnerships: list[Partnership] = field(default_factory=list)
    indicators: int = 0
    overdue: int = 0
    waiting: int = 0

    @property
    def funders(self) -> list[Partnership]:
        """The partnerships that fund."""
        return [one for one in self.partnerships if one.role == PartnershipRole.FUNDING]


def project_facts(projects: Collection[Project], *, day: date) -> dict[int, ProjectFacts]:
    """The facts of each project by its id, in ten statements whatever their number. Give visible projects."""
    ids = [one.pk for one in projects]
    found = {pk: ProjectFacts(verdict) for pk, verdict in course(projects, day=day).items()}
    for project_id, country in ProjectCountry.objects.filter(project_id__in=ids).values_list("project_id", "country"):
        found[project_id].countries.append(country)
    for project_id, titles in _focus_areas(ids):
        found[project_id].focus_areas.append(titles)
    for one in Partnership.objects.filter(project_id__in=ids).select_related("organisation"):
        found[one.project_id].partnerships.append(one)
    counts = Indicator.objects.filter(project_id__in=ids).order_by().values_list("project_id").annotate(Count("pk"))
    for project_id, count in counts:
        found[project_id].indicators = count
    for project_id, (overdue, waiting) in _owed(ids, day).items():
        found[project_id].overdue, found[project_id].waiting = overdue, waiting
    return found


def _focus_areas(ids: list[int]) -> list[tuple[int, dict[str, str]]]:
    through = Project.focus_areas.through.objects.filter(project_id__in=ids).order_by(
        "focusarea__order", "focusarea_id"
    )
    return list(through.values_list("project_id", "focusarea__titles"))


def _owed(ids: list[int], day: date) -> dict[int, tuple[int, int]]:
    silent = Q(update=None) | Q(update__state__in=["draft", "returned"])
    rows = Obligation.objects.filter(indicator__project_id__in=ids).order_by().values_list("indicator__project_id")
    counts = rows.annotate(
        overdue=Count("pk", filter=silent & Q(due_on__lt=day)), waiting=Count("pk", filter=Q(update__state="submitted"))
    )
    found: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    found.update({project_id: (overdue, waiting) for project_id, overdue, waiting in counts})
    return found
