"""How an indicator is defined, now and at any earlier moment: its versions, and what became of its categories."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from projects.calculation.definition import Definition, Differs, differences, from_snapshot
from projects.calculation.mapping import Becomes, mapped_cell
from projects.models import CategoryMapping, Indicator, IndicatorVersion

FACTS = (
    "result",
    "titles",
    "definitions",
    "units",
    "measure",
    "formula",
    "direction",
    "is_cumulative",
    "is_share",
    "across_partners",
    "across_time",
    "scale_minimum",
    "scale_maximum",
    "decimals",
    "is_active",
)
"""The columns of an indicator that a version keeps, and a change may set. Nowhere else are they listed."""


def _field(name: str) -> Any:
    return Indicator._meta.get_field(name)


def column_of(name: str) -> str:
    """The attribute of a column: "result_id" of "result"."""
    return str(_field(name).attname)


def plain_fact(indicator: Indicator, name: str) -> Any:
    """A column as JSON: keys of rows for rows, decimals as text."""
    value = getattr(indicator, column_of(name))
    return value if value is None or isinstance(value, str | int | bool | dict | list) else str(value)


def column_value(name: str, plain: Any) -> Any:
    """The value of a column behind its JSON."""
    return _field(name).to_python(plain)


def definition_of(indicator: Indicator) -> Definition:
    """The definition as it stands, in one statement, and one more where categories changed."""
    return definitions_of([indicator])[indicator.pk]


def definitions_of(indicators: Collection[Indicator]) -> dict[int, Definition]:
    """The definitions of these indicators by id. At most two statements."""
    ids = [one.pk for one in indicators]
    through = Indicator.dimensions.through.objects.filter(indicator_id__in=ids).order_by("dimension__code")
    dimensions: defaultdict[int, list[str]] = defaultdict(list)
    for indicator_id, code in through.values_list("indicator_id", "dimension__code"):
        dimensions[indicator_id].append(code)
    mapped = mappings_of(indicators)
    return {
        one.pk: Definition(
            {name: plain_fact(one, name) for name in FACTS},
            tuple(dimensions[one.pk]),
            tuple(sorted((dimension, old, new) for (dimension, old), new in mapped.get(one.pk, {}).items())),
        )
        for one in indicators
    }


def mappings_of(indicators: Iterable[Indicator]) -> dict[int, Becomes]:
    """What categories became, by indicator; asks nothing where no indicator has any."""
    ids = [one.pk for one in indicators if one.is_remapped]
    found: defaultdict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    rows = CategoryMapping.objects.filter(indicator_id__in=ids) if ids else CategoryMapping.objects.none()
    for one, dimension, category, becomes in rows.values_list("indicator_id", "dimension", "category", "becomes"):
        found[one][dimension, category] = becomes
    return dict(found)


def cells_behind(cell: str, cells: Iterable[str], becomes: Mapping[tuple[str, str], str]) -> list[str]:
    """Of these cells as they were entered those that count in `cell` now."""
    return sorted(one for one in cells if mapped_cell(one, becomes) == cell and bool(one) == bool(cell))


# ---------------------------------------------------------------- versions
def versions_of(indicator: Indicator) -> QuerySet[IndicatorVersion]:
    """The versions, newest first, with who made them."""
    return IndicatorVersion.objects.filter(indicator=indicator).select_related("by", "undoes").order_by("-number")


def version_at(indicator: Indicator, moment: datetime | None = None) -> IndicatorVersion | None:
    """The version that held at a moment (now); the first one for earlier ones; None where none was ever kept."""
    rows = IndicatorVersion.objects.filter(indicator=indicator).order_by("-number")
    if moment is not None:
        return rows.filter(at__lte=moment).first() or rows.last()
    return rows.first()


def differs_by_version(versions: Iterable[IndicatorVersion]) -> dict[int, list[Differs]]:
    """What each version changed, by its number. Give all versions of one indicator."""
    found: dict[int, list[Differs]] = {}
    before: Definition | None = None
    for one in sorted(versions, key=lambda each: each.number):
        after = from_snapshot(one.snapshot)
        found[one.number] = list(differences(before, after)) if before is not None else []
        found[one.number] += [Differs("period", days[0], days[1]) for days in one.moved.values()]
        before = after
    return found


def days_of(starts_on: date, ends_on: date, due_on: date | None) -> tuple[str, str, str | None]:
    """The days of a period as they are kept."""
    return starts_on.isoformat(), ends_on.isoformat(), due_on.isoformat() if due_on else None
