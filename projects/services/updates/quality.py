"""Quality flags of updates: computed once when they are submitted, shown to the reviewer first. They refuse nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from projects.calculation.flags import breakdown_does_not_add_up, jump, late, outlier, running_total_falls
from projects.calculation.values import ADDITIVE, Figure, Flag, Measure
from projects.models import Update, UpdateValue
from projects.services.updates.rows import asked_by
from projects.validators import Asked, figure_of_said

Key = tuple[int, int, int | None]
Past = list[tuple[date, Decimal]]


def check_update(update: Update, *, submitted_on: date | None = None) -> list[dict[str, Any]]:
    """The flags of an update as they are kept: {code, params, cell}; numbers as strings. Nothing is saved."""
    return flags_of([update], submitted_on=submitted_on or timezone.localdate())[update.pk]


def flags_of(updates: Collection[Update], *, submitted_on: date) -> dict[int, list[dict[str, Any]]]:
    """The flags of many updates by id, in a fixed number of statements. They carry `indicator` and `period`."""
    asked = asked_by({one.indicator_id: one.indicator for one in updates}.values())
    figures = _figures({one.pk: asked[one.indicator_id].measure for one in updates})
    past = _past(updates)
    return {
        one.pk: [
            _kept(flag)
            for flag in _flags(one, figures.get(one.pk, {}), past[_key(one)], asked[one.indicator_id], submitted_on)
        ]
        for one in updates
    }


def _key(update: Update) -> Key:
    return update.indicator_id, update.organisation_id, update.place_id


def _figures(measures: Mapping[int, Measure]) -> dict[int, dict[str, Figure]]:
    found: defaultdict[int, dict[str, Figure]] = defaultdict(dict)
    for one in UpdateValue.objects.filter(update_id__in=list(measures)):
        found[one.update_id][one.cell] = figure_of_said(one, measures[one.update_id])
    return dict(found)


def _past(updates: Collection[Update]) -> defaultdict[Key, Past]:
    """Approved totals of the same indicator, partner and place by the end of their period, oldest first."""
    rows = UpdateValue.objects.filter(
        cell="",
        update__state="approved",
        update__superseded_at=None,
        update__indicator_id__in={one.indicator_id for one in updates},
        update__organisation_id__in={one.organisation_id for one in updates},
    )
    measures = {one.indicator_id: Measure(one.indicator.measure) for one in updates}
    found: defaultdict[Key, Past] = defaultdict(list)
    for one in rows.select_related("update__period").order_by("update__period__ends_on", "pk"):
        value = figure_of_said(one, measures[one.update.indicator_id]).value
        if value is not None:
            found[_key(one.update)].append((one.update.period.ends_on, value))
    return found


def _flags(
    update: Update, figures: Mapping[str, Figure], past: Past, asked: Asked, submitted_on: date
) -> Sequence[Flag]:
    before = [value for ends_on, value in past if ends_on < update.period.ends_on]
    total = figures[""].value if "" in figures else None
    found: list[Flag | None] = [late(submitted_on, update.period.due_on)]
    if total is not None:
        previous = before[-1] if before else None
        if update.indicator.is_cumulative:
            found.append(running_total_falls(total, previous))
        elif asked.measure in ADDITIVE:
            found.append(outlier(total, before))
        found.append(jump(total, previous))
    adding = breakdown_does_not_add_up(figures, measure=asked.measure, exclusive=asked.exclusive)
    return [one for one in [*found, *adding] if one is not None]


def _kept(flag: Flag) -> dict[str, Any]:
    params = {name: format(one, "f") if isinstance(one, Decimal) else one for name, one in flag.params.items()}
    return {"code": flag.code, "params": params, "cell": flag.cell}
