"""Totals as they stood on a past day, computed from the updates that were approved then."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone

from projects.calculation.combine import components_by_cell, latest_by_key
from projects.calculation.mapping import remapped
from projects.calculation.values import Components, Measure, RawValue, ValueState
from projects.choices import UpdateState
from projects.models import Indicator, Period, Update, UpdateValue
from projects.queries.definitions import mappings_then


def end_of(day: date) -> datetime:
    """The last moment of a day in the portal's time zone."""
    return timezone.make_aware(datetime.combine(day, time.max))


def counted_on(day: date) -> QuerySet[Update]:
    """The updates that counted at the end of a day: approved by then, and not yet corrected by a later revision."""
    end = end_of(day)
    rows: QuerySet[Update] = Update.objects.filter(state=UpdateState.APPROVED, decided_at__lte=end)
    return rows.filter(Q(superseded_at=None) | Q(superseded_at__gt=end))


def totals_on(
    day: date, indicators: Collection[Indicator], periods: Collection[Period]
) -> Iterator[tuple[int, str, Components]]:
    """Period, cell and components of these indicators at the end of a day, in two statements."""
    values = _values(day, indicators)
    cumulative = {one.pk: one.is_cumulative for one in indicators}
    measures = {one.pk: Measure(one.measure) for one in indicators}
    becomes = mappings_then(indicators, end_of(day))
    for period in periods:
        told = values[period.indicator_id]
        if cumulative[period.indicator_id]:
            chosen = latest_by_key([one for _period, one in told if one.period_end <= period.ends_on])
        else:
            chosen = [one for pk, one in told if pk == period.pk]
        then = becomes.get(period.indicator_id, {})
        chosen = remapped(chosen, then, measure=measures[period.indicator_id])
        for cell, components in components_by_cell(chosen).items():
            yield period.pk, cell, components


def _values(day: date, indicators: Collection[Indicator]) -> defaultdict[int, list[tuple[int, RawValue]]]:
    """Period and value of every update that counted, by indicator."""
    updates = counted_on(day).filter(indicator_id__in=[one.pk for one in indicators])
    found: defaultdict[int, list[tuple[int, RawValue]]] = defaultdict(list)
    for one in UpdateValue.objects.filter(update__in=updates).select_related("update__period"):
        update = one.update
        value = RawValue(
            partner=update.organisation_id,
            place=update.place_id,
            update=update.pk,
            period_end=update.period.ends_on,
            moment=update.submitted_at or update.created_at,
            tie=update.pk,
            cell=one.cell,
            state=ValueState(one.state),
            numerator=one.numerator,
            denominator=one.denominator,
        )
        found[update.indicator_id].append((update.period_id, value))
    return found
