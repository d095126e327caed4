"""What was wrong with a file: each problem with its line, its path and a sentence, collected up to a ceiling."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

Severity = Literal["error", "warning"]

CEILING = 10_000
"""How many problems of one severity are listed; beyond it they are only counted, so that memory stays flat."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands, a stable code, and a sentence for a person."""

    line: int
    path: str
    code: str
    detail: str
    severity: Severity = "error"


class FileRefused(Exception):
    """The file as a whole can't be read; carries the one problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def refuse(code: str, detail: str, *, line: int = 0, path: str = "") -> FileRefused:
    """The exception that refuses a whole file, to be raised by the caller."""
    return FileRefused(Problem(line, path, code, detail))


class Problems:
    """Collects the problems of one file in the order in which they are met."""

    def __init__(self) -> None:
        self._listed: dict[Severity, list[Problem]] = {"error": [], "warning": []}
        self._unlisted: Counter[Severity] = Counter()
        self.codes: Counter[str] = Counter()

    def add(self, problem: Problem) -> None:
        """Keep a problem, or only count it once the ceiling is reached."""
        self.codes[problem.code] += 1
        listed = self._listed[problem.severity]
        if len(listed) < CEILING:
            listed.append(problem)
        else:
            self._unlisted[problem.severity] += 1

    @property
    def errors(self) -> list[Problem]:
        """Problems for which something of the file could not be kept."""
        return self._with_rest("error")

    @property
    def warnings(self) -> list[Problem]:
        """Problems that a person should know of; what they are about is kept."""
        return self._with_rest("warning")

    def _with_rest(self, severity: Severity) -> list[Problem]:
        rest = self._unlisted[severity]
        if not rest:
            return list(self._listed[severity])
        detail = _("%(count)d more of these are not listed.") % {"count": rest}
        return [*self._listed[severity], Problem(0, "", "not-listed", detail, severity)]
