"""People counted: how many different people the figures of an indicator stand for, at least and at most."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from projects.calculation.counting import Part, PeopleCounted, PeopleMethod, people_counted
from projects.calculation.values import ZERO
from projects.choices import CellState
from projects.models import Indicator, Overlap, PeopleCount, Update, UpdateValue


@dataclass(frozen=True)
class PartnerPeople:
    """The people one partner reached over its places and periods: at least `least`, at most `most`."""

    organisation_id: int
    organisation: str
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True)
class PeopleTold:
    """The people of an indicator over partners and periods, by the method of `count`."""

    count: PeopleCount
    counted: PeopleCounted
    parts: list[PartnerPeople]
    overlaps: list[Overlap] = field(default_factory=list)


def told_to(user: Any, told: PeopleTold) -> PeopleTold:
    """The same with only those partners whose updates `user` may see, and the overlaps among them; one statement."""
    seen = set(
        Update.objects.visible_to(user)
        .filter(indicator=told.count.indicator_id)
        .values_list("organisation_id", flat=True)
    )
    parts = [one for one in told.parts if one.organisation_id in seen]
    overlaps = [one for one in told.overlaps if {one.first_id, one.second_id} <= seen]
    return replace(told, parts=parts, overlaps=overlaps)


def people_of(indicators: Iterable[Indicator], *, at: datetime | None = None) -> dict[int, PeopleTold]:
    """The people of those indicators whose people are counted, by id; as approved by the moment `at`, else now.

    Three statements, and one where none of them is counted. Nothing is asked about who may see them.
    """
    ids = [one.pk for one in indicators]
    counts = PeopleCount.objects.filter(indicator_id__in=ids).select_related("indicator").order_by("indicator_id")
    known = Prefetch("overlaps", Overlap.objects.select_related("first", "second"))
    rows = {one.indicator_id: one for one in counts.prefetch_related(known)}
    if not rows:
        return {}
    said = _said(list(rows), at)
    return {pk: _told(one, said[pk]) for pk, one in rows.items()}


@dataclass(frozen=True)
class _Said:
    """What one approved update says in all."""

    organisation_id: int
    organisation: str
    place_id: int | None
    ends_on: date
    moment: tuple[Any, int]
    people: Decimal | None


def _said(ids: Sequence[int], at: datetime | None) -> defaultdict[int, list[_Said]]:
    updates = Update.objects.approved() if at is None else Update.objects.counted_at(at)
    values = UpdateValue.objects.filter(cell="", update__in=updates.filter(indicator_id__in=ids))
    said: defaultdict[int, list[_Said]] = defaultdict(list)
    for one in values.select_related("update__organisation", "update__period").order_by("update_id"):
        update = one.update
        people = {CellState.REPORTED: one.numerator, CellState.NOT_APPLICABLE: ZERO}.get(CellState(one.state))
        moment = (update.submitted_at or update.created_at, update.pk)
        said[update.indicator_id].append(
            _Said(
                update.organisation_id,
                update.organisation.name,
                update.place_id,
                update.period.ends_on,
                moment,
                people,
            )
        )
    return said


def _told(count: PeopleCount, said: Sequence[_Said]) -> PeopleTold:
    method = PeopleMethod(count.method)
    by_partner: defaultdict[tuple[int, str], list[_Said]] = defaultdict(list)
    for one in said:
        by_partner[one.organisation_id, one.organisation].append(one)
    parts = [_partner(key, rows, count.indicator, method) for key, rows in by_partner.items()]
    parts.sort(key=lambda part: part.organisation)
    overlaps = list(count.overlaps.all())
    counted = people_counted(
        [Part(part.organisation_id, part.least, part.most) for part in parts],
        method,
        overlaps={frozenset((one.first_id, one.second_id)): Decimal(one.people) for one in overlaps},
    )
    return PeopleTold(count, counted, parts, overlaps)


def _partner(key: tuple[int, str], rows: Sequence[_Said], indicator: Indicator, method: PeopleMethod) -> PartnerPeople:
    """Places and periods of one partner; of a running total the newest of each place."""
    standing = list(rows)
    if indicator.is_cumulative:
        newest: dict[int | None, _Said] = {}
        for one in sorted(rows, key=lambda row: (row.people is not None, row.ends_on, row.moment)):
            newest[one.place_id] = one
        standing = list(newest.values())
    made = people_counted([Part((one.place_id, one.ends_on, one.moment), one.people) for one in standing], method)
    return PartnerPeople(*key, made.lower, made.upper)
