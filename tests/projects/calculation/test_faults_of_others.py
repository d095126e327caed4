"""What other systems of this kind get wrong, and what is right."""

from decimal import Decimal as D

from projects.calculation.combine import across_time, components_of, figure_of, latest_by_key
from projects.calculation.progress import progress
from projects.calculation.validate import check_value
from projects.calculation.values import (
    NOT_REPORTED,
    AcrossPartners,
    AcrossTime,
    Direction,
    Figure,
    Measure,
    RawValue,
    ValueState,
)
from tests.factories_calculation import counted, raw


def ratio(*values: RawValue) -> Figure:
    return figure_of(components_of(values), AcrossPartners.WEIGHTED_RATIO, Measure.PERCENTAGE)


def test_a_ratio_starts_with_nothing_in_its_denominator() -> None:
    assert ratio(raw(80, 200)).value == D(40)


def test_a_second_partner_of_the_same_period_adds_to_both_parts() -> None:
    made = ratio(raw(80, 200, number=1), raw(40, 100, partner="B", number=2))
    assert (made.numerator, made.denominator, made.value) == (D(120), D(300), D(40))


def test_a_part_of_nobody_is_refused() -> None:
    assert [one.code for one in check_value(Measure.PERCENTAGE, D(5), D(0), is_share=True)] == ["over_zero"]


def test_two_people_of_one_partner_go_on_with_one_running_total() -> None:
    values = [raw(10, period=1, number=1), raw(25, period=2, number=2)]
    assert figure_of(components_of(latest_by_key(values)), AcrossPartners.SUM, Measure.COUNT).value == D(25)
    assert across_time(counted(10, 25), AcrossTime.SUM, cumulative=True, measure=Measure.COUNT).value == D(25)


def test_a_fall_half_way_is_half_done() -> None:
    baseline, target, actual = counted(50, 20, 35)
    made = progress(actual, baseline, target, measure=Measure.COUNT, direction=Direction.DESCENDING)
    assert made.percent == D(50)


def test_a_true_zero_is_a_number_and_not_reported_is_none() -> None:
    zero = figure_of(components_of([raw(0)]), AcrossPartners.SUM, Measure.COUNT)
    silence = figure_of(components_of([raw(None)]), AcrossPartners.SUM, Measure.COUNT)
    assert (zero.state, zero.value) == (ValueState.REPORTED, D(0))
    assert (silence.state, silence.value) == (ValueState.NOT_REPORTED, None)


def test_above_all_of_the_target_is_neither_capped_nor_thousands() -> None:
    [baseline, target, actual] = counted(0, 100, 250)
    made = progress(actual, baseline, target, measure=Measure.COUNT)
    assert (made.percent, made.shown, made.over) == (D(250), D(250), False)


def test_a_negative_count_is_refused() -> None:
    assert [one.code for one in check_value(Measure.COUNT, D(-1))] == ["negative"]


def test_a_total_without_parts_is_never_doubled_by_its_parts() -> None:
    values = [raw(10, number=1), raw(6, number=1, cell="sex:f"), raw(4, number=1, cell="sex:m")]
    total = components_of([one for one in values if one.cell == ""])
    assert figure_of(total, AcrossPartners.SUM, Measure.COUNT).value == D(10)


def test_nothing_reported_is_no_progress_of_zero() -> None:
    [target] = counted(100)
    made = progress(NOT_REPORTED, NOT_REPORTED, target, measure=Measure.COUNT)
    assert (made.state, made.percent) == (ValueState.NOT_REPORTED, None)
