"""The second road to the totals: every period computed in Python from the updates, and compared with what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.notifications.services import notify_many
from projects.calculation.combine import components_by_cell, latest_by_key
from projects.calculation.values import Components, RawValue, ValueState
from projects.choices import TOTALS_DIFFER, Action
from projects.models import Actual, Indicator, Period, UpdateValue
from projects.services.rollup import roll_up_all

BATCH = 200
TOLD_AT_MOST = 20
FIELDS = ("numerator", "denominator", "count", "minimum", "maximum", "latest", "latest_denominator")
NOTHING = Components()


@dataclass(frozen=True)
class Difference:
    """A stored total that isn't what the updates give. Codes as people know them; `cell` "" is the total."""

    indicator: str
    period: str
    cell: str
    stored: dict[str, Any]
    computed: dict[str, Any]
    period_id: int


@dataclass(frozen=True)
class Recomputed:
    """How many periods were looked at, and what differs."""

    periods: int
    differences: tuple[Difference, ...]


def compare() -> Recomputed:
    """Compute all totals in Python, indicator by indicator, and compare them with the stored ones. Writes nothing."""
    count = 0
    found: list[Difference] = []
    ids = list(Indicator.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        periods, differences = _compare(ids[start : start + BATCH])
        count += periods
        found += differences
    return Recomputed(count, tuple(found))


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


def raise_alarm(done: Recomputed) -> int:
    """Tell portfolio managers and portal administrators which totals differ; gives how many notices were written."""
    roles = (PortalRole.PORTFOLIO_MANAGER, PortalRole.PORTAL_ADMINISTRATOR)
    users = User.objects.filter(role_grants__role__in=roles, is_active=True, kind="person").distinct().order_by("pk")
    told = [
        (user, {"indicator": one.indicator, "period": one.period, **_shown(one)})
        for user in users
        for one in done.differences[:TOLD_AT_MOST]
    ]
    return len(notify_many(told, TOTALS_DIFFER, link="/home/"))


def _shown(one: Difference) -> dict[str, str]:
    name = next(name for name in FIELDS if one.stored[name] != one.computed[name])
    return {"stored": f"{name} {one.stored[name]}", "computed": f"{name} {one.computed[name]}"}


# ---------------------------------------------------------------- one batch of indicators
def _compare(ids: Sequence[int]) -> tuple[int, list[Difference]]:
    indicators = {one.pk: one for one in Indicator.objects.filter(pk__in=ids).select_related("project")}
    stored: defaultdict[int, dict[str, Components]] = defaultdict(dict)
    for row in Actual.objects.filter(indicator_id__in=ids):
        stored[row.period_id][row.cell] = Components(**{name: getattr(row, name) for name in FIELDS})
    values = _values(ids)
    periods = list(Period.objects.filter(indicator_id__in=ids).order_by("indicator_id", "starts_on", "pk"))
    found: list[Difference] = []
    for period in periods:
        indicator = indicators[period.indicator_id]
        computed = _computed(period, values[period.indicator_id], is_cumulative=indicator.is_cumulative)
        found += _differences(indicator, period, stored[period.pk], computed)
    return len(periods), found


def _values(ids: Iterable[int]) -> defaultdict[int, list[tuple[int, RawValue]]]:
    """Period and value of every counted update, by indicator."""
    rows = UpdateValue.objects.filter(
        update__indicator_id__in=ids, update__state="approved", update__superseded_at=None
    ).select_related("update__period")
    found: defaultdict[int, list[tuple[int, RawValue]]] = defaultdict(list)
    for one in rows:
        update = one.update
        found[update.indicator_id].append((update.period_id, raw_value(one, update.period.ends_on)))
    return found


def raw_value(one: UpdateValue, period_end: date) -> RawValue:
    """A stored value as the arithmetic takes it; `one.update` must be loaded."""
    update = one.update
    return RawValue(
        partner=update.organisation_id,
        place=update.place_id,
        update=update.pk,
        period_end=period_end,
        moment=update.submitted_at or update.created_at,
        tie=update.pk,
        cell=one.cell,
        state=ValueState(one.state),
        numerator=one.numerator,
        denominator=one.denominator,
    )


def _computed(period: Period, values: Sequence[tuple[int, RawValue]], *, is_cumulative: bool) -> dict[str, Components]:
    if is_cumulative:
        chosen = latest_by_key([one for _period, one in values if one.period_end <= period.ends_on])
    else:
        chosen = [one for period_id, one in values if period_id == period.pk]
    return components_by_cell(chosen)


def _differences(
    indicator: Indicator, period: Period, stored: dict[str, Components], computed: dict[str, Components]
) -> Iterator[Difference]:
    for cell in sorted({*stored, *computed}):
        kept, new = stored.get(cell, NOTHING), computed.get(cell, NOTHING)
        if kept != new:
            code = f"{indicator.project.code}/{indicator.code}"
            yield Difference(code, period.code, cell, _plain(kept), _plain(new), period.pk)


def _plain(one: Components) -> dict[str, Any]:
    return {
        name: None if (value := getattr(one, name)) is None else format(value, "d" if name == "count" else "f")
        for name in FIELDS
    }
