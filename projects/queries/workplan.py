"""Time of projects: what is late, what comes next, the worst open risks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from projects.choices import WorkState
from projects.models import Activity, Deliverable, Milestone, Project, Risk

NEXT = 5


@dataclass
class WorkSummary:
    """Activities, deliverables and milestones that are late or come next, and open risks, the worst first."""

    late: list[Any] = field(default_factory=list)
    next: list[Any] = field(default_factory=list)
    done: int = 0
    total: int = 0
    risks: list[Risk] = field(default_factory=list)
    risks_to_review: int = 0


def workplan(projects: Collection[Project], *, day: date) -> dict[int, WorkSummary]:
    """The work of each project by its id on `day`, by actual ends and closings, in four statements.

    Give projects that the reader may see.
    """
    ids = [one.pk for one in projects]
    found: defaultdict[int, WorkSummary] = defaultdict(WorkSummary)
    for model in (Activity, Deliverable, Milestone):
        _sort_in(model.objects.filter(project_id__in=ids).exclude(state=WorkState.DROPPED), found, day)
    for summary in found.values():
        summary.late.sort(key=lambda one: (one.ends_on, one.pk))
        summary.next = sorted(summary.next, key=lambda one: (one.ends_on, one.pk))[:NEXT]
    for risk in Risk.objects.filter(project_id__in=ids).open_on(day).worst_first().select_related("owner"):
        summary = found[risk.project_id]
        summary.risks.append(risk)
        summary.risks_to_review += bool(risk.review_on and risk.review_on <= day)
    return {pk: found[pk] for pk in ids}


def _sort_in(rows: Iterable[Any], found: defaultdict[int, WorkSummary], day: date) -> None:
    for one in rows:
        summary = found[one.project_id]
        summary.total += 1
        if one.is_done_on(day):
            summary.done += 1
        elif one.is_late_on(day):
            summary.late.append(one)
        else:
            summary.next.append(one)
