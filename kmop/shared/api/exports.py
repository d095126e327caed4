"""A filtered list as a file, CSV or XLSX: the rows as the reader's JSON shows them, nested parts as columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from rest_framework import serializers

from kmop.shared.api.fields import AmountField, TextsJsonField
from kmop.shared.exports import csv_chunks, xlsx_file

CHUNK = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Path = tuple[str, ...]
Reader = Callable[[Any], object]
Prepare = Callable[[list[Any]], list[Any]]


def columns_of(serializer: Any) -> list[Path]:
    """The paths of a row's columns: nested objects one a field, texts one a language, amounts with units two."""
    return [(name, *rest) for name, field in serializer.fields.items() for rest in _inner(field)]


def _inner(field: Any) -> Sequence[Path]:
    if isinstance(field, serializers.Serializer):
        return columns_of(field)
    if isinstance(field, TextsJsonField):
        return [(code,) for code, _name in settings.LANGUAGES]
    return [(part,) for part in getattr(field, "columns", ())] or [()]


def cell(shown: Any, path: Path) -> Any:
    """What stands in one cell of a shown row: a plain value; lists joined by semicolons."""
    value = shown
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return "; ".join(_flat(part) for part in value)
    return _flat(value) if isinstance(value, Mapping) else value


def _flat(value: Any) -> str:
    return (
        ", ".join(f"{name}={_flat(part)}" for name, part in value.items()) if isinstance(value, Mapping) else str(value)
    )


def reader_of(serializer: Any, path: Path, *, dates: bool) -> Reader:
    """How a column's text becomes the number (and, with `dates`, the day or time) that it says."""
    field = serializer
    for step in path:
        field = field.fields[step] if hasattr(field, "fields") else field
    if isinstance(field, AmountField) or (path[-1:] == getattr(field, "columns", ())[:1] != ()):
        return lambda text: None if text is None else Decimal(text)
    if dates and isinstance(field, serializers.DateTimeField):
        return lambda text: datetime.fromisoformat(text) if text else None
    if dates and isinstance(field, serializers.DateField):
        return lambda text: date.fromisoformat(text) if text else None
    return lambda value: value


def rows_of(serializer: Any, rows: QuerySet[Any], prepare: Prepare, *, dates: bool) -> Iterator[list[object]]:
    """The cells of each row, read in chunks whatever their number, in the language of the request."""
    readers = [(path, reader_of(serializer, path, dates=dates)) for path in columns_of(serializer)]
    language = translation.get_language() or settings.LANGUAGE_CODE

    def told() -> Iterator[list[object]]:
        with translation.override(language):
            for obj in _prepared(rows.iterator(chunk_size=CHUNK), prepare):
                shown = serializer.to_representation(obj)
                yield [read(cell(shown, path)) for path, read in readers]

    return told()


def _prepared(rows: Iterator[Any], prepare: Prepare) -> Iterator[Any]:
    while piece := list(islice(rows, CHUNK)):
        yield from prepare(piece)


def _heads(serializer: Any) -> list[str]:
    return [".".join(path) for path in columns_of(serializer)]


def _named(name: str, ending: str) -> dict[str, str]:
    day = timezone.localdate().isoformat()
    return {"Content-Disposition": f'attachment; filename="{name}-{day}.{ending}"'}


def csv_export(name: str, serializer: Any, rows: QuerySet[Any], prepare: Prepare) -> HttpResponseBase:
    """All rows as CSV, streamed; without a byte order mark, since programs read it."""
    lines = csv_chunks(_heads(serializer), rows_of(serializer, rows, prepare, dates=False), mark="")
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_named(name, "csv"))


def xlsx_export(name: str, serializer: Any, rows: QuerySet[Any], prepare: Prepare) -> HttpResponseBase:
    """All rows as a workbook, written row by row to a temporary file."""
    file = xlsx_file(name, _heads(serializer), rows_of(serializer, rows, prepare, dates=True))
    return FileResponse(file, content_type=XLSX, headers=_named(name, "xlsx"))


Export = Callable[[str, Any, QuerySet[Any], Prepare], HttpResponseBase]
EXPORTS: dict[str, Export] = {"csv": csv_export, "xlsx": xlsx_export}
