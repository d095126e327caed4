"""How the thin acts save: check, keep, count the version."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.models import Versioned, bump, refuse_stale
from kmop.shared.text import fold
from projects.models import Indicator, Project

Row = TypeVar("Row", bound=models.Model)
NOT_COLUMNS = frozenset({"id", "version", "created_at", "updated_at"})


def keep(row: Row) -> Row:
    """Save a new row after every check of its columns and constraints (`ValidationError` by field)."""
    row.full_clean()
    row.save(force_insert=True)
    return row


def keep_all(rows: Sequence[Row]) -> list[Row]:
    """Save many new rows of one kind in one statement; columns are checked, constraints by the database."""
    if not rows:
        return []
    foreign = [field.name for field in rows[0]._meta.concrete_fields if field.is_relation]
    problems: dict[str, Any] = {}
    for number, row in enumerate(rows):
        try:
            row.clean_fields(exclude=foreign)
        except ValidationError as error:
            problems |= {f"rows/{number}/{name}": found for name, found in error.error_dict.items()}
    if problems:
        raise ValidationError(problems)
    made: list[Row] = type(rows[0])._base_manager.bulk_create(rows, batch_size=1000)
    return made


def change(
    row: Versioned, changes: Mapping[str, Any], *, allowed: Iterable[str], expected_version: int | None = None
) -> list[str]:
    """Change columns of a row and count its version; gives the names of what is different now, sorted.

    Raises `ValidationError` for a column that can't be changed, `Stale` where the version isn't the expected one.
    """
    refuse_stale(row, expected_version)
    unknown = set(changes) - set(allowed)
    if unknown:
        raise ValidationError({name: [_("This can't be changed.")] for name in sorted(unknown)})
    different = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in different:
        setattr(row, name, changes[name])
    if different:
        row.full_clean()
        bump(row, *different)
    return different


def columns_of(model: type[models.Model], *besides: str) -> frozenset[str]:
    """The names of a model's columns that an act may set, without those named."""
    names = {field.name for field in model._meta.concrete_fields if field.editable}
    return frozenset(names - NOT_COLUMNS - set(besides))


def one_project(rows: Iterable[Any], project: Project) -> None:
    """Every row of a set act belongs to the project that was asked for."""
    if any(row.project_id != project.pk for row in rows):
        raise ValueError("a row of another project")


def indicator_search_text(indicator: Indicator) -> str:
    """What an indicator is found by: code and titles in all languages; folded."""
    return fold(indicator.code, *indicator.titles.values())
