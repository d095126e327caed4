"""An uploaded file on its way in: kept, read in the background, shown, decided, imported in the background."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.files import IMPORT, check_upload, file_name
from kmop.shared.jobs import enqueue
from kmop.shared.models import bump
from projects.choices import Action, ImportKind, ImportState
from projects.models import ImportRun, Project

READ, WRITE = "projects.tasks.read_import", "projects.tasks.write_import"
RULES = {ImportKind.IATI: "projects.import_iati", ImportKind.FRAMEWORK: "projects.import_framework"}
TYPES = {ImportKind.IATI: "xml", ImportKind.FRAMEWORK: "xlsx"}
MOST_LINKS = 100
MOST_PROBLEMS = 2000
"""How many problems are kept with a run; a page shows no more, the command line tells all."""


def start_import(*, kind: ImportKind, file: File[Any], by: User, project: Project | None = None) -> ImportRun:
    """Keep an uploaded file and let the worker read it; nothing of it is imported before somebody decides.

    A framework belongs to a project. Raises `NotAllowed`, and `ValidationError` for a file of the wrong kind or size.
    """
    require(by, RULES[kind], project)
    checked = check_upload(file, IMPORT)
    if checked.type.name != TYPES[kind]:
        raise ValidationError({"file": [_("An IATI file ends in .xml, a framework workbook in .xlsx.")]})
    name = file_name(file.name or "")
    with transaction.atomic():
        run = ImportRun(kind=kind, name=name, size=checked.size, sha256=checked.sha256, project=project, started_by=by)
        run.file.save(name, file, save=False)
        run.save(force_insert=True)
        audit.record(by, Action.IMPORT_STARTED, run, kind=str(kind), sha256=checked.sha256)
        enqueue(READ, by=by, run=str(run.pk))
    return run


@transaction.atomic
def confirm_import(*, run: ImportRun, with_changes: bool, by: User) -> ImportRun:
    """Decide that a previewed file is imported; `with_changes` also updates what differs.

    Raises `NotAllowed`, `RuleBroken` unless it waits for this decision, `Stale` when somebody else was quicker.
    """
    require(by, RULES[ImportKind(run.kind)], run.project)
    if run.state != ImportState.PREVIEW:
        raise RuleBroken(_("This file does not wait for a decision any more."))
    run.state, run.with_changes, run.progress = ImportState.IMPORTING, with_changes, 0
    bump(run, "state", "with_changes", "progress")
    audit.record(by, Action.IMPORT_CONFIRMED, run, with_changes=with_changes)
    enqueue(WRITE, by=by, run=str(run.pk))
    return run


def note_progress(run: ImportRun, percent: int) -> None:
    """Write how far the reading or importing is, for the page; one statement, outside any transaction."""
    ImportRun.objects.filter(pk=run.pk).update(progress=percent)


def note_end(
    run: ImportRun,
    *,
    state: ImportState,
    counts: Mapping[str, int],
    problems: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    projects: Sequence[int] = (),
) -> None:
    """Keep what the reading or importing found; the caller's transaction also ends its job."""
    run.state, run.progress = state, 100
    run.counts = {**counts, "problems": len(problems), "changes": len(changes), "projects": list(projects[:MOST_LINKS])}
    run.problems, run.changes = list(problems[:MOST_PROBLEMS]), list(changes[:MOST_PROBLEMS])
    bump(run, "state", "progress", "counts", "problems", "changes")
