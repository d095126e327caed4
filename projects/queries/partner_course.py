"""One partner's figures of an indicator along time: what came each period, the running total, the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from projects.calculation.combine import across_time
from projects.calculation.progress import Progress, progress
from projects.calculation.values import NOT_REPORTED, AcrossTime, Figure, Measure, figure
from projects.choices import Direction
from projects.models import Indicator, Period, Target, Update
from projects.queries.updates import total_of, updates_with_values


@dataclass(frozen=True)
class Past:
    """The total of one period."""

    period: Period
    total: Figure


@dataclass(frozen=True)
class PartnerCourse:
    """`before` and `together` are the figures without and with this period's; `plan` is the target to its end.

    `share` and `plan_share` are of `target`, which is the partner's own where `is_own`, else that of all partners.
    """

    points: list[Past]
    before: Figure
    together: Figure
    target: Figure
    plan: Figure
    is_own: bool
    share: Progress
    plan_share: Progress


def earlier_figures(indicator_id: int, organisation_id: int, place_id: int | None, *, before: date) -> list[Past]:
    """The approved totals of the periods that ended before a day, oldest first, in two statements."""
    rows = Update.objects.approved().filter(
        indicator_id=indicator_id, organisation_id=organisation_id, place=place_id, period__ends_on__lt=before
    )
    return [Past(one.period, total_of(one)) for one in updates_with_values(rows).order_by("period__ends_on", "pk")]


def partner_course(
    indicator: Indicator, organisation_id: int, *, earlier: Sequence[Past], period: Period, now: Figure
) -> PartnerCourse:
    """The course with this period's figure (not reported where there is none yet), in one statement for the targets."""
    measure, method = Measure(indicator.measure), AcrossTime(indicator.across_time)
    combine = {"cumulative": indicator.is_cumulative, "measure": measure}
    past = [one.total for one in earlier]
    before = across_time(past, method, **combine)  # type: ignore[arg-type]  # the two keywords have their own types
    together = across_time([*past, now], method, **combine)  # type: ignore[arg-type]
    target, plan, is_own = _targets(indicator, organisation_id, period)
    direction = Direction(indicator.direction)
    shares = [
        progress(one, NOT_REPORTED, target, measure=measure, direction=direction)  # type: ignore[arg-type]
        for one in (together, plan)
    ]
    return PartnerCourse([*earlier, Past(period, now)], before, together, target, plan, is_own, shares[0], shares[1])


def _targets(indicator: Indicator, organisation_id: int, period: Period) -> tuple[Figure, Figure, bool]:
    """The target of the whole life and the one to the end of this period; the partner's own come first."""
    rows = list(
        Target.objects.filter(Q(organisation=organisation_id) | Q(organisation=None))
        .filter(indicator=indicator, cell="", place=None)
        .select_related("period")
        .order_by("period__ends_on", "pk")
    )
    own = [one for one in rows if one.organisation_id]
    taken = own or rows
    combine = {"cumulative": indicator.is_cumulative, "measure": Measure(indicator.measure)}
    method = AcrossTime(indicator.across_time)
    periodic = [(one.period.ends_on, _aimed(indicator, one)) for one in taken if one.period]
    life = next((_aimed(indicator, one) for one in taken if one.period is None), None)
    plan = [value for ends_on, value in periodic if ends_on <= period.ends_on]
    whole = across_time([value for _end, value in periodic], method, **combine)  # type: ignore[arg-type]
    to_date = across_time(plan, method, **combine)  # type: ignore[arg-type]
    return life or whole, to_date, bool(own)


def _aimed(indicator: Indicator, target: Target) -> Figure:
    if target.denominator == 0:
        return NOT_REPORTED
    return figure(Measure(indicator.measure), target.numerator, target.denominator, target.text)
