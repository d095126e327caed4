"""The second road to the totals: every period computed in Python from the updates, and compared with what is stored.

The computing is `calculation.recount`, which shares nothing with the roll-up; the alarm is `services.alarm`. At most
`BATCH` indicators are held at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from projects.calculation.recount import Renaming, Row, Rows, Said, recount
from projects.choices import Action
from projects.models import Actual, CategoryMapping, Indicator, Period, UpdateValue
from projects.services.rollup import roll_up_all

BATCH = 100
FIELDS = ("numerator", "denominator", "count", "minimum", "maximum", "latest", "latest_denominator")
NO_ROW: Row = (None, None, 0, None, None, None, None)
Spans: TypeAlias = dict[int, list[tuple[int, date]]]


@dataclass(frozen=True)
class Difference:
    """A stored total that isn't what the updates give. Codes as people know them; `cell` "" is the total.

    `is_missing` where the row isn't there, `is_superfluous` where it should not be: then all its fields are empty.
    """

    indicator: str
    period: str
    cell: str
    stored: dict[str, Any]
    computed: dict[str, Any]
    project_id: int
    indicator_id: int
    period_id: int
    is_missing: bool = False
    is_superfluous: bool = False


@dataclass(frozen=True)
class Recomputed:
    """How many periods were looked at, and what differs."""

    periods: int
    differences: tuple[Difference, ...]


@dataclass
class Differing:
    """Reads all totals once, a batch of indicators at a time; `periods` says afterwards how many there were."""

    periods: int = 0

    def __iter__(self) -> Iterator[Difference]:
        """Each row that differs, by indicator, period and cell; a suspect is looked at again, locked, before."""
        last = 0
        while ids := list(Indicator.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            last = ids[-1]
            count, suspects = _suspects(ids)
            self.periods += count
            if suspects:
                yield from _confirmed(suspects)


def compare() -> Recomputed:
    """Compute all totals in Python, indicator by indicator, and compare them with the stored ones. Writes nothing."""
    reading = Differing()
    found = tuple(reading)
    return Recomputed(reading.periods, found)


@transaction.atomic
def recompute(*, by: User) -> Recomputed:
    """Write all totals anew; tells what differed before."""
    before = compare()
    roll_up_all()
    if before.differences:
        periods = Period.objects.in_bulk({one.period_id for one in before.differences})
        facts = [(periods[one.period_id], {"cell": one.cell}) for one in before.differences]
        audit.record_many(by, Action.TOTALS_WRITTEN, facts)
    return before


# ---------------------------------------------------------------- one batch of indicators
def _suspects(ids: Sequence[int]) -> tuple[int, list[int]]:
    """How many periods these indicators have, and which indicators seem to differ."""
    spans, stored = _spans(ids), _stored(ids)
    computed = _computed(spans)
    return sum(map(len, spans.values())), [one for one in ids if stored.get(one, {}) != computed[one]]


@transaction.atomic
def _confirmed(ids: Sequence[int]) -> list[Difference]:
    """What differs while nobody can approve in between: an approval amid the reading is no fault."""
    rows = Indicator.objects.filter(pk__in=ids).order_by("pk").select_related("project")
    locked = list(rows.select_for_update(of=("self",), no_key=True))
    stored, computed = _stored(ids), _computed(_spans(ids))
    return [
        one
        for indicator in locked
        for one in _differences(indicator, stored.get(indicator.pk, {}), computed[indicator.pk])
    ]


def _spans(ids: Iterable[int]) -> Spans:
    spans: Spans = {one: [] for one in ids}
    for indicator, period, ends_on in Period.objects.filter(indicator_id__in=ids).values_list(
        "indicator_id", "pk", "ends_on"
    ):
        spans[indicator].append((period, ends_on))
    return spans


def _stored(ids: Iterable[int]) -> dict[int, Rows]:
    """The stored rows by indicator, period and cell."""
    found: dict[int, Rows] = {}
    rows = Actual.objects.filter(indicator_id__in=ids).values_list("indicator_id", "period_id", "cell", *FIELDS)
    for indicator, period, cell, *row in rows.iterator():
        found.setdefault(indicator, {}).setdefault(period, {})[cell] = tuple(row)
    return found


def _computed(spans: Spans) -> dict[int, Rows]:
    """The same from the counted updates."""
    said: dict[int, list[Said]] = {one: [] for one in spans}
    for indicator, one in _said(spans):
        said[indicator].append(one)
    kinds = Indicator.objects.filter(pk__in=list(spans))
    renaming = _renaming(kinds)
    counted = {
        one.pk: recount(spans[one.pk], said[one.pk], cumulative=one.is_cumulative, renaming=renaming.get(one.pk))
        for one in kinds
    }
    return {pk: {period: cells for period, cells in rows.items() if cells} for pk, rows in counted.items()}


def _renaming(indicators: Iterable[Indicator]) -> dict[int, Renaming]:
    """What categories of these indicators became, where any did."""
    measures = {one.pk: one.measure for one in indicators if one.is_remapped}
    found: dict[int, dict[tuple[str, str], str]] = {pk: {} for pk in measures}
    for one in CategoryMapping.objects.filter(indicator_id__in=measures) if measures else ():
        found[one.indicator_id][one.dimension, one.category] = one.becomes
    return {pk: Renaming(becomes, measures[pk] in ("count", "amount")) for pk, becomes in found.items()}


def _said(ids: Iterable[int]) -> Iterator[tuple[int, Said]]:
    """The values of the counted updates, each with its indicator, as they were entered."""
    rows = UpdateValue.objects.filter(
        update__indicator_id__in=list(ids), update__state="approved", update__superseded_at__isnull=True
    ).order_by()
    columns = ("update__indicator_id", "update__period__ends_on", "update__submitted_at", "update__created_at")
    keys = ("update_id", "update__period_id", "update__organisation_id", "update__place_id")
    told = rows.values_list(*columns, *keys, "cell", "state", "numerator", "denominator").iterator()
    for indicator, ends_on, submitted, created, update, period, *rest in told:
        yield indicator, Said(update, period, ends_on, submitted or created, *rest)


def _differences(indicator: Indicator, stored: Rows, computed: Rows) -> Iterator[Difference]:
    """Each row that isn't the same in both, by the start of its period, then by cell."""
    ids = [one for one in {*stored, *computed} if stored.get(one) != computed.get(one)]
    for period in Period.objects.filter(pk__in=ids).order_by("starts_on", "pk"):
        kept, new = stored.get(period.pk, {}), computed.get(period.pk, {})
        for cell in sorted({*kept, *new}):
            if kept.get(cell) != new.get(cell):
                yield _difference(indicator, period, cell, kept, new)


def _difference(
    indicator: Indicator, period: Period, cell: str, kept: Mapping[str, Row], new: Mapping[str, Row]
) -> Difference:
    return Difference(
        indicator=f"{indicator.project.code}/{indicator.code}",
        period=period.code,
        cell=cell,
        stored=_plain(kept.get(cell, NO_ROW)),
        computed=_plain(new.get(cell, NO_ROW)),
        project_id=indicator.project_id,
        indicator_id=indicator.pk,
        period_id=period.pk,
        is_missing=cell not in kept,
        is_superfluous=cell not in new,
    )


def _plain(row: Row) -> dict[str, Any]:
    return {
        name: None if value is None else format(value, "d" if name == "count" else "f")
        for name, value in zip(FIELDS, row, strict=True)
    }
