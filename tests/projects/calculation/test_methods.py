import pytest

from projects.calculation.methods import (
    PARTNERS_METHODS,
    TIME_METHODS,
    default_across_partners,
    default_across_time,
    may_combine_partners,
    may_combine_time,
)
from projects.calculation.values import BY_PARTS, AcrossPartners, AcrossTime, Measure


@pytest.mark.parametrize(
    "measure, partners, time",
    [
        (Measure.COUNT, AcrossPartners.SUM, AcrossTime.SUM),
        (Measure.AMOUNT, AcrossPartners.SUM, AcrossTime.SUM),
        (Measure.PERCENTAGE, AcrossPartners.WEIGHTED_RATIO, AcrossTime.LATEST),
        (Measure.RATIO, AcrossPartners.WEIGHTED_RATIO, AcrossTime.LATEST),
        (Measure.SCALE, AcrossPartners.AVERAGE, AcrossTime.LATEST),
        (Measure.YES_NO, AcrossPartners.MINIMUM, AcrossTime.LATEST),
        (Measure.QUALITATIVE, AcrossPartners.NONE, AcrossTime.LATEST),
        (Measure.FORMULA, AcrossPartners.NONE, AcrossTime.LATEST),
    ],
)
def test_what_a_new_indicator_starts_with(measure: Measure, partners: AcrossPartners, time: AcrossTime) -> None:
    assert (default_across_partners(measure), default_across_time(measure)) == (partners, time)


@pytest.mark.parametrize("measure", Measure)
def test_a_running_total_is_never_added_up(measure: Measure) -> None:
    assert default_across_time(measure, cumulative=True) is AcrossTime.LATEST


REPORTED = [one for one in Measure if one is not Measure.FORMULA]


def test_a_formula_is_combined_by_its_inputs_only() -> None:
    assert PARTNERS_METHODS[Measure.FORMULA] == (AcrossPartners.NONE,)


@pytest.mark.parametrize("measure", REPORTED)
def test_every_measure_may_stand_apart_or_take_the_latest(measure: Measure) -> None:
    assert may_combine_partners(measure, AcrossPartners.NONE)
    assert may_combine_partners(measure, AcrossPartners.LATEST)
    assert may_combine_time(measure, AcrossTime.NONE)
    assert may_combine_time(measure, AcrossTime.LATEST)


@pytest.mark.parametrize("measure", REPORTED)
def test_only_parts_are_weighted_and_parts_are_never_added_or_averaged(measure: Measure) -> None:
    by_parts = measure in BY_PARTS
    assert may_combine_partners(measure, AcrossPartners.WEIGHTED_RATIO) is by_parts
    assert may_combine_time(measure, AcrossTime.WEIGHTED_RATIO) is by_parts
    assert may_combine_partners(measure, AcrossPartners.AVERAGE) is not by_parts
    assert not (by_parts and may_combine_partners(measure, AcrossPartners.SUM))
    assert not (by_parts and may_combine_time(measure, AcrossTime.SUM))
    assert not (by_parts and may_combine_time(measure, AcrossTime.AVERAGE))


def test_no_method_is_named_twice() -> None:
    for methods in (*PARTNERS_METHODS.values(), *TIME_METHODS.values()):
        assert len(set(methods)) == len(methods)
