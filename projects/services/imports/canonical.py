"""One text for one content: canonical JSON of an activity, its fingerprint, and the difference between two of them.

The order of elements in a file says nothing in IATI, so lists are sorted; empty parts are left out; numbers are said
without trailing zeros. Two files that say the same thus have the same text.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from projects.services.imports.shapes import Activity

Json = Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two activities differ: `old` or `new` is "" where it is absent on that side."""

    path: str
    old: str
    new: str


def canonical(activity: Activity) -> str:
    """The activity's content as canonical JSON (UTF-8, sorted, no blanks)."""
    return _text(_plain(activity))


def fingerprint(canonical_text: str) -> str:
    """SHA-256 of a canonical text, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_text.encode()).hexdigest()


def differences(old: str, new: str) -> list[Difference]:
    """What differs between two canonical texts, in the order of the paths."""
    return list(_compare("", json.loads(old), json.loads(new)))


# ---------------------------------------------------------------- canonical form


def _text(plain: Json) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


_contents: dict[type, tuple[str, ...]] = {}


def _content(shape: type) -> tuple[str, ...]:
    """The names of the fields that count, sorted; looked up once per class."""
    if shape not in _contents:
        said = (one.name for one in fields(shape) if one.metadata.get("content", True))
        _contents[shape] = tuple(sorted(said))
    return _contents[shape]


def _plain(value: Any) -> Json:
    """A value as JSON knows it; what is empty is left out by the caller."""
    kind = type(value)
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if kind is tuple:
        return _sorted([_plain(one) for one in value])
    if kind is Decimal:
        return _decimal(value)
    if kind is date:
        return value.isoformat()
    said = {}
    for name in _content(kind):
        one = getattr(value, name)
        if one is not None and one != "" and one != ():
            said[name] = _plain(one)
    return said


def _sorted(items: list[Json]) -> list[Json]:
    """Sorted by what they say; plain texts keep their order, for a pair is a name and its value."""
    if len(items) > 1 and not isinstance(items[0], str):
        items.sort(key=_text)
    return items


def _decimal(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


# ---------------------------------------------------------------- difference


def _named(*names: str) -> Callable[[Mapping[str, Json]], str]:
    def identity(item: Mapping[str, Json]) -> str:
        return " ".join(_said(item[name]) for name in names if name in item)

    return identity


def _said(value: Json) -> str:
    """A short way to say a value: the first text where there are several languages."""
    if isinstance(value, list):
        return _said(value[0]) if value else ""
    if isinstance(value, dict):
        return _said(value.get("text") or next(iter(value.values()), ""))
    return str(value)


IDENTITIES: dict[str, Callable[[Mapping[str, Json]], str]] = {
    "participants": _named("role", "ref", "names"),
    "dates": _named("type"),
    "descriptions": _named("type"),
    "countries": _named("code"),
    "regions": _named("vocabulary", "code"),
    "sectors": _named("vocabulary", "code"),
    "tags": _named("vocabulary", "code"),
    "markers": _named("vocabulary", "code"),
    "locations": _named("ref", "names"),
    "budgets": _named("kind", "type", "start", "end"),
    "transactions": _named("type", "day", "ref"),
    "documents": _named("url"),
    "references": _named("vocabulary", "code"),
    "results": _named("type", "titles"),
    "indicators": _named("titles"),
    "periods": _named("start", "end"),
}
"""By what two items of a list are taken for the same one; lists that are not named here match by what they say."""


def _compare(path: str, old: Json, new: Json, name: str = "") -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _compare(f"{path}/{key}", old.get(key), new.get(key), key)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(path, name, old, new)
    else:
        yield Difference(path, _whole(old), _whole(new))


def _compare_lists(path: str, name: str, old: list[Json], new: list[Json]) -> Iterator[Difference]:
    before, after = _keyed(name, old), _keyed(name, new)
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _compare(
            f"{path}[{key[0]}]" if key[1] == 1 else f"{path}[{key[0]}]({key[1]})", before.get(key), after.get(key)
        )


def _keyed(name: str, items: list[Json]) -> dict[tuple[str, int], Json]:
    identity = IDENTITIES.get(name)
    found: dict[tuple[str, int], Json] = {}
    seen: dict[str, int] = {}
    for item in items:
        label = identity(item) if identity is not None else _cell(item)
        seen[label] = seen.get(label, 0) + 1
        found[label, seen[label]] = item
    return found


def _cell(item: Json) -> str:
    """How an item without a name of its own is told apart: a cell by its dimensions, a text by its language."""
    if not isinstance(item, dict):
        return _whole(item)
    if "language" in item:
        return str(item["language"])
    return ", ".join(":".join(pair) for pair in item.get("dimensions", [])) + "".join(item.get("locations", []))


def _whole(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else _text(value)
