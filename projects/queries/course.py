"""Whether projects keep their plan: n of m outcome indicators at or above plan, k incomplete."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.utils.translation import ngettext

from projects.calculation.progress import ProjectVerdict, Verdict, project_verdict
from projects.choices import ResultLevel
from projects.models import Indicator, Project
from projects.queries.figures import figures_of


def of_outcomes(verdict: ProjectVerdict) -> str:
    """What the number of those that keep their plan stands before: "of 7 outcome indicators at or above plan"."""
    words = ngettext(
        "of %(of)s outcome indicator at or above plan", "of %(of)s outcome indicators at or above plan", verdict.of
    )
    return words % {"of": verdict.of}


def incomplete_words(verdict: ProjectVerdict) -> str:
    """How many lack a partner's figure; empty where none does."""
    if not verdict.incomplete:
        return ""
    return ngettext("%(k)d incomplete", "%(k)d incomplete", verdict.incomplete) % {"k": verdict.incomplete}


def course_words(verdict: ProjectVerdict) -> str:
    """The sentence: "3 of 7 outcome indicators at or above plan, 2 incomplete."."""
    said = [f"{verdict.at_or_above} {of_outcomes(verdict)}", incomplete_words(verdict)]
    return ", ".join(filter(None, said)) + "."


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
