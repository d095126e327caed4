from decimal import Decimal as D

import pytest

from projects.calculation.values import (
    NOBODY_TO_COUNT,
    NOT_APPLICABLE,
    NOT_REPORTED,
    SUPPRESSED,
    Figure,
    Measure,
    Reason,
    ValueState,
    figure,
)


@pytest.mark.parametrize(
    "measure, numerator, denominator, value",
    [
        (Measure.COUNT, D(0), None, D(0)),
        (Measure.COUNT, D(372), None, D(372)),
        (Measure.AMOUNT, D("0.1"), None, D("0.1")),
        (Measure.AMOUNT, D("-12.5"), None, D("-12.5")),
        (Measure.PERCENTAGE, D(80), D(200), D(40)),
        (Measure.PERCENTAGE, D("41.5"), None, D("41.5")),
        (Measure.RATIO, D(3), D(4), D("0.75")),
        (Measure.RATIO, D(5), None, D(5)),
        (Measure.SCALE, D("3.5"), None, D("3.5")),
        (Measure.YES_NO, D(1), None, D(1)),
        (Measure.COUNT, D(7), D(2), D(7)),
    ],
)
def test_a_plain_value_becomes_a_figure(measure: Measure, numerator: D, denominator: D | None, value: D) -> None:
    made = figure(measure, numerator, denominator)
    assert (made.state, made.value, made.is_reported) == (ValueState.REPORTED, value, True)


def test_zero_differs_from_not_reported() -> None:
    zero = figure(Measure.COUNT, D(0))
    assert zero != figure(Measure.COUNT, None)
    assert (zero.value, figure(Measure.COUNT, None).value) == (D(0), None)
    assert figure(Measure.COUNT, None) == NOT_REPORTED


def test_zero_of_zero_is_nobody_to_count() -> None:
    assert figure(Measure.PERCENTAGE, D(0), D(0)) == NOBODY_TO_COUNT
    assert NOBODY_TO_COUNT.reason is Reason.NOBODY_TO_COUNT
    assert NOBODY_TO_COUNT.value is None


def test_a_numerator_over_zero_is_no_figure() -> None:
    with pytest.raises(ValueError, match="^a numerator over a denominator of 0$"):
        figure(Measure.PERCENTAGE, D(5), D(0))


def test_a_text_without_score_is_reported_and_has_no_number() -> None:
    told = figure(Measure.QUALITATIVE, None, text="The council adopted it")
    assert told == Figure(ValueState.REPORTED, text="The council adopted it")
    assert (told.is_reported, told.value) == (True, None)


def test_the_four_states_are_never_mixed() -> None:
    empty = [NOT_REPORTED, NOT_APPLICABLE, SUPPRESSED]
    assert [one.value for one in empty] == [None, None, None]
    assert [one.is_reported for one in empty] == [False, False, False]
    assert len({figure(Measure.COUNT, D(0)), *empty}) == 4


def test_a_suppressed_figure_gives_no_number_away() -> None:
    assert Figure(ValueState.SUPPRESSED, D(3)).value is None


def test_parts_are_divided_once_and_last() -> None:
    third = figure(Measure.PERCENTAGE, D(1), D(3))
    assert (third.numerator, third.denominator, third.per) == (D(1), D(3), 100)
    assert third.value == D(100) / D(3)
