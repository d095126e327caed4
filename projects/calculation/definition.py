"""A definition as plain data, what a change makes of it, and what differs between two."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from projects.calculation.mapping import Becomes

MappedCategory: TypeAlias = tuple[str, str, str]
"""Dimension, old category, what it became ("" is none, the same is kept but not asked for)."""

Days: TypeAlias = tuple[str, str, str | None]
"""Start, end and due day of a period (ISO 8601)."""


@dataclass(frozen=True)
class Definition:
    """All that says how figures are made. `facts` are columns as JSON; `moved` the new days of periods by their id."""

    facts: Mapping[str, Any]
    dimensions: tuple[str, ...] = ()
    mappings: tuple[MappedCategory, ...] = ()
    moved: Mapping[int, Days] = field(default_factory=dict)

    @property
    def becomes(self) -> Becomes:
        """The new category by dimension and old category."""
        return {(dimension, old): new for dimension, old, new in self.mappings}

    def snapshot(self) -> dict[str, Any]:
        """As it is kept."""
        mappings = [list(one) for one in self.mappings]
        return {"facts": dict(self.facts), "dimensions": list(self.dimensions), "mappings": mappings}


@dataclass(frozen=True)
class Change:
    """What is to differ: columns, dimensions (None: as they are), categories that become others, periods that move."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    dimensions: tuple[str, ...] | None = None
    mappings: tuple[MappedCategory, ...] = ()
    moved: Mapping[int, Days] = field(default_factory=dict)


def from_snapshot(said: Mapping[str, Any]) -> Definition:
    """A definition as it was kept."""
    mappings = tuple((one[0], one[1], one[2]) for one in said.get("mappings", ()))
    return Definition(dict(said["facts"]), tuple(said.get("dimensions", ())), mappings)


def changed(now: Definition, change: Change) -> Definition:
    """The definition after the change. What became a category that now becomes another one goes along with it."""
    dimensions = now.dimensions if change.dimensions is None else tuple(sorted(change.dimensions))
    new = {(dimension, old): becomes for dimension, old, becomes in change.mappings}
    kept = {(dimension, old): new.get((dimension, becomes), becomes) for dimension, old, becomes in now.mappings}
    mappings = tuple(sorted((dimension, old, becomes) for (dimension, old), becomes in {**kept, **new}.items()))
    return replace(
        now, facts={**now.facts, **change.facts}, dimensions=dimensions, mappings=mappings, moved=dict(change.moved)
    )


@dataclass(frozen=True)
class Differs:
    """One thing that differs between two definitions: its name, before and after."""

    name: str
    before: Any
    after: Any


def differences(before: Definition, after: Definition) -> Iterator[Differs]:
    """What differs, by name: columns, "dimensions", then "mappings"; only what both know is compared."""
    for name in after.facts:
        if name in before.facts and before.facts[name] != after.facts[name]:
            yield Differs(name, before.facts[name], after.facts[name])
    if before.dimensions != after.dimensions:
        yield Differs("dimensions", list(before.dimensions), list(after.dimensions))
    if before.mappings != after.mappings:
        gone, come = set(before.mappings) - set(after.mappings), set(after.mappings) - set(before.mappings)
        yield Differs("mappings", sorted(gone), sorted(come))
