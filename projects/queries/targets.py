"""Targets of a project, each with what was reached of just that: a time, a cell, a place, a partner."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from projects.calculation.combine import components_of, figure_of, latest_by_key
from projects.calculation.mapping import mapped_cell
from projects.calculation.periods import PeriodFigures, actual_to_date
from projects.calculation.values import (
    AcrossPartners,
    AcrossTime,
    Figure,
    Measure,
    RawValue,
    ValueState,
)
from projects.models import Indicator, Partnership, Period, Place, Project, Target, Update, UpdateValue
from projects.queries.definitions import mappings_of

COLUMNS = (
    "update__indicator_id",
    "update__period_id",
    "cell",
    "update__period__ends_on",
    "update__organisation_id",
    "update__place_id",
    "update_id",
    "update__submitted_at",
    "update__created_at",
    "state",
    "numerator",
    "denominator",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A value of an approved update with the period it was told in."""

    period: int
    value: RawValue


def targets_of(project: Project, *, user: Any) -> QuerySet[Target]:
    """The targets of a project that `user` sees, with what they are for."""
    rows: QuerySet[Target] = Target.objects.visible_to(user).filter(indicator__project=project)
    return rows.select_related("indicator", "period", "place", "organisation")


def places_of(project: Project) -> QuerySet[Place]:
    """Where a project works, and for where its partners report, by code."""
    reporting = Partnership.places.through.objects.filter(partnership__project=project).values("place_id")
    rows: QuerySet[Place] = Place.objects.filter(Q(projects=project) | Q(pk__in=reporting)).distinct()
    return rows.order_by("code")


def reached(targets: Sequence[Target], *, day: date) -> dict[int, Figure]:
    """What was reached of each target by its id, by the indicator's own methods. Two statements.

    Approved updates alone count; those of the target's place, of its partner, of its cell.
    """
    ids = {one.indicator_id for one in targets}
    becomes = mappings_of({one.indicator_id: one.indicator for one in targets}.values())
    told: defaultdict[int, list[_Told]] = defaultdict(list)
    approved = Update.objects.approved().filter(indicator_id__in=ids)
    rows = UpdateValue.objects.filter(update__in=approved)
    if not becomes:
        rows = rows.filter(cell__in={one.cell for one in targets})
    for indicator, period, cell, *parts in rows.values_list(*COLUMNS):
        now = mapped_cell(cell, becomes.get(indicator, {}))
        if now or not cell:  # a category that became none counts in no cell
            told[indicator].append(_Told(period, _raw(now, *parts)))
    periods: defaultdict[int, list[Period]] = defaultdict(list)
    for one in Period.objects.filter(indicator_id__in=ids, starts_on__lte=day).order_by("starts_on", "ends_on"):
        periods[one.indicator_id].append(one)
    return {one.pk: _reached(one, told[one.indicator_id], periods[one.indicator_id]) for one in targets}


def _raw(
    cell: str,
    ends_on: date,
    organisation: int,
    place: int | None,
    update: int,
    submitted: Any,
    created: Any,
    state: str,
    top: Any,
    bottom: Any,
) -> RawValue:
    return RawValue(
        organisation, place, update, ends_on, submitted or created, update, cell, ValueState(state), top, bottom
    )


def _reached(target: Target, told: Sequence[_Told], periods: Sequence[Period]) -> Figure:
    own = [
        one
        for one in told
        if one.value.cell == target.cell
        and target.organisation_id in (None, one.value.partner)
        and target.place_id in (None, one.value.place)
    ]
    wanted = [one for one in periods if target.period_id in (None, one.pk)]
    indicator = target.indicator
    figures = [PeriodFigures(one.ends_on, _in_period(indicator, own, one), start=one.starts_on) for one in wanted]
    return actual_to_date(
        figures,
        AcrossTime(indicator.across_time),
        cumulative=indicator.is_cumulative,
        measure=Measure(indicator.measure),
    )


def _in_period(indicator: Indicator, told: Sequence[_Told], period: Period) -> Figure:
    if indicator.is_cumulative:
        values = latest_by_key(one.value for one in told if one.value.period_end <= period.ends_on)
    else:
        values = [one.value for one in told if one.period == period.pk]
    return figure_of(components_of(values), AcrossPartners(indicator.across_partners), Measure(indicator.measure))
