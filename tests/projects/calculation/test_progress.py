from datetime import date
from decimal import Decimal as D

import pytest

from projects.calculation.periods import PeriodFigures
from projects.calculation.progress import (
    NO_PLAN,
    SHOWN_AT_MOST,
    THRESHOLD,
    OfPlan,
    PlanAnswer,
    Progress,
    ProjectVerdict,
    Verdict,
    closed_with_plan,
    formula_of_plan,
    of_plan,
    progress,
    project_verdict,
    verdict,
)
from projects.calculation.values import (
    NOBODY_TO_COUNT,
    NOT_APPLICABLE,
    NOT_REPORTED,
    SUPPRESSED,
    AcrossTime,
    Direction,
    Figure,
    Measure,
    Reason,
    ValueState,
    figure,
)
from tests.factories_calculation import counted, parted

UP, DOWN = Direction.ASCENDING, Direction.DESCENDING


def number(value: int | str | None) -> Figure:
    return counted(value)[0]


def without(reason: Reason = Reason.UNSAID) -> Progress:
    return Progress(ValueState.NOT_APPLICABLE, reason=reason)


@pytest.mark.parametrize(
    "direction, baseline, target, actual, share",
    [
        (UP, 0, 600, 372, D("0.62")),
        (UP, None, 600, 372, D("0.62")),
        (UP, 100, 200, 100, D(0)),
        (UP, 100, 200, 150, D("0.5")),
        (UP, 100, 200, 200, D(1)),
        (UP, 100, 200, 90, D("-0.1")),
        (UP, 0, 100, 0, D(0)),
        (UP, 0, 100, 250, D("2.5")),
        (UP, 0, 1, 80, D(80)),
        (DOWN, 50, 20, 35, D("0.5")),
        (DOWN, 50, 20, 20, D(1)),
        (DOWN, 50, 20, 50, D(0)),
        (DOWN, 50, 20, 5, D("1.5")),
        (DOWN, 50, 20, 56, D("-0.2")),
        (DOWN, 50, 0, 0, D(1)),
    ],
)
def test_progress_is_the_share_of_the_way_that_is_done(
    direction: Direction, baseline: int | None, target: int, actual: int, share: D
) -> None:
    made = progress(number(actual), number(baseline), number(target), measure=Measure.COUNT, direction=direction)
    assert made == Progress(ValueState.REPORTED, share)


@pytest.mark.parametrize("measure", [Measure.COUNT, Measure.AMOUNT, Measure.YES_NO])
def test_a_missing_baseline_of_what_is_counted_is_zero(measure: Measure) -> None:
    assert progress(number(1), NOT_REPORTED, number(2), measure=measure).value == D("0.5")


@pytest.mark.parametrize("measure", [Measure.PERCENTAGE, Measure.RATIO, Measure.SCALE, Measure.QUALITATIVE])
def test_a_missing_baseline_of_what_is_not_counted_leaves_nothing_to_say(measure: Measure) -> None:
    assert progress(number(1), NOT_REPORTED, number(2), measure=measure) == without(Reason.NO_BASELINE)


def test_a_count_that_is_to_fall_needs_its_baseline() -> None:
    made = progress(number(35), NOT_REPORTED, number(20), measure=Measure.COUNT, direction=DOWN)
    assert made == without(Reason.NO_BASELINE)


def test_only_an_unreported_baseline_is_zero() -> None:
    made = progress(number(35), NOT_APPLICABLE, number(20), measure=Measure.COUNT)
    assert made == without(Reason.NO_BASELINE)


def test_percentages_are_compared_in_points() -> None:
    made = progress(parted(80, 200), parted(10, 100), figure(Measure.PERCENTAGE, D(70)), measure=Measure.PERCENTAGE)
    assert made.value == D("0.5")


@pytest.mark.parametrize(
    "actual, baseline, target, expected",
    [
        (number(5), number(0), NOT_REPORTED, without(Reason.NO_TARGET)),
        (number(5), number(5), number(5), without(Reason.TARGET_IS_BASELINE)),
        (number(5), NOT_REPORTED, number(0), without(Reason.TARGET_IS_BASELINE)),
        (NOT_REPORTED, number(0), number(5), Progress(ValueState.NOT_REPORTED)),
        (SUPPRESSED, number(0), number(5), Progress(ValueState.SUPPRESSED)),
        (NOBODY_TO_COUNT, number(0), number(5), without(Reason.NOBODY_TO_COUNT)),
        (figure(Measure.QUALITATIVE, None, text="done"), number(0), number(5), without()),
    ],
)
def test_progress_without_a_number_says_why(
    actual: Figure, baseline: Figure, target: Figure, expected: Progress
) -> None:
    assert progress(actual, baseline, target, measure=Measure.COUNT) == expected


@pytest.mark.parametrize(
    "share, percent, shown, over",
    [
        (D("0.62"), D(62), D(62), False),
        (D("1.5"), D(150), D(150), False),
        (D("9.99"), D(999), D(999), False),
        (D("9.991"), D("999.1"), SHOWN_AT_MOST, True),
        (D(80), D(8000), SHOWN_AT_MOST, True),
        (D("-0.1"), D(-10), D(-10), False),
        (D(-80), D(-8000), -SHOWN_AT_MOST, True),
    ],
)
def test_what_is_shown_ends_at_999_percent_and_says_so(share: D, percent: D, shown: D, over: bool) -> None:
    made = Progress(ValueState.REPORTED, share)
    assert (made.percent, made.shown, made.over) == (percent, shown, over)


def test_nothing_is_shown_of_no_progress() -> None:
    made = without()
    assert (made.percent, made.shown, made.over) == (None, None, False)


# Of plan

MARCH, JUNE, SEPTEMBER, DECEMBER = (date(2026, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)))


def period(end: date, actual: int | None, target: int | None, missing: int = 0) -> PeriodFigures:
    return PeriodFigures(end, number(actual), number(target), missing)


def plan(
    periods: list[PeriodFigures],
    method: AcrossTime = AcrossTime.SUM,
    *,
    cumulative: bool = False,
    today: date = date(2026, 10, 1),
    baseline: Figure = NOT_REPORTED,
    direction: Direction = UP,
) -> OfPlan:
    return of_plan(
        periods,
        baseline,
        method=method,
        cumulative=cumulative,
        measure=Measure.COUNT,
        direction=direction,
        today=today,
    )


YEAR = [period(MARCH, 100, 80, 1), period(JUNE, 120, 120, 2), period(SEPTEMBER, 152, 140), period(DECEMBER, 7, 260)]


def test_figures_that_are_added_are_set_against_the_plan_to_date() -> None:
    made = plan(YEAR)
    assert (made.day, made.actual.value, made.target.value, made.missing) == (SEPTEMBER, D(372), D(340), 3)
    assert made.progress.value == D(372) / D(340)


@pytest.mark.parametrize(
    "today, day", [(date(2026, 9, 30), JUNE), (date(2026, 10, 1), SEPTEMBER), (date(2027, 1, 1), DECEMBER)]
)
def test_a_period_is_closed_after_its_last_day(today: date, day: date) -> None:
    assert plan(YEAR, today=today).day == day


def test_a_running_total_is_set_against_the_last_closed_target() -> None:
    made = plan(YEAR, cumulative=True)
    assert (made.actual.value, made.target.value, made.missing) == (D(152), D(140), 0)


def test_the_latest_is_set_against_the_last_closed_target() -> None:
    made = plan(YEAR, AcrossTime.LATEST, today=date(2026, 7, 1))
    assert (made.day, made.actual.value, made.target.value, made.missing) == (JUNE, D(120), D(120), 2)


def test_where_periods_stand_apart_the_last_closed_one_is_compared_alone() -> None:
    made = plan(YEAR, AcrossTime.NONE)
    assert (made.actual.value, made.target.value, made.missing) == (D(152), D(140), 0)


def test_periods_after_the_last_target_are_left_out() -> None:
    made = plan([period(MARCH, 10, 20), period(JUNE, 30, None)])
    assert (made.day, made.actual.value, made.target.value) == (MARCH, D(10), D(20))


def test_one_target_at_the_end_is_compared_with_all_figures_before_it() -> None:
    made = plan([period(MARCH, 10, None), period(JUNE, 30, 50)])
    assert (made.day, made.progress.value) == (JUNE, D("0.8"))


@pytest.mark.parametrize("periods", [[], [period(DECEMBER, 5, 10)], [period(MARCH, 5, None)]])
def test_there_is_no_plan_before_a_period_with_a_target_closes(periods: list[PeriodFigures]) -> None:
    assert plan(periods) == NO_PLAN


def test_a_falling_indicator_at_its_planned_figure_is_on_plan() -> None:
    periods = [period(MARCH, 45, 40), period(JUNE, 30, 30)]
    made = plan(periods, AcrossTime.LATEST, baseline=number(50), direction=DOWN)
    assert made.progress.value == D(1)


# Verdicts


@pytest.mark.parametrize(
    "share, missing, expected",
    [
        (D("0.95"), 0, Verdict.AT_OR_ABOVE),
        (D(2), 0, Verdict.AT_OR_ABOVE),
        (D("0.949999"), 0, Verdict.BELOW),
        (D(-1), 0, Verdict.BELOW),
        (D(2), 1, Verdict.INCOMPLETE),
        (D("0.5"), 1, Verdict.INCOMPLETE),
    ],
)
def test_the_verdict_on_an_indicator(share: D, missing: int, expected: Verdict) -> None:
    assert verdict(Progress(ValueState.REPORTED, share), missing=missing) is expected


@pytest.mark.parametrize(
    "done, expected",
    [
        (Progress(ValueState.NOT_REPORTED), Verdict.INCOMPLETE),
        (Progress(ValueState.SUPPRESSED), Verdict.NOT_APPLICABLE),
        (without(Reason.NO_TARGET), Verdict.NOT_APPLICABLE),
    ],
)
def test_the_verdict_without_a_number(done: Progress, expected: Verdict) -> None:
    assert verdict(done) is expected


def test_the_threshold_is_handed_in() -> None:
    done = Progress(ValueState.REPORTED, D("0.9"))
    assert verdict(done, threshold=THRESHOLD) is Verdict.BELOW
    assert verdict(done, threshold=D("0.9")) is Verdict.AT_OR_ABOVE


GOOD, BAD, HALF_TOLD, NONE = Verdict.AT_OR_ABOVE, Verdict.BELOW, Verdict.INCOMPLETE, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "verdicts, expected",
    [
        ([], ProjectVerdict(0, 0, 0, PlanAnswer.NO_PLAN)),
        ([NONE, NONE], ProjectVerdict(0, 0, 0, PlanAnswer.NO_PLAN)),
        ([GOOD, GOOD, NONE], ProjectVerdict(2, 2, 0, PlanAnswer.YES)),
        ([GOOD, BAD], ProjectVerdict(1, 2, 0, PlanAnswer.PARTLY)),
        ([BAD, BAD], ProjectVerdict(0, 2, 0, PlanAnswer.NO)),
        ([GOOD, GOOD, HALF_TOLD], ProjectVerdict(2, 3, 1, PlanAnswer.INCOMPLETE)),
        ([BAD, HALF_TOLD], ProjectVerdict(0, 2, 1, PlanAnswer.INCOMPLETE)),
    ],
)
def test_what_a_project_says_about_its_plan(verdicts: list[Verdict], expected: ProjectVerdict) -> None:
    assert project_verdict(verdicts) == expected


def test_a_formula_is_compared_with_what_its_inputs_give_to_the_same_day() -> None:
    periods = [
        PeriodFigures(date(2026, month, 28), figure(Measure.FORMULA, D(9)), figure(Measure.FORMULA, D(4)))
        for month in (1, 2, 3)
    ]
    closed = closed_with_plan(periods, AcrossTime.SUM, date(2026, 3, 10))
    made = formula_of_plan(
        closed,
        figure(Measure.FORMULA, D(6)),
        figure(Measure.FORMULA, D(0)),
        missing=2,
        method=AcrossTime.SUM,
        direction=Direction.ASCENDING,
    )
    assert (made.day, made.actual.value, made.target.value, made.missing) == (date(2026, 2, 28), 6, 8, 2)
    assert made.progress.value == D("0.75")
