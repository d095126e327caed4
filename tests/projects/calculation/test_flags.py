from datetime import date
from decimal import Decimal as D

import pytest

from projects.calculation.flags import breakdown_does_not_add_up, jump, late, outlier, running_total_falls
from projects.calculation.spread import median, nearest_rank
from projects.calculation.values import Flag, Measure
from tests.factories_calculation import counted


def numbers(*given: int | str) -> list[D]:
    return [D(one) for one in given]


@pytest.mark.parametrize(
    "values, middle",
    [(numbers(7), D(7)), (numbers(9, 1), D(5)), (numbers(9, 1, 4), D(4)), (numbers(4, 1, 2, 3), D("2.5"))],
)
def test_the_median(values: list[D], middle: D) -> None:
    assert median(values) == middle


def test_no_values_have_no_middle_and_no_rank() -> None:
    with pytest.raises(ValueError, match="^no values have no median$"):
        median([])
    with pytest.raises(ValueError, match="^a rank needs values"):
        nearest_rank([], 90)


@pytest.mark.parametrize("percent", [0, 101])
def test_a_rank_is_from_1_to_100(percent: int) -> None:
    with pytest.raises(ValueError, match="^a rank needs values"):
        nearest_rank(numbers(1), percent)


@pytest.mark.parametrize(
    "values, percent, expected",
    [
        (numbers(3), 90, D(3)),
        (numbers(*range(1, 11)), 90, D(9)),
        (numbers(*range(1, 12)), 90, D(10)),
        (numbers(2, 1), 50, D(1)),
        (numbers(2, 1), 100, D(2)),
        (numbers(2, 1), 1, D(1)),
    ],
)
def test_a_rank_is_one_of_the_values(values: list[D], percent: int, expected: D) -> None:
    assert nearest_rank(values, percent) == expected


def test_a_value_far_from_its_history_is_an_outlier() -> None:
    # median 25, median absolute deviation 10: the reach is 3.5 x 10 / 0.6745
    history = numbers(10, 20, 30, 40)
    reach = D(35) / D("0.6745")
    found = outlier(D(200), history, cell="sex:f")
    params = {"value": D(200), "median": D(25), "lowest": D(25) - reach, "highest": D(25) + reach}
    assert found == Flag("outlier", params, "sex:f")


@pytest.mark.parametrize(
    "value, history, limit",
    [
        (76, numbers(10, 20, 30, 40), "3.5"),
        (-26, numbers(10, 20, 30, 40), "3.5"),
        (200, numbers(10, 20, 30), "3.5"),
        (200, numbers(10, 10, 10, 10), "3.5"),
        (200, numbers(10, 20, 30, 40), "20"),
    ],
)
def test_near_short_or_even_histories_flag_nothing(value: int, history: list[D], limit: str) -> None:
    assert outlier(D(value), history, limit=D(limit)) is None


@pytest.mark.parametrize("value", [77, -27])
def test_an_outlier_may_lie_on_either_side(value: int) -> None:
    found = outlier(D(value), numbers(10, 20, 30, 40))
    assert found is not None
    assert found.params["value"] == D(value)


@pytest.mark.parametrize(
    "value, previous, flagged",
    [
        ("30", "10", False),
        ("30.1", "10", True),
        ("0", "10", False),
        ("-10", "10", False),
        ("-10.1", "10", True),
        ("31", "-10", True),
        ("5", "0", False),
        ("5", None, False),
    ],
)
def test_a_jump_is_a_change_beyond_a_share(value: str, previous: str | None, flagged: bool) -> None:
    before = None if previous is None else D(previous)
    expected = Flag("jump", {"value": D(value), "previous": before or D(0)}) if flagged else None
    assert jump(D(value), before) == expected


def test_the_share_of_a_jump_is_a_setting() -> None:
    assert jump(D(16), D(10), share=D("0.5"), cell="sex:m") == Flag(
        "jump", {"value": D(16), "previous": D(10)}, "sex:m"
    )


@pytest.mark.parametrize("value, previous", [(25, 25), (26, 25), (5, None)])
def test_a_running_total_may_stand_or_rise(value: int, previous: int | None) -> None:
    assert running_total_falls(D(value), None if previous is None else D(previous)) is None


def test_a_running_total_that_falls_is_flagged() -> None:
    expected = Flag("running_total_falls", {"value": D(24), "previous": D(25)}, "sex:f")
    assert running_total_falls(D(24), D(25), cell="sex:f") == expected


@pytest.mark.parametrize(
    "women, men, expected",
    [
        (6, 4, []),
        (6, 3, [Flag("breakdown_does_not_add_up", {"dimensions": "sex", "difference": D(1)})]),
        (6, None, [Flag("breakdown_does_not_add_up", {"dimensions": "sex", "difference": D(4)})]),
        (6, 5, [Flag("breakdown_does_not_add_up", {"dimensions": "sex", "difference": D(-1)})]),
        (None, None, []),
    ],
)
def test_a_breakdown_that_does_not_add_up_is_flagged(women: int | None, men: int | None, expected: list[Flag]) -> None:
    cells = dict(zip(("", "sex:f", "sex:m"), counted(10, women, men), strict=True))
    assert breakdown_does_not_add_up(cells, measure=Measure.COUNT, exclusive={"sex"}) == expected


@pytest.mark.parametrize(
    "due, expected",
    [
        (None, None),
        (date(2026, 4, 11), None),
        (date(2026, 4, 10), None),
        (date(2026, 4, 7), Flag("late", {"days": 3})),
    ],
)
def test_what_comes_after_its_day_is_late(due: date | None, expected: Flag | None) -> None:
    assert late(date(2026, 4, 10), due) == expected
