from decimal import Decimal as D

import pytest

from projects.calculation.combine import (
    across_time,
    added,
    components_by_cell,
    components_of,
    figure_of,
    latest_by_key,
    running,
)
from projects.calculation.values import (
    NOBODY_TO_COUNT,
    NOT_APPLICABLE,
    NOT_REPORTED,
    SUPPRESSED,
    AcrossPartners,
    AcrossTime,
    Components,
    Figure,
    Measure,
    RawValue,
    Reason,
    ValueState,
    figure,
)
from tests.factories_calculation import counted, parted, raw

APART = Figure(ValueState.NOT_APPLICABLE, reason=Reason.APART)
NO_PARTS = Figure(ValueState.NOT_APPLICABLE, reason=Reason.NO_PARTS)
METHOD = Figure(ValueState.NOT_APPLICABLE, reason=Reason.METHOD)


def over_partners(values: list[RawValue], method: AcrossPartners, measure: Measure) -> Figure:
    return figure_of(components_of(values), method, measure)


# Across partners and places


@pytest.mark.parametrize(
    "method, measure, values, value",
    [
        (AcrossPartners.SUM, Measure.COUNT, [raw(10), raw(25)], D(35)),
        (AcrossPartners.SUM, Measure.COUNT, [raw(0), raw(0)], D(0)),
        (AcrossPartners.SUM, Measure.COUNT, [raw(10), raw(None)], D(10)),
        (AcrossPartners.SUM, Measure.AMOUNT, [raw("0.1"), raw("0.2")], D("0.3")),
        (AcrossPartners.SUM, Measure.AMOUNT, [raw("9e12"), raw("0.000001")], D("9000000000000.000001")),
        (AcrossPartners.SUM, Measure.YES_NO, [raw(1), raw(0), raw(1)], D(2)),
        (AcrossPartners.AVERAGE, Measure.COUNT, [raw(10), raw(20)], D(15)),
        (AcrossPartners.AVERAGE, Measure.COUNT, [raw(10), raw(20), raw(None)], D(15)),
        (AcrossPartners.AVERAGE, Measure.COUNT, [raw(10), raw(20), raw(0)], D(10)),
        (AcrossPartners.AVERAGE, Measure.SCALE, [raw(3), raw(4)], D("3.5")),
        (AcrossPartners.AVERAGE, Measure.YES_NO, [raw(1), raw(0), raw(1), raw(1)], D("0.75")),
        (AcrossPartners.MAXIMUM, Measure.COUNT, [raw(10), raw(25), raw(3)], D(25)),
        (AcrossPartners.MINIMUM, Measure.COUNT, [raw(10), raw(25), raw(3)], D(3)),
        (AcrossPartners.MINIMUM, Measure.YES_NO, [raw(1), raw(0)], D(0)),
        (AcrossPartners.MAXIMUM, Measure.YES_NO, [raw(1), raw(0)], D(1)),
        (AcrossPartners.LATEST, Measure.COUNT, [raw(10, number=2), raw(25, number=1)], D(10)),
        (AcrossPartners.LATEST, Measure.PERCENTAGE, [raw(1, 2, number=1), raw(1, 4, number=2)], D(25)),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(80, 200)], D(40)),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(80, 200), raw(40, 100)], D(40)),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(1, 1), raw(0, 3)], D(25)),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(80, 200), raw(0, 0)], D(40)),
        (AcrossPartners.WEIGHTED_RATIO, Measure.RATIO, [raw(1, 2), raw(2, 2)], D("0.75")),
        (AcrossPartners.NONE, Measure.COUNT, [raw(10)], D(10)),
        (AcrossPartners.NONE, Measure.PERCENTAGE, [raw(41)], D(41)),
        (AcrossPartners.SUM, Measure.PERCENTAGE, [raw(41)], D(41)),
    ],
)
def test_values_of_partners_become_one_figure(
    method: AcrossPartners, measure: Measure, values: list[RawValue], value: D
) -> None:
    made = over_partners(values, method, measure)
    assert (made.state, made.value) == (ValueState.REPORTED, value)


@pytest.mark.parametrize(
    "method, measure, values, expected",
    [
        (AcrossPartners.SUM, Measure.COUNT, [], NOT_REPORTED),
        (AcrossPartners.SUM, Measure.COUNT, [raw(None)], NOT_REPORTED),
        (AcrossPartners.SUM, Measure.COUNT, [raw(3, state=ValueState.SUPPRESSED)], NOT_REPORTED),
        (AcrossPartners.SUM, Measure.COUNT, [raw(None, state=ValueState.NOT_APPLICABLE)], NOBODY_TO_COUNT),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(0, 0)], NOBODY_TO_COUNT),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(0, 0), raw(None)], NOBODY_TO_COUNT),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(40), raw(60)], NO_PARTS),
        (AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE, [raw(40), raw(6, 10)], NO_PARTS),
        (AcrossPartners.LATEST, Measure.PERCENTAGE, [raw(40), raw(60)], NO_PARTS),
        (AcrossPartners.LATEST, Measure.RATIO, [raw(4), raw(6)], NO_PARTS),
        (AcrossPartners.NONE, Measure.COUNT, [raw(1), raw(2)], APART),
        (AcrossPartners.NONE, Measure.PERCENTAGE, [raw(1, 2), raw(2, 2)], APART),
        (AcrossPartners.SUM, Measure.PERCENTAGE, [raw(1, 2), raw(2, 2)], METHOD),
        (AcrossPartners.WEIGHTED_RATIO, Measure.COUNT, [raw(1), raw(2)], METHOD),
    ],
)
def test_what_gives_no_number_says_why(
    method: AcrossPartners, measure: Measure, values: list[RawValue], expected: Figure
) -> None:
    assert over_partners(values, method, measure) == expected


def test_numerators_and_denominators_are_added_apart() -> None:
    assert over_partners([raw(80, 200), raw(40, 100)], AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE) == parted(
        120, 300
    )


# Across time


@pytest.mark.parametrize(
    "method, figures, value",
    [
        (AcrossTime.SUM, counted(10, None, 25), D(35)),
        (AcrossTime.SUM, counted(0, 0), D(0)),
        (AcrossTime.SUM, [*counted(10, 5), NOBODY_TO_COUNT], D(15)),
        (AcrossTime.AVERAGE, counted(10, 20), D(15)),
        (AcrossTime.AVERAGE, counted(10, None, 20), D(15)),
        (AcrossTime.AVERAGE, counted(10, 0, 20), D(10)),
        (AcrossTime.MAXIMUM, counted(10, 25, 7), D(25)),
        (AcrossTime.LATEST, counted(10, 25, 7, None), D(7)),
        (AcrossTime.LATEST, [*counted(10), NOBODY_TO_COUNT], D(10)),
        (AcrossTime.LATEST, [*counted(10), NOT_APPLICABLE], D(10)),
        (AcrossTime.LATEST, [SUPPRESSED, *counted(10)], D(10)),
        (AcrossTime.NONE, counted(None, 4), D(4)),
    ],
)
def test_figures_of_periods_become_one_figure(method: AcrossTime, figures: list[Figure], value: D) -> None:
    made = across_time(figures, method, cumulative=False, measure=Measure.COUNT)
    assert (made.state, made.value) == (ValueState.REPORTED, value)


@pytest.mark.parametrize("method", [AcrossTime.SUM, AcrossTime.AVERAGE, AcrossTime.WEIGHTED_RATIO, AcrossTime.LATEST])
def test_a_running_total_stands_as_its_latest(method: AcrossTime) -> None:
    assert across_time(counted(10, 25), method, cumulative=True, measure=Measure.COUNT).value == D(25)


def test_a_running_total_may_have_a_peak_or_stand_apart() -> None:
    falling = counted(10, 25, 20)
    assert across_time(falling, AcrossTime.MAXIMUM, cumulative=True, measure=Measure.COUNT).value == D(25)
    assert across_time(falling, AcrossTime.NONE, cumulative=True, measure=Measure.COUNT) == APART


@pytest.mark.parametrize(
    "method, figures, expected",
    [
        (AcrossTime.WEIGHTED_RATIO, [parted(80, 200), parted(40, 100)], parted(120, 300)),
        (AcrossTime.WEIGHTED_RATIO, [parted(1, 1), NOT_REPORTED, NOBODY_TO_COUNT, parted(0, 3)], parted(1, 4)),
        (AcrossTime.LATEST, [parted(1, 1), parted(0, 3)], parted(0, 3)),
        (AcrossTime.MAXIMUM, [parted(1, 2), parted(3, 4), parted(0, 1)], parted(3, 4)),
        (AcrossTime.SUM, [parted(1, 2), parted(3, 4)], METHOD),
        (AcrossTime.AVERAGE, [parted(1, 2), parted(3, 4)], METHOD),
        (AcrossTime.NONE, [parted(1, 2), parted(3, 4)], APART),
    ],
)
def test_percentages_by_parts_across_time(method: AcrossTime, figures: list[Figure], expected: Figure) -> None:
    assert across_time(figures, method, cumulative=False, measure=Measure.PERCENTAGE) == expected


def test_percentages_without_parts_are_not_weighted_but_the_latest_stands() -> None:
    without = [figure(Measure.PERCENTAGE, D(30)), figure(Measure.PERCENTAGE, D(50))]
    mixed = [parted(80, 200), *without]
    for figures in (without, mixed):
        made = across_time(figures, AcrossTime.WEIGHTED_RATIO, cumulative=False, measure=Measure.PERCENTAGE)
        assert made == without[-1]


@pytest.mark.parametrize("method", AcrossTime)
def test_nothing_reported_in_any_period_is_not_reported(method: AcrossTime) -> None:
    for figures in ([], counted(None, None)):
        assert across_time(figures, method, cumulative=False, measure=Measure.COUNT) == NOT_REPORTED


@pytest.mark.parametrize("method", AcrossTime)
def test_nobody_to_count_in_any_period_is_nobody_to_count(method: AcrossTime) -> None:
    figures = [NOT_REPORTED, NOBODY_TO_COUNT, NOBODY_TO_COUNT]
    assert across_time(figures, method, cumulative=False, measure=Measure.RATIO) == NOBODY_TO_COUNT


@pytest.mark.parametrize("hindrance", [SUPPRESSED, APART, NO_PARTS, METHOD])
def test_what_is_built_on_a_hindered_period_is_hindered(hindrance: Figure) -> None:
    for method in (AcrossTime.SUM, AcrossTime.AVERAGE, AcrossTime.MAXIMUM, AcrossTime.NONE):
        figures = [*counted(10), hindrance, *counted(5)]
        assert across_time(figures, method, cumulative=False, measure=Measure.COUNT) == hindrance
    assert (
        across_time([*counted(10), hindrance], AcrossTime.LATEST, cumulative=False, measure=Measure.COUNT) == hindrance
    )


def test_averages_across_partners_are_added_across_time_as_values() -> None:
    first = over_partners([raw(10), raw(20)], AcrossPartners.AVERAGE, Measure.COUNT)
    assert across_time([first, *counted(5)], AcrossTime.SUM, cumulative=False, measure=Measure.COUNT).value == D(20)


def test_a_running_figure_for_every_period() -> None:
    made = running(counted(10, None, 5, 0), AcrossTime.SUM, cumulative=False, measure=Measure.COUNT)
    assert [one.value for one in made] == [D(10), D(10), D(15), D(15)]
    assert running(counted(None), AcrossTime.SUM, cumulative=False, measure=Measure.COUNT) == (NOT_REPORTED,)


@pytest.mark.parametrize(
    "figures, expected",
    [
        ([], NOT_REPORTED),
        (counted(None), NOT_REPORTED),
        ([NOBODY_TO_COUNT], NOBODY_TO_COUNT),
        (counted(3, None, 4), *counted(7)),
        ([*counted(3), SUPPRESSED], SUPPRESSED),
        ([*counted(3), APART], APART),
    ],
)
def test_cells_are_added(figures: list[Figure], expected: Figure) -> None:
    assert added(figures) == expected


# From raw values


def test_components_hold_sums_extremes_and_the_newest() -> None:
    values = [raw(80, 200, number=1), raw(40, 100, number=3), raw(9, 10, number=2), raw(0, 0, number=4), raw(None)]
    assert components_of(values) == Components(
        numerator=D(129),
        denominator=D(310),
        count=3,
        minimum=D(9),
        maximum=D(80),
        latest=D(40),
        latest_denominator=D(100),
    )


@pytest.mark.parametrize(
    "values, expected",
    [
        ([], Components()),
        ([raw(None)], Components()),
        ([raw(5, state=ValueState.SUPPRESSED)], Components()),
        ([raw(0, 0)], Components(numerator=D(0), denominator=D(0))),
        ([raw(None, state=ValueState.NOT_APPLICABLE)], Components(numerator=D(0))),
        ([raw(None, state=ValueState.NOT_APPLICABLE), raw(0, 0)], Components(numerator=D(0), denominator=D(0))),
        ([raw(5, 0)], Components()),
    ],
)
def test_components_without_a_number(values: list[RawValue], expected: Components) -> None:
    assert components_of(values) == expected


def test_one_number_without_parts_leaves_the_sum_without_denominator() -> None:
    assert components_of([raw(4, 10), raw(40)]).denominator is None


def test_components_of_every_cell() -> None:
    made = components_by_cell([raw(10), raw(6, cell="sex:f"), raw(5, number=2), raw(1, cell="sex:f", number=2)])
    assert {cell: (one.numerator, one.count) for cell, one in made.items()} == {"": (D(15), 2), "sex:f": (D(7), 2)}


def test_a_cell_that_says_nothing_has_no_components() -> None:
    made = components_by_cell([raw(None), raw(0, 0, cell="sex:f"), raw(None, cell="sex:m")])
    assert made == {"sex:f": Components(numerator=D(0), denominator=D(0))}


def test_two_people_of_one_partner_report_one_running_total() -> None:
    values = [raw(10, period=1, number=1), raw(25, period=2, number=2)]
    assert over_partners(latest_by_key(values), AcrossPartners.SUM, Measure.COUNT).value == D(25)


def test_a_running_total_is_kept_by_partner_and_place() -> None:
    values = [
        raw(10, partner="A", place="Athens", number=1),
        raw(4, partner="A", place="Patras", number=2),
        raw(7, partner="B", place="Athens", number=3),
        raw(25, partner="A", place="Athens", period=2, number=4),
    ]
    assert components_of(latest_by_key(values)).numerator == D(36)


def test_within_a_running_total_the_newest_update_stands_with_all_its_cells() -> None:
    old = [raw(10, number=1), raw(6, cell="sex:f", number=1)]
    new = [raw(25, period=2, number=2)]
    assert latest_by_key([*new, *old]) == new


def test_not_reported_later_takes_nothing_from_a_running_total() -> None:
    values = [raw(10, number=1), raw(None, period=2, number=2)]
    assert components_of(latest_by_key(values)).numerator == D(10)
    assert components_of(latest_by_key(values[1:])) == Components()


def test_the_newest_of_equal_moments_is_told_by_the_tie() -> None:
    assert latest_by_key([raw(1, number=2), raw(9, number=1)]) == [raw(1, number=2)]
