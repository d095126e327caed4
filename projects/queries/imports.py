"""What the page of an import shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kmop.shared.models import Job, JobState
from projects.choices import ImportKind, ImportState
from projects.models import ImportRun, Project

SHOWN = 200
NAMES: Mapping[str, Promise] = {
    "activities": _("Activities"),
    "created": _("New"),
    "updated": _("Updated"),
    "unchanged": _("Unchanged"),
    "changed": _("Different, left as they are"),
    "results": _("Results"),
    "indicators": _("Indicators"),
    "periods": _("Periods"),
    "targets": _("Targets"),
    "actuals": _("Actuals"),
    "transactions": _("Transactions"),
    "budgets": _("Budget lines"),
    "organisations": _("Organisations"),
    "new_results": _("New results"),
    "new_indicators": _("New indicators"),
    "new_periods": _("New periods"),
}


@dataclass(frozen=True)
class ImportPage:
    """One import: its figures by name, the first problems and differences, the projects it made, what went wrong."""

    run: ImportRun
    counts: list[tuple[Promise, int]]
    problems: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    projects: list[Project]
    error: str

    @property
    def is_working(self) -> bool:
        """Whether the worker still has it."""
        return not self.error and self.run.state in (ImportState.READING, ImportState.IMPORTING)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a decision."""
        return bool(self.run.state == ImportState.PREVIEW)

    @property
    def is_framework(self) -> bool:
        """Whether its problems stand in sheets rather than in lines."""
        return bool(self.run.kind == ImportKind.FRAMEWORK)

    @property
    def has_changes(self) -> bool:
        """Whether something differs from what was imported before."""
        return bool(self.run.counts.get("changed"))


def import_page(run: ImportRun) -> ImportPage:
    """The page of one import, in a fixed number of statements."""
    said = [(name, run.counts[key]) for key, name in NAMES.items() if key in run.counts]
    return ImportPage(
        run=run,
        counts=said,
        problems=run.problems[:SHOWN],
        changes=run.changes[:SHOWN],
        projects=_projects(run),
        error=_error(run),
    )


def _projects(run: ImportRun) -> list[Project]:
    """Where to go on: the framework's project, or those that the file's activities are."""
    if run.project is not None:
        return [run.project]
    ids = run.counts.get("projects", [])
    return list(Project.objects.visible_to(run.started_by).filter(pk__in=ids)) if ids else []


def _error(run: ImportRun) -> str:
    """What the worker says of a job that it gave up; "" while it works or is done."""
    if run.state not in (ImportState.READING, ImportState.IMPORTING):
        return ""
    parked = Job.objects.filter(state=JobState.FAILED, args__run=str(run.pk)).order_by("-created_at")
    return parked.values_list("error", flat=True).first() or ""
