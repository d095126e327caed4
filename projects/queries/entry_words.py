"""What an audit entry of a project speaks of, by name: the thing it was done to, and the facts that are ids."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.audit.queries.entries import facts_of, kind_label
from kmop.shared import formats
from partners.models import Organisation
from projects.models import Indicator, Legacy, Period, Project, Update
from projects.queries.project_entries import MONEY, WORK

FACTS: dict[str, type[Model]] = {
    "indicator": Indicator,
    "organisation": Organisation,
    "period": Period,
    "user": User,
    "legacy": Legacy,
}
KINDS: tuple[type[Model], ...] = (Project, Period, *(model for model, _path in (*WORK, *MONEY)))
OBJECTS: dict[str, type[Model]] = {model._meta.label_lower: model for model in KINDS}
LEFT_OUT = frozenset({"project", "added", "line", "grant"})


@dataclass
class EntryWords:
    """The names of a page of entries; read once, at most one statement a kind of thing."""

    things: dict[tuple[str, str], Any] = field(default_factory=dict)

    def on_what(self, entry: Entry) -> str:
        """The thing an act was done to: its kind and its name."""
        if entry.object_kind == Update._meta.label_lower:
            return ", ".join(self._named(name, value) for name, value in facts_of(entry).items() if name in FACTS)
        found = self.things.get((entry.object_kind, entry.object_id))
        kind = kind_label(entry.object_kind)
        return f"{kind}: {_name(found)}" if found is not None else f"{kind} {entry.object_id}"

    def facts(self, entry: Entry) -> str:
        """The facts in words; those that say which thing it was are left to `on_what`."""
        is_update = entry.object_kind == Update._meta.label_lower
        said = [
            f"{name}: {self._named(name, value)}"
            for name, value in facts_of(entry).items()
            if name not in LEFT_OUT and not (is_update and name in FACTS)
        ]
        return ", ".join(said)

    def _named(self, name: str, value: Any) -> str:
        model = FACTS.get(name)
        found = self.things.get((model._meta.label_lower, str(value))) if model else None
        return _name(found) if found is not None else _said(value)


def entry_words(entries: Iterable[Entry]) -> EntryWords:
    """The names of all that these entries speak of."""
    wanted: defaultdict[type[Model], set[str]] = defaultdict(set)
    for entry in entries:
        if entry.object_kind in OBJECTS:
            wanted[OBJECTS[entry.object_kind]].add(entry.object_id)
        for name, value in facts_of(entry).items():
            if name in FACTS:
                wanted[FACTS[name]].add(str(value))
    words = EntryWords()
    for model, ids in wanted.items():
        numbers = [int(one) for one in ids if one.isdecimal()]
        for pk, row in model._base_manager.in_bulk(numbers).items():
            words.things[(model._meta.label_lower, str(pk))] = row
    return words


def _period(row: Any) -> str:
    return formats.period(row.starts_on, row.ends_on)


NAMES: dict[type[Model], Callable[[Any], str]] = {
    Period: _period,
}


def _name(row: Any) -> str:
    return NAMES.get(type(row), str)(row)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
