"""The exact JSON of a document: frozen data.

The canonical JSON is what a run keeps and what the printed SHA-256 is taken of, so a field that holds its default value
is left out: a field added later leaves the hash of older runs as it was.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from reports.catalogue import blocks as b

TYPES = (
    b.Document, b.Meta, b.KeyValue, b.Heading, b.Text, b.Bullets, b.Figure, b.Figures, b.Column, b.Table, b.Series,
    b.Chart, b.Voice, b.Voices, b.Change, b.Ledger, b.Note, b.KeyValues, b.PageBreak, b.Pairs, b.Bar, b.Mark, b.Percent,
    b.Empty, b.Kind, b.Tone, b.Side, b.Style, b.Role, b.Form,
)  # fmt: skip
NAMED: dict[str, Any] = {each.__name__: each for each in TYPES}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kept = {field.name: getattr(value, field.name) for field in fields(value) if _says(value, field)}
        return {"is": type(value).__name__} | {name: _plain(each) for name, each in kept.items()}
    if isinstance(value, StrEnum):
        return {"is": type(value).__name__, "value": value.value}
    if isinstance(value, Decimal):
        return {"is": "decimal", "value": str(value)}
    if isinstance(value, datetime):
        return {"is": "time", "value": value.isoformat()}
    if isinstance(value, date):
        return {"is": "date", "value": value.isoformat()}
    if isinstance(value, str | int) or value is None:
        return value
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no place in a document.")


def _says(value: Any, field: Any) -> bool:
    return field.default is MISSING or getattr(value, field.name) != field.default


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_typed(each) for each in value)
    if not isinstance(value, dict):
        return value
    name = value["is"]
    if name == "decimal":
        return Decimal(value["value"])
    if name == "time":
        return datetime.fromisoformat(value["value"])
    if name == "date":
        return date.fromisoformat(value["value"])
    return NAMED[name](**{key: _typed(each) for key, each in value.items() if key != "is"})


def _dumped(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def pieces(value: Any) -> Iterator[str]:
    """The canonical JSON of a document in pieces, a row of a table at a time, so that a long one never lies twice."""
    if isinstance(value, b.Document | b.Pairs | b.Table):
        said = {field.name: getattr(value, field.name) for field in fields(value) if _says(value, field)}
        for at, (name, each) in enumerate(sorted((said | {"is": type(value).__name__}).items())):
            yield f"{',' if at else '{'}{json.dumps(name)}:"
            yield from pieces(each)
        yield "}"
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield "["
        for at, each in enumerate(value):
            if at:
                yield ","
            yield from pieces(each)
        yield "]"
    else:
        yield _dumped(value)


def to_json(document: b.Document) -> str:
    """The canonical JSON of a document: keys sorted, no spaces, decimals as strings, dates in ISO 8601."""
    return "".join(pieces(document))


def from_json(text: str) -> b.Document:
    """The document of a canonical JSON text, equal to the one it was made of.

    Raises `KeyError`, `TypeError` or `ValueError` for a text that is none.
    """
    document = _typed(json.loads(text))
    if not isinstance(document, b.Document):
        raise ValueError("This is not the JSON of a document.")
    return document


def digest(document: b.Document) -> str:
    """The SHA-256 (hexadecimal) of the document's canonical JSON in UTF-8."""
    sha = hashlib.sha256()
    for piece in pieces(document):
        sha.update(piece.encode())
    return sha.hexdigest()
