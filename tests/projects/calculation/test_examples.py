"""The worked example of an indicator's two methods."""

from decimal import Decimal as D

import pytest

from projects.calculation.examples import example
from projects.calculation.methods import PARTNERS_METHODS, TIME_METHODS
from projects.calculation.values import AcrossPartners, AcrossTime, Measure, Reason


def numbers(measure: Measure, partners: AcrossPartners, time: AcrossTime, **more: object) -> tuple[object, ...]:
    made = example(measure, partners, time, **more)  # type: ignore[arg-type]
    return (
        [[one.value for one in row] for row in made.said],
        [one.value for one in made.together],
        made.whole.value,
    )


def test_counts_are_added() -> None:
    said, together, whole = numbers(Measure.COUNT, AcrossPartners.SUM, AcrossTime.SUM)
    assert said == [[12, 8, 20], [5, 0, 10], [20, 15, 25]]
    assert (together, whole) == ([37, 23, 55], 115)


def test_running_totals_are_carried() -> None:
    said, together, whole = numbers(Measure.COUNT, AcrossPartners.SUM, AcrossTime.LATEST, cumulative=True)
    assert said == [[12, 20, 40], [5, 5, 15], [20, 35, 60]]
    assert (together, whole) == ([37, 60, 115], 115)


def test_parts_are_divided_once() -> None:
    said, together, whole = numbers(Measure.PERCENTAGE, AcrossPartners.WEIGHTED_RATIO, AcrossTime.WEIGHTED_RATIO)
    assert said == [[75, 60, 90], [30, None, 40], [50, 75, 80]]
    assert (together, whole) == ([D(86) / 160 * 100, 72, D(137) / 180 * 100], D(331) / 490 * 100)
    said, _together, _whole = numbers(Measure.RATIO, AcrossPartners.WEIGHTED_RATIO, AcrossTime.LATEST, cumulative=True)
    assert said[1] == [D("0.3"), D("0.3"), D("0.36")]


@pytest.mark.parametrize(
    "lowest, highest, said",
    [
        (None, None, [[1, 2, 3], [3, 3, 4], [5, 4, 5]]),
        (D(0), D(3), [[0, 1, 2], [2, 2, 3], [3, 3, 3]]),
        (D(5), D(1), [[5, 5, 5], [5, 5, 5], [5, 5, 5]]),
    ],
)
def test_scores_lie_on_the_scale(lowest: D | None, highest: D | None, said: list[list[int]]) -> None:
    told, _together, _whole = numbers(
        Measure.SCALE, AcrossPartners.AVERAGE, AcrossTime.LATEST, cumulative=True, lowest=lowest, highest=highest
    )
    assert told == said


def test_answers() -> None:
    said, together, whole = numbers(Measure.YES_NO, AcrossPartners.MINIMUM, AcrossTime.LATEST)
    assert said == [[0, 1, 1], [1, 1, 1], [0, 0, 1]]
    assert (together, whole) == ([0, 0, 1], 1)


@pytest.mark.parametrize("measure", [one for one in Measure if one is not Measure.FORMULA])
def test_every_method_of_every_measure_has_an_example(measure: Measure) -> None:
    for partners in PARTNERS_METHODS[measure]:
        for time in TIME_METHODS[measure]:
            made = example(measure, partners, time)
            reasons = {one.reason for one in (*made.together, made.whole)}
            assert reasons <= {Reason.UNSAID, Reason.APART}


def test_a_formula_has_none() -> None:
    with pytest.raises(ValueError, match="formula"):
        example(Measure.FORMULA, AcrossPartners.NONE, AcrossTime.LATEST)
