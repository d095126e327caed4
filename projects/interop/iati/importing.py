"""A whole IATI file into the portal, or only what that would do: activity by activity, with everything told."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from kmop.accounts.models import User
from kmop.shared.access import require
from kmop.shared.errors import DomainError
from projects.interop.iati.problems import FileRefused, Problem, Problems
from projects.interop.iati.stream import inspect, read_activities
from projects.services.imports.activities import compare_activity, import_activity
from projects.services.imports.canonical import Difference
from projects.services.imports.known import Known
from projects.services.imports.outcome import Outcome
from projects.services.imports.shapes import Activity

COUNTED = ("results", "indicators", "periods", "targets", "actuals", "transactions", "budgets")
MOST_CHANGES = 2000
"""How many differences a report lists; the others are only counted, so that memory stays flat."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Change:
    """One place in which an activity differs from what the portal was told before."""

    identifier: str
    path: str
    old: str
    new: str


@dataclass(slots=True)
class Report:
    """What became of a file: how many activities and elements are held, what differs, what was wrong."""

    became: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    organisations: set[str] = field(default_factory=set)
    projects: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    changes_unlisted: int = 0
    problems: Problems = field(default_factory=Problems)

    @property
    def is_refused(self) -> bool:
        """Whether nothing at all of the file is held, and why stands among the errors."""
        return not self.became.total() and bool(self.problems.errors)

    def counts(self) -> dict[str, int]:
        """The figures of the command's answer."""
        states = {name: self.became[name] for name in ("created", "updated", "unchanged", "changed")}
        counted = {name: self.held[name] for name in COUNTED}
        return {"activities": self.became.total(), **states, **counted, "organisations": len(self.organisations)}

    def as_json(self) -> dict[str, Any]:
        """The whole as plain values: counts, errors and warnings ({line, path, code, detail}), changes."""
        return {
            **self.counts(),
            "errors": [_plain(problem) for problem in self.problems.errors],
            "warnings": [_plain(problem) for problem in self.problems.warnings],
            "changes": [asdict(change) for change in self.changes],
            "changes_unlisted": self.changes_unlisted,
        }


def _plain(problem: Problem) -> dict[str, Any]:
    return {"line": problem.line, "path": problem.path, "code": problem.code, "detail": problem.detail}


def import_file(
    file: BinaryIO,
    *,
    by: User,
    with_changes: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Take in every activity of a file, each in its own transaction; with `dry_run` only say what that would do.

    `with_changes` updates activities that differ from what was imported before; else they are left and told. A file
    that can't be read gives a report with that one error. `progress` is called with 0 to 100. Raises `NotAllowed`.
    """
    require(by, "projects.import_iati")
    report = Report()
    try:
        facts = inspect(file)
        run = _Run(report, Known.load(by), with_changes, dry_run)
        for activity in read_activities(file, report.problems):
            run.take(activity)
            if progress is not None:
                progress(activity.position * 100 // facts.activities)
    except FileRefused as refused:
        report.problems.add(refused.problem)
    return report


@dataclass(slots=True)
class _Run:
    report: Report
    known: Known
    with_changes: bool
    dry_run: bool

    def take(self, activity: Activity) -> None:
        """One activity in; whatever its fault, the next one is not touched by it."""
        act = compare_activity if self.dry_run else import_activity
        try:
            outcome = act(activity=activity, known=self.known, with_changes=self.with_changes)
        except (ValidationError, DomainError, IntegrityError, DataError) as error:
            self.report.problems.add(_not_saved(activity, error))
            self.known = Known.load(self.known.by)
            return
        self._count(activity, outcome)

    def _count(self, activity: Activity, outcome: Outcome) -> None:
        report = self.report
        report.became[outcome.became.value] += 1
        report.held.update(outcome.held)
        report.organisations |= outcome.organisations
        if outcome.project_id is not None and len(report.projects) < MOST_CHANGES:
            report.projects.append(outcome.project_id)
        for difference in outcome.differences:
            self._list(outcome.identifier, difference)
        for remark in outcome.remarks:
            problem = Problem(remark.line, _path(activity), remark.code, remark.detail, "warning")
            report.problems.add(problem)

    def _list(self, identifier: str, difference: Difference) -> None:
        if len(self.report.changes) < MOST_CHANGES:
            self.report.changes.append(Change(identifier, difference.path, difference.old, difference.new))
        else:
            self.report.changes_unlisted += 1


def _path(activity: Activity) -> str:
    return f"/iati-activities/iati-activity[{activity.position}]"


def _not_saved(activity: Activity, error: Exception) -> Problem:
    """Why an activity could not be saved, without the values that a database's own message might carry."""
    if isinstance(error, DomainError):
        said = str(error.message)
    elif isinstance(error, ValidationError):
        said = " ".join(error.messages)
    else:
        said = _("the database refused a value (%(kind)s)") % {"kind": type(error).__name__}
    detail = _("Nothing of this activity is saved: %(reason)s") % {"reason": said}
    return Problem(activity.line, _path(activity), "not-saved", detail)
