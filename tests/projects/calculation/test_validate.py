from decimal import Decimal as D

import pytest

from projects.calculation.validate import check_value
from projects.calculation.values import Finding, Measure


def codes(
    measure: Measure,
    numerator: str | None,
    denominator: str | None = None,
    *,
    is_share: bool = False,
    lowest: D | None = None,
    highest: D | None = None,
) -> list[str]:
    top, bottom = (None if one is None else D(one) for one in (numerator, denominator))
    found = check_value(measure, top, bottom, is_share=is_share, lowest=lowest, highest=highest)
    return [one.code for one in found]


@pytest.mark.parametrize(
    "measure, numerator, denominator, expected",
    [
        (Measure.COUNT, None, None, []),
        (Measure.COUNT, "0", None, []),
        (Measure.COUNT, "12", None, []),
        (Measure.COUNT, "12.000", None, []),
        (Measure.COUNT, "1e3", None, []),
        (Measure.COUNT, "0.5", None, ["not_whole"]),
        (Measure.COUNT, "-0.5", None, ["negative"]),
        (Measure.COUNT, "0.5", "1", ["denominator_unexpected", "not_whole"]),
        (Measure.COUNT, "-1", None, ["negative"]),
        (Measure.COUNT, "-0.000001", None, ["negative"]),
        (Measure.COUNT, "5", "10", ["denominator_unexpected"]),
        (Measure.COUNT, "0", "0", ["denominator_unexpected"]),
        (Measure.AMOUNT, "-12.50", None, []),
        (Measure.AMOUNT, "9000000000000", None, []),
        (Measure.AMOUNT, "9000000000000.000001", None, ["too_large"]),
        (Measure.AMOUNT, "-9000000000001", None, ["too_large"]),
        (Measure.AMOUNT, "1e300", None, ["too_large"]),
        (Measure.AMOUNT, "0.000001", None, []),
        (Measure.AMOUNT, "0.1000000000", None, []),
        (Measure.AMOUNT, "0.0000001", None, ["too_many_decimals"]),
        (Measure.AMOUNT, "NaN", None, ["not_a_number"]),
        (Measure.AMOUNT, "sNaN", None, ["not_a_number"]),
        (Measure.AMOUNT, "-Infinity", None, ["not_a_number"]),
        (Measure.PERCENTAGE, "80", "200", []),
        (Measure.PERCENTAGE, "300", "200", []),
        (Measure.PERCENTAGE, "140", None, []),
        (Measure.PERCENTAGE, "-3", None, []),
        (Measure.PERCENTAGE, "0", "0", []),
        (Measure.PERCENTAGE, "5", "0", ["over_zero"]),
        (Measure.PERCENTAGE, "-5", "0", ["over_zero"]),
        (Measure.PERCENTAGE, "5", "-10", ["denominator_negative"]),
        (Measure.PERCENTAGE, None, "10", ["numerator_missing"]),
        (Measure.PERCENTAGE, "NaN", "Infinity", ["not_a_number", "not_a_number"]),
        (Measure.PERCENTAGE, "1", "0.0000001", ["too_many_decimals"]),
        (Measure.RATIO, "3", "2", []),
        (Measure.RATIO, "3", "0", ["over_zero"]),
        (Measure.YES_NO, "0", None, []),
        (Measure.YES_NO, "1", None, []),
        (Measure.YES_NO, "1.0", None, []),
        (Measure.YES_NO, "2", None, ["not_yes_or_no"]),
        (Measure.YES_NO, "-1", None, ["not_yes_or_no"]),
        (Measure.YES_NO, "0.5", "1", ["denominator_unexpected", "not_yes_or_no"]),
        (Measure.SCALE, "7", None, []),
        (Measure.SCALE, "-7", None, []),
    ],
)
def test_what_is_taken_in(
    measure: Measure, numerator: str | None, denominator: str | None, expected: list[str]
) -> None:
    assert codes(measure, numerator, denominator) == expected


@pytest.mark.parametrize(
    "numerator, denominator, expected",
    [
        ("80", "200", []),
        ("200", "200", []),
        ("201", "200", ["above_denominator"]),
        ("0", "0", []),
        ("1", "0", ["over_zero"]),
        ("-1", "200", ["negative"]),
        ("100", None, []),
        ("140", None, []),
        ("-1", None, []),
    ],
)
def test_a_share_lies_within_its_denominator(numerator: str, denominator: str | None, expected: list[str]) -> None:
    assert codes(Measure.PERCENTAGE, numerator, denominator, is_share=True) == expected


@pytest.mark.parametrize("measure, number", [(Measure.AMOUNT, "-12.5"), (Measure.RATIO, "140"), (Measure.SCALE, "-2")])
def test_what_has_no_parts_is_no_share(measure: Measure, number: str) -> None:
    assert codes(measure, number, is_share=True) == []


@pytest.mark.parametrize("measure", [Measure.SCALE, Measure.QUALITATIVE])
@pytest.mark.parametrize(
    "numerator, lowest, highest, expected",
    [
        ("1", D(1), D(5), []),
        ("5", D(1), D(5), []),
        ("3.5", D(1), D(5), []),
        ("0", D(1), D(5), ["below_scale"]),
        ("6", D(1), D(5), ["above_scale"]),
        ("6", D(1), None, []),
        ("0", None, D(5), []),
    ],
)
def test_a_score_lies_within_its_scale(
    measure: Measure, numerator: str, lowest: D | None, highest: D | None, expected: list[str]
) -> None:
    assert codes(measure, numerator, lowest=lowest, highest=highest) == expected


def test_a_count_that_shows_decimals_takes_them() -> None:
    assert check_value(Measure.COUNT, D("2.5"), decimals=1) == []
    assert check_value(Measure.COUNT, D("2.5")) == [Finding("not_whole", {"value": D("2.5")}, "")]


def test_bounds_are_for_scores_only() -> None:
    assert codes(Measure.COUNT, "6", lowest=D(1), highest=D(5)) == []


def test_a_finding_carries_its_numbers_and_its_cell() -> None:
    assert check_value(Measure.PERCENTAGE, D(5), D(0), cell="sex:f") == [
        Finding("over_zero", {"numerator": D(5), "denominator": D(0)}, "sex:f")
    ]
    assert check_value(Measure.COUNT, D("0.0000001"), cell="sex:f") == [
        Finding("too_many_decimals", {"decimals": 6, "value": D("0.0000001")}, "sex:f")
    ]
