"""How far an indicator has come, whether it keeps its plan, and what a project may say about its plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from projects.calculation.periods import PeriodFigures, actual_to_date, target_to_date
from projects.calculation.values import (
    ADDITIVE,
    HUNDRED,
    NOT_REPORTED,
    ZERO,
    AcrossTime,
    Direction,
    Figure,
    Measure,
    Reason,
    ValueState,
)

THRESHOLD = Decimal("0.95")
SHOWN_AT_MOST = Decimal(999)

_STARTS_AT_ZERO = ADDITIVE | {Measure.YES_NO}


@dataclass(frozen=True, slots=True)
class Progress:
    """The share of the way from baseline to target that is done: 1 is all of it; unrounded, None unless reported."""

    state: ValueState
    value: Decimal | None = None
    reason: Reason = Reason.UNSAID

    @property
    def percent(self) -> Decimal | None:
        """The share in percent, unrounded and without a limit."""
        return None if self.value is None else self.value * HUNDRED

    @property
    def over(self) -> bool:
        """Whether the percent lies beyond what is shown; then it is said so beside `shown`."""
        return self.percent is not None and abs(self.percent) > SHOWN_AT_MOST

    @property
    def shown(self) -> Decimal | None:
        """The percent held between -999 and 999, unrounded."""
        if self.percent is None:
            return None
        return max(-SHOWN_AT_MOST, min(SHOWN_AT_MOST, self.percent))


def _without(reason: Reason) -> Progress:
    return Progress(ValueState.NOT_APPLICABLE, reason=reason)


def progress(
    actual: Figure,
    baseline: Figure,
    target: Figure,
    *,
    measure: Measure,
    direction: Direction = Direction.ASCENDING,
) -> Progress:
    """(actual - baseline) / (target - baseline), so an indicator that is to fall is right by itself.

    A missing baseline is 0 for a count, an amount or a yes/no that is to rise; for other measures, and for whatever is
    to fall, nothing can be said without it. Not applicable also without a target and where target = baseline. An
    actual without a number hands its own state on.
    """
    if actual.value is None:
        state = ValueState.NOT_APPLICABLE if actual.is_reported else actual.state
        return Progress(state, reason=actual.reason)
    if target.value is None:
        return _without(Reason.NO_TARGET)
    start = _start(baseline, measure, direction)
    if start is None:
        return _without(Reason.NO_BASELINE)
    if target.value == start:
        return _without(Reason.TARGET_IS_BASELINE)
    return Progress(ValueState.REPORTED, (actual.value - start) / (target.value - start))


def _start(baseline: Figure, measure: Measure, direction: Direction) -> Decimal | None:
    if baseline.value is not None:
        return baseline.value
    may_be_zero = measure in _STARTS_AT_ZERO and direction == Direction.ASCENDING
    return ZERO if may_be_zero and baseline.state == ValueState.NOT_REPORTED else None


# Of plan


@dataclass(frozen=True, slots=True)
class OfPlan:
    """The figure and the plan to the last day of the last closed period that has a target; None where there is none."""

    day: date | None
    actual: Figure
    target: Figure
    missing: int
    progress: Progress


NO_PLAN = OfPlan(None, NOT_REPORTED, NOT_REPORTED, 0, _without(Reason.NO_TARGET))


def of_plan(
    periods: Sequence[PeriodFigures],
    baseline: Figure,
    *,
    method: AcrossTime,
    cumulative: bool,
    measure: Measure,
    direction: Direction,
    today: date,
) -> OfPlan:
    """Progress to date against the plan to date, for periods in their order.

    A period is closed when its last day lies before `today`. Figures and targets up to the last closed period with a
    target are combined by the indicator's own method across time; with the method "none" that period stands alone.
    `missing` counts the figures that partners owe for what is compared.
    """
    closed = closed_with_plan(periods, method, today)
    if not closed:
        return NO_PLAN
    actual = actual_to_date(closed, method, cumulative=cumulative, measure=measure)
    target = target_to_date(closed, method, cumulative=cumulative, measure=measure)
    is_last_only = cumulative or method == AcrossTime.LATEST
    missing = closed[-1].missing if is_last_only else sum(one.missing for one in closed)
    done = progress(actual, baseline, target, measure=measure, direction=direction)
    return OfPlan(closed[-1].end, actual, target, missing, done)


def closed_with_plan(periods: Sequence[PeriodFigures], method: AcrossTime, today: date) -> list[PeriodFigures]:
    """The periods that a plan to date is about: those closed, up to the last with a target; with "none" that alone."""
    closed = [one for one in periods if one.end < today]
    while closed and closed[-1].target.value is None:
        closed.pop()
    return closed[-1:] if method == AcrossTime.NONE else closed


def formula_of_plan(
    closed: Sequence[PeriodFigures],
    actual: Figure,
    baseline: Figure,
    *,
    missing: int,
    method: AcrossTime,
    direction: Direction,
) -> OfPlan:
    """The same for a formula, whose figure to date is made from its inputs' figures to date; targets by `method`."""
    target = target_to_date(closed, method, cumulative=False, measure=Measure.FORMULA)
    done = progress(actual, baseline, target, measure=Measure.FORMULA, direction=direction)
    return OfPlan(closed[-1].end, actual, target, missing, done)


# Verdicts


class Verdict(StrEnum):
    """What may be said of one indicator: "at or above" never while a partner's figure is missing."""

    AT_OR_ABOVE = "at_or_above"
    BELOW = "below"
    INCOMPLETE = "incomplete"
    NOT_APPLICABLE = "not_applicable"


class PlanAnswer(StrEnum):
    """The answer to "is it on course?": "yes" only where all that has a plan is complete and at or above it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    INCOMPLETE = "incomplete"
    NO_PLAN = "no_plan"


@dataclass(frozen=True, slots=True)
class ProjectVerdict:
    """`at_or_above` of `of` outcome indicators with a plan keep it; `incomplete` of them lack a partner's figure."""

    at_or_above: int
    of: int
    incomplete: int
    answer: PlanAnswer


def verdict(done: Progress, *, missing: int = 0, threshold: Decimal = THRESHOLD) -> Verdict:
    """The verdict on one indicator; `threshold` is a share (0.95 is 95 %), `missing` how many figures partners owe."""
    if done.state in (ValueState.NOT_APPLICABLE, ValueState.SUPPRESSED):
        return Verdict.NOT_APPLICABLE
    if missing or done.value is None:
        return Verdict.INCOMPLETE
    return Verdict.AT_OR_ABOVE if done.value >= threshold else Verdict.BELOW


def project_verdict(verdicts: Iterable[Verdict]) -> ProjectVerdict:
    """Counts the verdicts of a project's outcome indicators; never a mean of unlike units."""
    planned = [one for one in verdicts if one != Verdict.NOT_APPLICABLE]
    good = planned.count(Verdict.AT_OR_ABOVE)
    incomplete = planned.count(Verdict.INCOMPLETE)
    return ProjectVerdict(good, len(planned), incomplete, _answer(good, len(planned), incomplete))


def _answer(good: int, planned: int, incomplete: int) -> PlanAnswer:
    if not planned:
        return PlanAnswer.NO_PLAN
    if incomplete:
        return PlanAnswer.INCOMPLETE
    if good == planned:
        return PlanAnswer.YES
    return PlanAnswer.PARTLY if good else PlanAnswer.NO
