"""What the acts on updates share: locking the rows, asking the states, reading what indicators ask for."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Stale
from projects.calculation.cells import grouped
from projects.calculation.mapping import Becomes
from projects.calculation.values import Measure
from projects.models import Dimension, Indicator, LockException, Period, Update
from projects.queries.definitions import mappings_of
from projects.rules import state_allows
from projects.validators import Asked

GONE = _("This update is no longer there.")


def locked_updates(updates: Iterable[Update]) -> list[Update]:
    """The rows, locked in the order of their ids, with indicator, period and the people concerned."""
    ids = {one.pk for one in updates}
    rows: QuerySet[Update] = (
        Update.objects.filter(pk__in=ids)
        .order_by("pk")
        .select_related("indicator__project", "period", "submitted_by", "revises")
        .select_for_update(of=("self",))
    )
    found = list(rows)
    if len(found) != len(ids):
        raise Stale(GONE)
    return found


def locked_update(update: Update, expected_version: int | None) -> Update:
    """One row, locked, of the version that was expected (any, for None)."""
    [row] = locked_updates([update])
    if expected_version is not None and row.version != expected_version:
        raise Stale(_("Somebody changed this update in the meantime. Load it again and repeat your change."))
    return row


def require_all(by: Any, name: str, updates: Iterable[Update]) -> None:
    """Who may, and then when: every update must fit."""
    rows = list(updates)
    for one in rows:
        require(by, name, one)
    for one in rows:
        verdict = state_allows(name, one)
        if not verdict:
            raise RuleBroken(verdict.reason, "wrong_state")


def asked_by(indicators: Collection[Indicator]) -> dict[int, Asked]:
    """What the indicators ask for, by id, in three statements; a fourth where categories changed."""
    ids = {one.pk for one in indicators}
    through = Indicator.dimensions.through.objects.filter(indicator_id__in=ids).values_list("indicator", "dimension")
    of_indicator: dict[int, list[int]] = {}
    for indicator_id, dimension_id in through:
        of_indicator.setdefault(indicator_id, []).append(dimension_id)
    wanted = {dimension for dimensions in of_indicator.values() for dimension in dimensions}
    dimensions = {
        one.pk: one for one in Dimension.objects.filter(pk__in=wanted).prefetch_related("categories") if wanted
    }
    gone = mappings_of(indicators)
    return {
        one.pk: _asked(one, [dimensions[dimension] for dimension in of_indicator.get(one.pk, ())], gone.get(one.pk, {}))
        for one in indicators
    }


def _asked(indicator: Indicator, dimensions: Sequence[Dimension], gone: Becomes) -> Asked:
    in_order = sorted(dimensions, key=lambda one: one.code)
    return Asked(
        measure=Measure(indicator.measure),
        is_share=indicator.is_share,
        lowest=indicator.scale_minimum,
        highest=indicator.scale_maximum,
        dimensions={
            one.code: [each.code for each in one.categories.all() if (one.code, each.code) not in gone]
            for one in in_order
        },
        exclusive=frozenset(one.code for one in in_order if one.is_exclusive),
        evidence_required=indicator.evidence_required,
        decimals=indicator.decimals,
        groups=grouped([one.code for one in in_order], indicator.crossings),
    )


def refuse_locked(owed: Iterable[tuple[Period, int]], *, day: date) -> None:
    """Raise `RuleBroken(locked=True)` for a locked period that has no exception for the organisation on `day`."""
    locked = {(period.pk, organisation_id) for period, organisation_id in owed if period.is_locked}
    if not locked:
        return
    opened = LockException.objects.filter(period_id__in={period for period, _one in locked}, until__gte=day)
    if locked - set(opened.values_list("period_id", "organisation_id")):
        raise RuleBroken(_("This period is locked. Ask the project's M&E officer to open it for you."), locked=True)


def today() -> date:
    """The day in the portal's time zone."""
    return timezone.localdate()
