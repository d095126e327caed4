"""How an indicator is defined, now and at any earlier moment: its versions, and what became of its categories."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from projects.calculation.definition import Definition, Differs, differences, from_snapshot
from projects.calculation.mapping import Becomes, mapped_cell, met_in_one
from projects.calculation.values import Measure, RawValue, ValueState
from projects.models import CategoryMapping, Indicator, IndicatorVersion, UpdateValue

TOTAL = ""
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
    return plain(getattr(indicator, column_of(name)))


def plain(value: Any) -> Any:
    """A value as JSON holds it: a decimal as text, without trailing zeros."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


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


def values_in(cell: str, update_ids: Collection[int], *, becomes: Becomes, measure: str) -> dict[int, UpdateValue]:
    """What these updates say of a cell as it is named now, by update; what meets in it is one unsaved value."""
    rows = UpdateValue.objects.filter(update_id__in=update_ids)
    if not becomes or cell == TOTAL:
        return {one.update_id: one for one in rows.filter(cell=cell)}
    met: defaultdict[int, list[RawValue]] = defaultdict(list)
    for one in rows.exclude(cell=TOTAL):
        if mapped_cell(one.cell, becomes) == cell:
            met[one.update_id].append(_raw(one))
    found = {pk: met_in_one(members, measure=Measure(measure)) for pk, members in met.items()}
    return {
        pk: UpdateValue(
            update_id=pk, cell=cell, state=one.state.value, numerator=one.numerator, denominator=one.denominator
        )
        for pk, one in found.items()
        if one is not None
    }


def _raw(one: UpdateValue) -> RawValue:
    """A value for being added to others of its update; when and by whom does not matter to that."""
    said: dict[str, Any] = {"state": ValueState(one.state), "numerator": one.numerator, "denominator": one.denominator}
    key = one.update_id
    when: dict[str, Any] = {"period_end": date.min, "moment": datetime.min.replace(tzinfo=UTC)}
    return RawValue(partner=key, place=None, update=key, tie=key, cell=one.cell, **when, **said)


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


def mappings_then(indicators: Collection[Indicator], moment: datetime) -> dict[int, Becomes]:
    """What categories had become at a moment, by indicator, in one statement."""
    rows = IndicatorVersion.objects.filter(indicator_id__in=[one.pk for one in indicators], at__lte=moment)
    snapshots = rows.order_by("number").values_list("indicator_id", "snapshot")
    return {pk: from_snapshot(snapshot).becomes for pk, snapshot in snapshots}


def defined_then(indicator: Indicator, version: IndicatorVersion | None) -> tuple[Indicator, Becomes]:
    """The indicator as that version defines it (a copy, not to be saved), and what categories had become then."""
    if version is None:
        return indicator, mappings_of([indicator]).get(indicator.pk, {})
    said = from_snapshot(version.snapshot)
    then = copy(indicator)
    for name in FACTS:
        if name in said.facts and name != "result":
            setattr(then, column_of(name), column_value(name, said.facts[name]))
    return then, said.becomes


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
