"""The theory of change of a project, and the unplanned change beside its targets."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from projects.choices import AssumptionOutcome
from projects.models import Assumption, Project, Result, UnplannedChange


@dataclass(frozen=True)
class Theory:
    """The results of a project in reading order, and what must hold between them, in the order it was written."""

    results: list[Result]
    assumptions: list[Assumption]

    def count(self, outcome: AssumptionOutcome) -> int:
        """How many assumptions stand like this."""
        return sum(1 for one in self.assumptions if one.outcome == outcome)


def theory(project: Project, *, user: Any) -> Theory:
    """The results and assumptions of a project that `user` sees, in two statements."""
    rows = Assumption.objects.visible_to(user).filter(project=project)
    results = Result.objects.filter(project__in=Project.objects.visible_to(user).filter(pk=project.pk))
    return Theory(list(results.order_by("order", "pk")), list(rows.order_by("pk")))


def unplanned_changes(project: Project, *, user: Any) -> QuerySet[UnplannedChange]:
    """The unplanned change of a project that `user` sees, with its result and who told it, the newest first."""
    rows: QuerySet[UnplannedChange] = UnplannedChange.objects.visible_to(user).filter(project=project)
    return rows.select_related("result", "organisation").order_by("-noticed_on", "-pk")


def changes_by_result(project: Project, *, user: Any, day: date) -> dict[int, list[UnplannedChange]]:
    """What was noticed by `day`, by the id of its result. One statement."""
    found: defaultdict[int, list[UnplannedChange]] = defaultdict(list)
    for one in unplanned_changes(project, user=user).filter(noticed_on__lte=day):
        found[one.result_id].append(one)
    return dict(found)
