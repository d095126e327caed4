"""The figures of many indicators at once: periods with targets and totals, progress, plan and verdict.

Four statements whatever the number of indicators: periods, baselines with targets, totals, missing figures; one more
where formulas name indicators that weren't asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, IntegerField, Q, Value

from projects.calculation.calendar import is_overdue
from projects.calculation.combine import figure_of
from projects.calculation.periods import PeriodFigures, actual_to_date, target_to_date
from projects.calculation.progress import (
    NO_PLAN,
    OfPlan,
    Progress,
    Verdict,
    closed_with_plan,
    formula_of_plan,
    of_plan,
    progress,
    verdict,
)
from projects.calculation.values import (
    NOT_REPORTED,
    AcrossPartners,
    AcrossTime,
    Components,
    Direction,
    Figure,
    Measure,
    figure,
)
from projects.choices import UpdateState
from projects.models import Actual, Baseline, Indicator, Obligation, Period, Target
from projects.queries.formulas import UNREADABLE, FormulaFigures, formulas_of, is_formula, with_inputs
from projects.queries.past import totals_on

TOTAL = ""
NOTHING = Components()


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that is not approved yet; the place is told by its code unless it is protected.

    `is_sent`: the partner did its part, the review is ours.
    """

    organisation_id: int
    organisation: str
    organisation_code: str
    place: str
    due_on: date
    is_sent: bool = False

    def is_overdue_on(self, day: date) -> bool:
        """The partner owes it still, and its due day is over."""
        return not self.is_sent and is_overdue(self.due_on, day)


@dataclass(slots=True)
class PeriodFacts:
    """One period: what is aimed at, what was reported, who is missing. `count` is how many updates gave a number.

    `lacking` are the codes of the indicators for want of which a formula has no figure.
    """

    period: Period
    target: Figure = NOT_REPORTED
    target_text: str = ""
    cell_targets: dict[str, Figure] = field(default_factory=dict)
    components: Components = NOTHING
    actual: Figure = NOT_REPORTED
    cells: dict[str, Figure] = field(default_factory=dict)
    missing: list[Missing] = field(default_factory=list)
    progress: Progress | None = None
    lacking: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many updates gave a number."""
        return self.components.count

    @property
    def code(self) -> str:
        """The period's code."""
        return self.period.code


@dataclass(slots=True)
class IndicatorFacts:
    """An indicator with its figures on a day. `actual` and `target` are those of its whole life so far.

    `formula` is there for indicators that are computed; `lacking` as in a period. `cell_targets` are those that were
    set for the whole life.
    """

    indicator: Indicator
    baseline: Figure
    baseline_year: int | None
    baseline_cells: dict[str, Figure]
    periods: list[PeriodFacts]
    actual: Figure
    target: Figure
    progress: Progress
    plan: OfPlan
    verdict: Verdict
    formula: FormulaFigures | None = None
    lacking: tuple[str, ...] = ()
    cell_targets: dict[str, Figure] = field(default_factory=dict)

    @property
    def last_reported(self) -> PeriodFacts | None:
        """The last period with any approved figure, or with a formula's, if there is one."""
        return next((one for one in reversed(self.periods) if one.count or one.actual.is_reported), None)

    @property
    def plan_share(self) -> Decimal | None:
        """How far from baseline to final target the plan is by the last closed period (1 is all), if it can be said."""
        measure, direction = Measure(self.indicator.measure), Direction(self.indicator.direction)
        return progress(self.plan.target, self.baseline, self.target, measure=measure, direction=direction).value


@dataclass(slots=True)
class _Planned:
    """Baselines and targets of one indicator."""

    baselines: dict[str, Figure] = field(default_factory=dict)
    year: int | None = None
    life: Figure = NOT_REPORTED
    life_cells: dict[str, Figure] = field(default_factory=dict)
    periods: dict[int, dict[str, Figure]] = field(default_factory=dict)


def threshold() -> Decimal:
    """The share of the plan from which an indicator counts as kept (setting, 0.95)."""
    return Decimal(settings.ON_PLAN_THRESHOLD)


def figures_of(
    indicators: Sequence[Indicator], *, day: date, cells: bool = True, as_of: date | None = None
) -> dict[int, IndicatorFacts]:
    """The figures of these indicators on `day`, by id; without `cells` only totals are read.

    With `as_of` the totals are those at the end of that day, computed from the updates that counted then.
    Running totals are not carried into periods that have not begun. Nothing is asked about who may see them: begin
    with `visible_to`.
    """
    by_id = with_inputs(indicators)
    planned = _read_planned(by_id)
    periods = _read_periods(by_id, day)
    by_period = {one.period.pk: one for rows in periods.values() for one in rows}
    if as_of is None:
        totals = _stored(by_id, cells=cells)
    else:
        totals = totals_on(as_of, list(by_id.values()), [one.period for one in by_period.values()])
    _take_totals(totals, by_period, by_id, day)
    _read_missing(by_period, list(by_id))
    rows = {pk: (one, planned.get(pk, _Planned()), periods.get(pk, [])) for pk, one in by_id.items()}
    found = {pk: _facts(*row, day) for pk, row in rows.items() if not is_formula(row[0])}
    reported = {(one.indicator.project_id, one.indicator.code): one for one in found.values()}
    formulas = formulas_of(by_id.values(), reported)
    found |= {pk: _formula_facts(*row, formulas.get(pk), day) for pk, row in rows.items() if is_formula(row[0])}
    return {one.pk: found[one.pk] for one in indicators}


# ---------------------------------------------------------------- reading
def _read_periods(by_id: dict[int, Indicator], day: date) -> defaultdict[int, list[PeriodFacts]]:
    found: defaultdict[int, list[PeriodFacts]] = defaultdict(list)
    rows = Period.objects.filter(indicator_id__in=by_id).order_by("starts_on", "ends_on", "pk")
    rows = rows.defer("created_at", "updated_at", "opened_at")  # thousands of rows; times are slow to read
    for one in rows:
        found[one.indicator_id].append(PeriodFacts(one))
    return found


def _read_planned(by_id: dict[int, Indicator]) -> dict[int, _Planned]:
    """Baselines and targets (for all places and partners together) in one statement."""
    columns = ("indicator_id", "kind", "period", "cell", "numerator", "denominator", "text", "at", "pk")
    nothing = Value(None, output_field=IntegerField())
    baselines = Baseline.objects.filter(indicator_id__in=by_id, place=None).annotate(
        kind=Value("baseline", output_field=CharField()), period=nothing, at=F("year")
    )
    targets = Target.objects.filter(indicator_id__in=by_id, place=None, organisation=None).annotate(
        kind=Value("target", output_field=CharField()), at=nothing
    )
    rows = baselines.order_by().values_list(*columns).union(targets.order_by().values_list(*columns), all=True)
    found: defaultdict[int, _Planned] = defaultdict(_Planned)
    for indicator_id, kind, period, cell, top, bottom, text, year, _pk in sorted(rows, key=lambda row: row[-1]):
        _plan(found[indicator_id], kind, period, cell, _value(by_id[indicator_id], top, bottom, text), year)
    return found


def _plan(one: _Planned, kind: str, period: int | None, cell: str, value: Figure, year: int | None) -> None:
    if kind == "baseline":
        one.baselines.setdefault(cell, value)
        one.year = one.year or (year if cell == TOTAL else None)
    elif period is not None:
        one.periods.setdefault(period, {}).setdefault(cell, value)
    elif cell != TOTAL:
        one.life_cells.setdefault(cell, value)
    elif one.life is NOT_REPORTED:
        one.life = value


def _value(indicator: Indicator, top: Decimal | None, bottom: Decimal | None, text: str) -> Figure:
    """A plain value; parts that can't be divided (old files hold them) are told as words."""
    if bottom == 0 and top:
        return figure(Measure(indicator.measure), None, None, text or f"{top}/{bottom}")
    return figure(Measure(indicator.measure), top, bottom, text)


_ACTUAL = (
    "period_id",
    "cell",
    "numerator",
    "denominator",
    "count",
    "minimum",
    "maximum",
    "latest",
    "latest_denominator",
)


def _stored(by_id: dict[int, Indicator], *, cells: bool) -> Iterator[tuple[int, str, Components]]:
    """Period, cell and components of the stored totals."""
    rows = Actual.objects.filter(indicator_id__in=by_id)
    if not cells:
        rows = rows.filter(cell=TOTAL)
    for period_id, cell, *parts in rows.order_by("cell").values_list(*_ACTUAL):
        yield period_id, cell, Components(*parts)


def _take_totals(
    totals: Iterable[tuple[int, str, Components]],
    periods: dict[int, PeriodFacts],
    by_id: dict[int, Indicator],
    day: date,
) -> None:
    methods = {pk: (AcrossPartners(one.across_partners), Measure(one.measure)) for pk, one in by_id.items()}
    for period_id, cell, components in totals:
        facts = periods[period_id]
        if facts.period.starts_on > day:
            continue
        value = figure_of(components, *methods[facts.period.indicator_id])
        if cell == TOTAL:
            facts.components, facts.actual = components, value
        else:
            facts.cells[cell] = value


def _read_missing(periods: dict[int, PeriodFacts], indicator_ids: Iterable[int]) -> None:
    """What is owed and not approved yet."""
    rows = Obligation.objects.filter(indicator_id__in=list(indicator_ids))
    owed = rows.filter(Q(update=None) | ~Q(update__state=UpdateState.APPROVED)).order_by("organisation__code", "pk")
    columns = ("organisation_id", "organisation__name", "organisation__code")
    for period_id, pk, name, code, place, is_protected, due_on, state in owed.values_list(
        "period_id", *columns, "place__code", "place__is_protected", "due_on", "update__state"
    ):
        shown = place if place and not is_protected else ""
        is_sent = state == UpdateState.SUBMITTED
        periods[period_id].missing.append(Missing(pk, name, code, shown, due_on, is_sent))


# ---------------------------------------------------------------- combining
def _facts(indicator: Indicator, planned: _Planned, periods: list[PeriodFacts], day: date) -> IndicatorFacts:
    measure, direction = Measure(indicator.measure), Direction(indicator.direction)
    method, cumulative = AcrossTime(indicator.across_time), indicator.is_cumulative
    combine: dict[str, Any] = {"cumulative": cumulative, "measure": measure}
    figures = _compared(indicator, planned, periods)
    actual = actual_to_date(figures, method, **combine)
    baseline = planned.baselines.get(TOTAL, NOT_REPORTED)
    plan = of_plan(figures, baseline, method=method, direction=direction, today=day, **combine)
    return _told(indicator, planned, periods, figures, actual, plan)


def _formula_facts(
    indicator: Indicator, planned: _Planned, periods: list[PeriodFacts], formula: FormulaFigures | None, day: date
) -> IndicatorFacts:
    """The facts of an indicator that is computed; one whose formula has no meaning is not applicable."""
    for one in periods:
        if formula is None or one.period.starts_on > day:
            continue
        span = one.period.starts_on, one.period.ends_on
        made = formula.within(*span)
        one.actual, one.lacking = made.figure, made.lacking
        one.cells, one.missing = formula.cells_within(*span), formula.missing_within(*span)
    figures = _compared(indicator, planned, periods)
    whole = formula.to_date() if formula else UNREADABLE
    closed = closed_with_plan(figures, AcrossTime(indicator.across_time), day)
    plan = _formula_plan(indicator, planned, formula, closed) if formula and closed else NO_PLAN
    facts = _told(indicator, planned, periods, figures, whole.figure, plan)
    facts.formula, facts.lacking = formula, whole.lacking
    return facts


def _formula_plan(
    indicator: Indicator, planned: _Planned, formula: FormulaFigures, closed: Sequence[PeriodFigures]
) -> OfPlan:
    """To the end of the last closed period with a target; with the method "none" that period alone."""
    method, last = AcrossTime(indicator.across_time), closed[-1]
    is_alone = method == AcrossTime.NONE
    return formula_of_plan(
        closed,
        last.actual if is_alone else formula.until(last.end).figure,
        planned.baselines.get(TOTAL, NOT_REPORTED),
        missing=last.missing if is_alone else formula.missing_until(last.end),
        method=method,
        direction=Direction(indicator.direction),
    )


def _compared(indicator: Indicator, planned: _Planned, periods: Sequence[PeriodFacts]) -> list[PeriodFigures]:
    """The periods as they are combined, each compared with its own target."""
    measure, direction = Measure(indicator.measure), Direction(indicator.direction)
    baseline = planned.baselines.get(TOTAL, NOT_REPORTED)
    for one in periods:
        targets = planned.periods.get(one.period.pk, {})
        one.target = targets.get(TOTAL, NOT_REPORTED)
        one.cell_targets = {cell: value for cell, value in targets.items() if cell != TOTAL}
        one.progress = progress(one.actual, baseline, one.target, measure=measure, direction=direction)
    return [
        PeriodFigures(one.period.ends_on, one.actual, one.target, len(one.missing), one.period.starts_on)
        for one in periods
    ]


def _told(
    indicator: Indicator,
    planned: _Planned,
    periods: list[PeriodFacts],
    figures: Sequence[PeriodFigures],
    actual: Figure,
    plan: OfPlan,
) -> IndicatorFacts:
    measure, direction = Measure(indicator.measure), Direction(indicator.direction)
    baseline, target = planned.baselines.get(TOTAL, NOT_REPORTED), planned.life
    if target is NOT_REPORTED:
        method = AcrossTime(indicator.across_time)
        target = target_to_date(figures, method, cumulative=indicator.is_cumulative, measure=measure)
    return IndicatorFacts(
        indicator=indicator,
        cell_targets=planned.life_cells,
        baseline=baseline,
        baseline_year=planned.year,
        baseline_cells={cell: value for cell, value in planned.baselines.items() if cell != TOTAL},
        periods=periods,
        actual=actual,
        target=target,
        progress=progress(actual, baseline, target, measure=measure, direction=direction),
        plan=plan,
        verdict=verdict(plan.progress, missing=plan.missing, threshold=threshold()),
    )
