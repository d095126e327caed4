"""Acts on the library of indicators, and taking one of it into a framework."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.text import fold
from projects.choices import Action
from projects.models import DefinitionCode, Dimension, FocusArea, Indicator, IndicatorDefinition, Result
from projects.queries.library import COPIED
from projects.services.results import add_indicator, check_methods
from projects.services.saving import change, columns_of, keep
from projects.validators import check_library_codes

Codes = Sequence[tuple[str, str]]
MOST_DIMENSIONS = 4


def definition_search_text(row: IndicatorDefinition, codes: Codes) -> str:
    """What a definition is found by: its code, its titles in all languages, the codes of others; folded."""
    return fold(row.code, *row.titles.values(), *(code for _scheme, code in codes))


def _check_dimensions(dimensions: Sequence[Dimension]) -> None:
    if len(dimensions) > MOST_DIMENSIONS:
        raise ValidationError({"dimensions": [_("An indicator is broken down by four dimensions at most.")]})


def _write_codes(row: IndicatorDefinition, codes: Codes) -> None:
    row.codes.all().delete()
    wanted = dict.fromkeys(codes)
    DefinitionCode.objects.bulk_create(
        [DefinitionCode(definition=row, scheme=scheme, code=code) for scheme, code in wanted]
    )


@transaction.atomic
def add_definition(
    *,
    codes: Codes = (),
    dimensions: Iterable[Dimension] = (),
    focus_areas: Iterable[FocusArea] = (),
    by: User,
    **fields: Any,
) -> IndicatorDefinition:
    """Add a definition; `codes` are (scheme, code), "sdg" for SDG indicators; `fields` are further columns.

    Raises `ValidationError` by field: a code that is taken, a method without meaning, more than four dimensions.
    """
    require(by, "projects.manage_library")
    broken_down = list(dimensions)
    check_library_codes(codes)
    _check_dimensions(broken_down)
    row = IndicatorDefinition(**fields)
    check_methods(row)
    row.search_text = definition_search_text(row, codes)
    keep(row)
    row.dimensions.set(broken_down)
    row.focus_areas.set(list(focus_areas))
    _write_codes(row, codes)
    audit.record(by, Action.LIBRARY_CHANGED, row, code=row.code, added=True)
    return row


@transaction.atomic
def change_definition(
    *,
    definition: IndicatorDefinition,
    changes: Mapping[str, Any],
    expected_version: int | None = None,
    by: User,
) -> IndicatorDefinition:
    """Change a definition or retire it; indicators that took it keep what they have and say where they differ.

    `changes` are columns, and `codes`, `dimensions`, `focus_areas`. Raises `ValidationError` by field and `Stale`.
    """
    require(by, "projects.manage_library")
    columns = dict(changes)
    codes = columns.pop("codes", None)
    linked = {name: list(columns.pop(name)) for name in ("dimensions", "focus_areas") if name in columns}
    check_library_codes(codes or ())
    _check_dimensions(linked.get("dimensions", []))
    merged = IndicatorDefinition(**{name: columns.get(name, getattr(definition, name)) for name in ("code", *COPIED)})
    check_methods(merged)
    told = codes if codes is not None else list(definition.codes.values_list("scheme", "code"))
    columns["search_text"] = definition_search_text(merged, told)
    allowed = columns_of(IndicatorDefinition, "code") | {"search_text"}
    changed = change(definition, columns, allowed=allowed, expected_version=expected_version)
    for name, rows in linked.items():
        getattr(definition, name).set(rows)
    if codes is not None:
        _write_codes(definition, codes)
    audit.record(by, Action.LIBRARY_CHANGED, definition, changed=changed)
    return definition


@transaction.atomic
def add_from_library(
    *,
    definition: IndicatorDefinition,
    result: Result,
    code: str = "",
    periods: bool = False,
    by: User,
    **differences: Any,
) -> Indicator:
    """Add an indicator to a result as the library defines it; `differences` are columns that are otherwise here.

    Without `code` it has the library's; with `periods` it gets those of its project. Raises `RuleBroken` for a retired
    definition, `ValidationError` by field.
    """
    require(by, "projects.manage_framework", result)
    if not definition.is_active:
        raise RuleBroken(_("This definition is retired: choose another one of the library."))
    facts = {name: getattr(definition, name) for name in COPIED}
    return add_indicator(
        result=result,
        code=code or definition.code,
        dimensions=definition.dimensions.all(),
        definition=definition,
        periods=periods,
        by=by,
        **{**facts, "source": definition.verification, **differences},
    )
