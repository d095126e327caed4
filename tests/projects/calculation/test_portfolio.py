"""Figures over projects: what fits, a figure of a span, many as one; exact to the last step."""

from datetime import date
from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from projects.calculation.periods import PeriodFigures
from projects.calculation.portfolio import Kind, Misfit, combined, exact, in_span, misfit, share_reported
from projects.calculation.units import Conversion, in_other_unit
from projects.calculation.values import (
    NOBODY_TO_COUNT,
    NOT_REPORTED,
    SUPPRESSED,
    AcrossPartners,
    AcrossTime,
    Figure,
    Measure,
    Reason,
    ValueState,
    figure,
)
from tests.factories_calculation import counted, parted

COUNT, AMOUNT, PERCENTAGE, SCALE = Measure.COUNT, Measure.AMOUNT, Measure.PERCENTAGE, Measure.SCALE
SUM, AVERAGE, RATIO, NONE = (
    AcrossPartners.SUM,
    AcrossPartners.AVERAGE,
    AcrossPartners.WEIGHTED_RATIO,
    AcrossPartners.NONE,
)
PEOPLE = Kind(COUNT, "people", SUM)


@pytest.mark.parametrize(
    "own, whole, factor, explained, expected",
    [
        (PEOPLE, PEOPLE, F(1), False, None),
        (Kind(COUNT, "People", SUM), PEOPLE, F(1), False, None),
        (PEOPLE, PEOPLE, F(2), True, Misfit.SAME_UNIT),
        (Kind(AMOUNT, "day", SUM), Kind(AMOUNT, "h", SUM), F(24), False, None),
        (Kind(AMOUNT, "day", SUM), Kind(AMOUNT, "h", SUM), F(8), True, Misfit.KNOWN_UNIT),
        (Kind(AMOUNT, "h", SUM), Kind(AMOUNT, "week", SUM), F(1, 168), False, None),
        (Kind(COUNT, "families", SUM), PEOPLE, F(4), False, Misfit.UNIT),
        (Kind(COUNT, "families", SUM), PEOPLE, F(4), True, None),
        (Kind(COUNT, "families", SUM), PEOPLE, F(1), False, Misfit.UNIT),
        (Kind(AMOUNT, "people", SUM), PEOPLE, F(1), True, Misfit.MEASURE),
        (Kind(COUNT, "people", NONE), PEOPLE, F(1), True, Misfit.APART),
        (Kind(COUNT, "people", SUM, AcrossTime.NONE), PEOPLE, F(1), True, Misfit.TIME),
        (Kind(COUNT, "people", AVERAGE), PEOPLE, F(1), True, Misfit.METHOD),
        (Kind(COUNT, "people", SUM), Kind(COUNT, "people", AVERAGE), F(1), False, None),
        (Kind(PERCENTAGE, "%", RATIO), Kind(PERCENTAGE, "share", RATIO), F(1), False, None),
        (Kind(PERCENTAGE, "%", RATIO), Kind(PERCENTAGE, "%", RATIO), F(1, 2), True, Misfit.PARTS),
        (Kind(PERCENTAGE, "%", AcrossPartners.LATEST), Kind(PERCENTAGE, "%", RATIO), F(1), True, Misfit.METHOD),
    ],
)
def test_only_like_is_added_to_like(
    own: Kind, whole: Kind, factor: F, explained: bool, expected: Misfit | None
) -> None:
    assert misfit(own, whole, factor=factor, is_explained=explained) == expected


def months(*numbers: int | None, year: int = 2026, first: int = 1) -> list[PeriodFigures]:
    """Months of a year from the first, each with its figure."""
    return [
        PeriodFigures(date(year, month, 28), one, start=date(year, month, 1))
        for month, one in enumerate(counted(*numbers), first)
    ]


@pytest.mark.parametrize(
    "before, within, method, cumulative, expected",
    [
        ((10, 20), (1, 2, None), AcrossTime.SUM, False, 3),
        ((10, 20), (0, None), AcrossTime.SUM, False, 0),
        ((10, 20), (25, 40), AcrossTime.LATEST, True, 20),
        ((10, 20), (25, None), AcrossTime.SUM, True, 5),
        ((None,), (25, 40), AcrossTime.LATEST, True, 40),
        ((), (25,), AcrossTime.LATEST, True, 25),
        ((10, 20), (20,), AcrossTime.LATEST, True, 0),
        ((10, 20), (25, 40), AcrossTime.MAXIMUM, False, 40),
        ((10,), (None,), AcrossTime.LATEST, True, None),
    ],
)
def test_a_span_tells_what_came_in_it(
    before: tuple[int | None, ...],
    within: tuple[int | None, ...],
    method: AcrossTime,
    cumulative: bool,
    expected: int | None,
) -> None:
    periods = [*months(*before, year=2025), *months(*within), *months(99, year=2027)]
    span = (date(2026, 1, 1), date(2026, 12, 31))
    found = in_span(periods, *span, method, cumulative=cumulative, measure=COUNT)
    assert (found.figure.value, found.across) == (None if expected is None else D(expected), ())


def test_a_period_across_the_end_is_in_no_part_and_told() -> None:
    [long] = counted(7)
    across = PeriodFigures(date(2027, 1, 31), long, start=date(2026, 12, 1))
    found = in_span(
        [*months(1, 2), across], date(2026, 1, 1), date(2026, 12, 31), AcrossTime.SUM, cumulative=False, measure=COUNT
    )
    assert (found.figure.value, found.across) == (D(3), (across,))


def test_a_running_total_upon_a_suppressed_one_is_suppressed() -> None:
    hidden = PeriodFigures(date(2025, 12, 28), SUPPRESSED, start=date(2025, 12, 1))
    found = in_span(
        [hidden, *months(9)], date(2026, 1, 1), date(2026, 12, 31), AcrossTime.LATEST, cumulative=True, measure=COUNT
    )
    assert found.figure == SUPPRESSED


def test_running_totals_of_scores_are_no_sums() -> None:
    figures = [figure(SCALE, D(one)) for one in (2, 4)]
    periods = [
        PeriodFigures(date(2025, 6, 30), figures[0], start=date(2025, 1, 1)),
        PeriodFigures(date(2026, 6, 30), figures[1], start=date(2026, 1, 1)),
    ]
    span = (date(2026, 1, 1), date(2026, 12, 31))
    assert in_span(periods, *span, AcrossTime.LATEST, cumulative=True, measure=SCALE).figure.value == 4


@pytest.mark.parametrize(
    "figures, method, measure, expected",
    [
        (counted(1, 2, None, 0), SUM, COUNT, F(3)),
        (counted(1, 2), AVERAGE, COUNT, F(3, 2)),
        (counted(1, 2, 2), AVERAGE, COUNT, F(5, 3)),
        (counted(1, 5, 2), AcrossPartners.MAXIMUM, COUNT, F(5)),
        (counted(1, 5, 2), AcrossPartners.MINIMUM, COUNT, F(1)),
        ([parted(80, 200), parted(40, 100)], RATIO, PERCENTAGE, F(40)),
        ([parted(1, 3), NOBODY_TO_COUNT], RATIO, PERCENTAGE, F(100, 3)),
        (counted(7), NONE, COUNT, F(7)),
        (counted(None, None), SUM, COUNT, None),
        ([], SUM, COUNT, None),
    ],
)
def test_many_figures_as_one(
    figures: list[Figure], method: AcrossPartners, measure: Measure, expected: F | None
) -> None:
    assert exact(combined(figures, method, measure=measure)) == expected


def test_what_cannot_be_one_figure_says_why() -> None:
    apart = Figure(ValueState.NOT_APPLICABLE, reason=Reason.APART)
    assert combined(counted(1, 2), NONE, measure=COUNT) == apart
    assert combined(counted(1, 2), RATIO, measure=COUNT) == apart
    without = [figure(PERCENTAGE, D(40)), parted(1, 2)]
    assert combined(without, RATIO, measure=PERCENTAGE).reason == Reason.NO_PARTS
    assert combined([*counted(1), SUPPRESSED], SUM, measure=COUNT) == SUPPRESSED
    assert combined([], SUM, measure=COUNT) == NOT_REPORTED
    assert combined([NOBODY_TO_COUNT], RATIO, measure=PERCENTAGE) == NOBODY_TO_COUNT


def test_thirds_are_added_without_loss() -> None:
    third = Conversion("", "", F(1, 3))
    figures = [in_other_unit(one, third) for one in counted(1, 1, 1)]
    assert combined(figures, SUM, measure=COUNT) == Figure(ValueState.REPORTED, D(1))


def test_a_true_zero_says_something_and_silence_does_not() -> None:
    assert share_reported(counted(0, None, 3)) == (2, 3)
