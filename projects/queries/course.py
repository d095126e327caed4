"""Whether projects keep their plan: n of m outcome indicators at or above plan, k incomplete."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from projects.calculation.progress import ProjectVerdict, Verdict, project_verdict
from projects.choices import ResultLevel
from projects.models import Indicator, Project
from projects.queries.figures import figures_of


def course(projects: Collection[Project], *, day: date) -> dict[int, ProjectVerdict]:
    """The verdict on each project by its id, in five statements whatever their number.

    Only outcome indicators count; never a mean of unlike units. Give projects that the reader may see.
    """
    ids = [one.pk for one in projects]
    indicators = list(Indicator.objects.filter(project_id__in=ids, result__level=ResultLevel.OUTCOME).order_by("pk"))
    found: defaultdict[int, list[Verdict]] = defaultdict(list)
    for facts in figures_of(indicators, day=day, cells=False).values():
        found[facts.indicator.project_id].append(facts.verdict)
    return {pk: project_verdict(found[pk]) for pk in ids}
