"""A grant's own reporting calendar, composed from the periods of each indicator; and the figures by it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.text import in_language
from projects.calculation.periods import Composed, PeriodFigures, Span, composed, gap, of_spans
from projects.calculation.values import AcrossTime, Measure
from projects.models import Grant, GrantPeriod, Indicator, Period
from projects.queries.figures import IndicatorFacts, figures_of


@dataclass(frozen=True)
class GrantCell:
    """An indicator in one period of the grant: what its periods tell together, or why they don't make that time."""

    told: Composed | None
    why_not: str = ""


@dataclass(frozen=True)
class GrantRow:
    """An indicator with its figures by the periods of the grant, in their order."""

    indicator: Indicator
    cells: list[GrantCell]


def reported_to(grant: Grant) -> QuerySet[Indicator]:
    """The indicators of the grant's project that are in use and reported to its funder, in their order."""
    rows: QuerySet[Indicator] = Indicator.objects.filter(project_id=grant.project_id, is_active=True)
    return rows.exclude(pk__in=grant.left_out.values("pk")).order_by("order", "pk")


def misfits(indicators: Iterable[Indicator], spans: Sequence[Span]) -> list[str]:
    """A sentence for each indicator and span that its periods don't make, by indicator. One statement.

    An indicator without periods is in no calendar, and is none of them.
    """
    rows = {one.pk: one for one in indicators}
    own: defaultdict[int, list[Span]] = defaultdict(list)
    periods = Period.objects.filter(indicator_id__in=rows).order_by("starts_on", "ends_on")
    for indicator_id, starts_on, ends_on in periods.values_list("indicator_id", "starts_on", "ends_on"):
        own[indicator_id].append((starts_on, ends_on))
    return [
        told
        for pk, one in rows.items()
        if own[pk]
        for start, end in spans
        if (told := why_not(one, own[pk], start, end))
    ]


def why_not(indicator: Indicator, own: Sequence[Span], start: date, end: date) -> str:
    """Why a time is no union of an indicator's periods, naming it and the days; empty where it is one."""
    if composed(own, start, end) is not None:
        return ""
    found = gap(own, start, end)
    facts = {
        "indicator": f"{indicator.code} {in_language(indicator.titles)}",
        "time": formats.date_range(start, end),
        "period": formats.date_range(*found.across) if found.across else "",
        "day": formats.day(found.day) if found.day else "",
    }
    if found.across:
        return _("%(indicator)s: %(time)s cuts through its period %(period)s.") % facts
    return _("%(indicator)s: in %(time)s no period of its own goes on from %(day)s.") % facts


def grant_figures(grant: Grant, *, day: date) -> tuple[list[GrantPeriod], list[GrantRow]]:
    """The grant's calendar, and each indicator's figures by it, in six statements. Give a grant that one may see."""
    calendar = list(grant.periods.all())
    indicators = list(reported_to(grant)) if calendar else []
    facts = figures_of(indicators, day=day, cells=False)
    return calendar, [
        GrantRow(one, [_cell(facts[one.pk], each) for each in calendar]) for one in indicators if facts[one.pk].periods
    ]


def _cell(facts: IndicatorFacts, period: GrantPeriod) -> GrantCell:
    indicator = facts.indicator
    periods = [
        PeriodFigures(one.period.ends_on, one.actual, one.target, len(one.missing), one.period.starts_on)
        for one in facts.periods
    ]
    own = [(one.period.starts_on, one.period.ends_on) for one in facts.periods]
    spans = composed(own, period.starts_on, period.ends_on)
    if spans is None:
        return GrantCell(None, why_not(indicator, own, period.starts_on, period.ends_on))
    method, measure = AcrossTime(indicator.across_time), Measure(indicator.measure)
    told = of_spans(periods, spans, method, cumulative=indicator.is_cumulative, measure=measure)
    if facts.formula is not None:  # made from its inputs' figures of these days, never from its own of parts of them
        days = (period.starts_on, period.ends_on)
        told = Composed(facts.formula.within(*days).figure, told.target, len(facts.formula.missing_within(*days)))
    return GrantCell(told)
