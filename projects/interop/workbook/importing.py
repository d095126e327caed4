"""A framework workbook into a project, or only what that would do."""

from typing import Any, BinaryIO

from kmop.accounts.models import User
from projects.interop.workbook.reader import read_framework
from projects.models import Project
from projects.services.imports.rows import SheetProblem
from projects.services.imports.workbooks import COUNTED, FrameworkOutcome, import_framework

__all__ = ["COUNTED", "as_json", "import_workbook", "plain"]


def import_workbook(file: BinaryIO, *, project: Project, by: User, dry_run: bool = False) -> FrameworkOutcome:
    """Read a workbook and take it in, all of it or (with an error anywhere) nothing. Raises `NotAllowed`."""
    return import_framework(project=project, rows=read_framework(file), by=by, dry_run=dry_run)


def as_json(outcome: FrameworkOutcome) -> dict[str, Any]:
    """The outcome as plain values: counts, errors and warnings as {sheet, row, column, code, detail}."""
    is_refused = bool(outcome.errors)
    return {
        **{name: 0 if is_refused else outcome.held[name] for name in COUNTED},
        "errors": [plain(problem) for problem in outcome.errors],
        "warnings": [plain(problem) for problem in outcome.warnings],
    }


def plain(problem: SheetProblem) -> dict[str, Any]:
    """One problem as plain values."""
    spot = problem.spot
    return {
        "sheet": spot.sheet,
        "row": spot.row,
        "column": spot.column,
        "code": problem.code,
        "detail": problem.detail,
    }
