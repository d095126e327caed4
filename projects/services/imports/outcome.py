"""What became of one activity: created, updated, unchanged, or changed and left alone; and what of it is held."""

import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from projects.services.imports.canonical import Difference
from projects.services.imports.shapes import Activity


class Became(StrEnum):
    """The four things that can become of an activity."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should know of what was taken in: the line in the file, a code, a sentence."""

    line: int
    code: str
    detail: str


@dataclass(slots=True)
class Outcome:
    """What became of one activity; `held` counts the elements of the file that are kept, by kind.

    `organisations` are the codes of those that it names.
    """

    identifier: str
    title: str
    became: Became
    project_id: int | None = None
    held: Counter[str] = field(default_factory=Counter)
    organisations: set[str] = field(default_factory=set)
    differences: list[Difference] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def held_of(activity: Activity) -> Counter[str]:
    """How many elements of an activity are kept, all of it being taken in."""
    indicators = [indicator for result in activity.results for indicator in result.indicators]
    periods = [period for indicator in indicators for period in indicator.periods]
    return Counter(
        results=len(activity.results),
        indicators=len(indicators),
        periods=len(periods),
        targets=sum(len(period.targets) for period in periods),
        actuals=sum(len(period.actuals) for period in periods),
        transactions=len(activity.transactions),
        budgets=len(activity.budgets),
    )


def held_of_text(canonical_text: str) -> Counter[str]:
    """The same of a canonical text."""
    said = json.loads(canonical_text)
    indicators = [one for result in said.get("results", []) for one in result.get("indicators", [])]
    periods = [period for indicator in indicators for period in indicator.get("periods", [])]
    return Counter(
        results=len(said.get("results", [])),
        indicators=len(indicators),
        periods=len(periods),
        targets=sum(len(period.get("targets", [])) for period in periods),
        actuals=sum(len(period.get("actuals", [])) for period in periods),
        transactions=len(said.get("transactions", [])),
        budgets=len(said.get("budgets", [])),
    )
