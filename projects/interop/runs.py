"""The two long acts of an import from a page: read the file for its preview, and take it in.

No transaction is open while a file is read. An IATI file commits activity by activity, so a run that is done again
after a worker's death finds those unchanged.
"""

from dataclasses import asdict
from typing import Any, BinaryIO, cast

from django.utils import translation

from kmop.shared.jobs import Claim
from projects.choices import ImportKind, ImportState
from projects.interop.iati.importing import Report, import_file
from projects.interop.workbook import importing as workbook
from projects.models import ImportRun
from projects.services.imports.runs import note_end, note_progress


def read_run(claim: Claim, *, run_id: str) -> None:
    """Read an uploaded file and keep what importing it would do; the run then waits for a decision, or is refused."""
    _work(claim, run_id, ImportState.READING, dry_run=True)


def write_run(claim: Claim, *, run_id: str) -> None:
    """Take in a file whose preview somebody confirmed."""
    _work(claim, run_id, ImportState.IMPORTING, dry_run=False)


def _work(claim: Claim, run_id: str, expected: ImportState, *, dry_run: bool) -> None:
    run = ImportRun.objects.select_related("started_by", "project").get(pk=run_id)
    if run.state != expected:
        with claim.finish():
            return
    with translation.override(run.started_by.language):
        facts = _iati(claim, run, dry_run) if run.kind == ImportKind.IATI else _framework(run, dry_run)
    is_refused = facts.pop("is_refused")
    done = ImportState.PREVIEW if dry_run else ImportState.DONE
    with claim.finish():
        note_end(run, state=ImportState.FAILED if is_refused else done, **facts)


def _iati(claim: Claim, run: ImportRun, dry_run: bool) -> dict[str, Any]:
    told = [0]

    def progress(percent: int) -> None:
        if percent > told[0]:
            told[0] = percent
            claim.progress(percent)
            note_progress(run, percent)

    with run.file.open("rb") as file:
        report = import_file(
            cast("BinaryIO", file), by=run.started_by, with_changes=run.with_changes, dry_run=dry_run, progress=progress
        )
    return {
        "is_refused": report.is_refused,
        "counts": report.counts(),
        "problems": _problems(report),
        "changes": [asdict(change) for change in report.changes],
        "projects": report.projects,
    }


def _problems(report: Report) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in (*report.problems.errors, *report.problems.warnings)]


def _framework(run: ImportRun, dry_run: bool) -> dict[str, Any]:
    if run.project is None:
        raise LookupError("a framework belongs to a project")
    with run.file.open("rb") as file:
        outcome = workbook.import_workbook(
            cast("BinaryIO", file), project=run.project, by=run.started_by, dry_run=dry_run
        )
    said = workbook.as_json(outcome)
    errors = [{**one, "severity": "error"} for one in said["errors"]]
    warnings = [{**one, "severity": "warning"} for one in said["warnings"]]
    return {
        "is_refused": bool(errors),
        "counts": {
            **{name: said[name] for name in workbook.COUNTED},
            **{f"new_{name}": outcome.created[name] for name in workbook.COUNTED},
        },
        "problems": [*errors, *warnings],
        "changes": [],
    }
