"""Submitted, not yet approved: what figures would be with it, for those who read updates."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from projects.calculation.values import AcrossPartners, AcrossTime, Figure, Measure, RawValue, ValueState
from projects.calculation.would_be import Method, Span, would_be
from projects.choices import UpdateState
from projects.models import Indicator, Project, Update, UpdateValue
from projects.queries.figures import IndicatorFacts
from projects.rules import READS_UPDATES, REVIEWS, held_by


@dataclass(frozen=True)
class WithSubmitted:
    """How many updates of an indicator wait in each period, and its figures with them; periods by their id."""

    waiting: Mapping[int, int]
    to_date: Figure
    periods: Mapping[int, Figure]


def sees_submitted(user: Any, project: Project) -> bool:
    """Who reads every partner's updates may know their sum before it is approved; partners and funders may not."""
    return bool(user.has_role(*READS_UPDATES) or held_by(user).has(project.pk, REVIEWS))


def with_submitted(
    facts: Mapping[int, IndicatorFacts], *, user: Any, project: Project, day: date
) -> dict[int, WithSubmitted]:
    """The indicators of a project for which updates wait, by id; nothing for who may not know. One statement."""
    if not sees_submitted(user, project):
        return {}
    found: defaultdict[int, list[UpdateValue]] = defaultdict(list)
    for one in _values(list(facts)):
        found[one.update.indicator_id].append(one)
    return {pk: _figures(facts[pk], rows, day) for pk, rows in found.items()}


def _values(indicators: list[int]) -> list[UpdateValue]:
    """Totals of updates, approved or waiting, where any waits; a waiting correction stands for what it revises."""
    waits = Update.objects.waiting().filter(indicator=OuterRef("update__indicator"))
    corrected = Update.objects.waiting().filter(revises=OuterRef("update"))
    taken = Q(update__state=UpdateState.APPROVED, update__superseded_at=None) | Q(update__state=UpdateState.SUBMITTED)
    rows = UpdateValue.objects.filter(taken, Exists(waits), ~Exists(corrected), cell="")
    return list(rows.filter(update__indicator_id__in=indicators).select_related("update__period").order_by("pk"))


def _figures(facts: IndicatorFacts, rows: list[UpdateValue], day: date) -> WithSubmitted:
    spans = [Span(one.period.pk, one.period.starts_on, one.period.ends_on) for one in facts.periods]
    values = [(one.update.period_id, _raw(one)) for one in rows]
    by_period, to_date = would_be(values, spans, _method(facts.indicator), day=day)
    waiting = Counter(one.update.period_id for one in rows if one.update.state == UpdateState.SUBMITTED)
    return WithSubmitted(waiting, to_date, {int(str(key)): value for key, value in by_period.items()})


def _method(indicator: Indicator) -> Method:
    return Method(
        AcrossPartners(indicator.across_partners),
        AcrossTime(indicator.across_time),
        indicator.is_cumulative,
        Measure(indicator.measure),
    )


def _raw(one: UpdateValue) -> RawValue:
    update = one.update
    return RawValue(
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
