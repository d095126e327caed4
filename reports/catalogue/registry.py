"""The reports that can be made, found by their modules: one file a report, each with a `REPORT`."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeAlias

from kmop.accounts.models import User
from kmop.shared.errors import Sentence
from partners.models import Organisation
from projects.models import Project
from reports.catalogue.blocks import Document


class Takes(StrEnum):
    """What a parameter takes: a code (or id), or a day."""

    PROJECT = "project"
    ORGANISATION = "organisation"
    DAY = "day"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a report, under the name that addresses, command line and forms use."""

    name: str
    takes: Takes
    label: Sentence
    help: Sentence = ""
    is_required: bool = False


@dataclass(frozen=True)
class Order:
    """What is asked for: of what, to which day, in which language, by whom; and the run that makes it."""

    as_of: date
    language: str
    by: User
    project: Project | None = None
    organisation: Organisation | None = None
    run: str = ""
    frozen_at: datetime | None = None


Gather: TypeAlias = Callable[[Order], Document]


@dataclass(frozen=True)
class Report:
    """A report of the catalogue. `rule` is asked about the order; `gather` reads in one snapshot."""

    code: str
    title: Sentence
    summary: Sentence
    parameters: tuple[Parameter, ...]
    rule: str
    gather: Gather


@cache
def reports() -> dict[str, Report]:
    """Every report by its code, in the order of the codes."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        report = getattr(importlib.import_module(f"reports.catalogue.{module.name}"), "REPORT", None)
        if isinstance(report, Report):
            found[report.code] = report
    return dict(sorted(found.items()))


def report_of(code: str) -> Report:
    """The report of a code. Raises `LookupError` for a code that there is no report of."""
    if code not in reports():
        raise LookupError(f"There is no report {code!r}.")
    return reports()[code]
