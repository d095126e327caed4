"""Definitions as plain data and what categories became: by both roads; cells in groups; periods told together."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from projects.calculation.cells import format_groups, grouped, parse_groups
from projects.calculation.definition import Change, Definition, Differs, changed, differences, from_snapshot
from projects.calculation.evaluation import leaves_of
from projects.calculation.formula import parse
from projects.calculation.mapping import mapped_cell, remapped
from projects.calculation.periods import PeriodFigures, of_spans
from projects.calculation.recount import Renaming, Said, recount
from projects.calculation.values import NOT_REPORTED, AcrossTime, Measure, RawValue, ValueState, figure
from tests.factories_calculation import counted, raw

BECOMES = {("age", "0-5"): "child", ("age", "6-14"): "child", ("age", "65+"): "", ("sex", "x"): "x"}
NOBODY = {"state": ValueState.NOT_APPLICABLE}


@pytest.mark.parametrize(
    "cell, becomes",
    [
        ("", ""),
        ("age:0-5", "age:child"),
        ("age:0-5|sex:f", "age:child|sex:f"),
        ("age:65+|sex:f", ""),
        ("sex:x", "sex:x"),
        ("place:p", "place:p"),
    ],
)
def test_a_cell_has_the_names_of_now(cell: str, becomes: str) -> None:
    assert mapped_cell(cell, BECOMES) == becomes


def values(*said: tuple[Any, ...]) -> list[RawValue]:
    """Values of one update, each (cell, numerator, denominator) or (cell,) for "not applicable"."""
    return [raw(one[1], one[2], cell=one[0]) if len(one) > 1 else raw(None, cell=one[0], **NOBODY) for one in said]


CASES = [
    (
        [("", 9, None), ("age:0-5", 3, None), ("age:6-14", 2, None)],
        Measure.COUNT,
        {"": (9, None), "age:child": (5, None)},
    ),
    ([("age:0-5", 3, 4), ("age:6-14", 2, 6)], Measure.PERCENTAGE, {"age:child": (5, 10)}),
    ([("age:0-5", 3, None), ("age:6-14", 2, 6)], Measure.PERCENTAGE, {}),
    ([("age:0-5", 3, 4), ("age:6-14", 2, None)], Measure.COUNT, {"age:child": (5, None)}),
    ([("age:0-5", 3, None), ("age:6-14", None, None)], Measure.SCALE, {"age:child": (3, None)}),
    ([("age:65+", 7, None)], Measure.COUNT, {}),
    ([("age:0-5", None, None)], Measure.COUNT, {}),
    ([("age:0-5",), ("age:6-14", 0, 0)], Measure.PERCENTAGE, {"age:child": (0, 0)}),
    ([("age:0-5",)], Measure.COUNT, {"age:child": (None, None)}),
]  # fmt: skip


@pytest.mark.parametrize("said, measure, told", CASES)
def test_values_that_meet_are_one(said: list[Any], measure: Measure, told: dict[str, Any]) -> None:
    made = remapped(values(*said), BECOMES, measure=measure)
    assert {one.cell: (one.numerator, one.denominator) for one in made} == told


def test_without_changes_values_stay() -> None:
    assert remapped(values(("age:0-5", 3, None)), {}, measure=Measure.COUNT) == values(("age:0-5", 3, None))


@pytest.mark.parametrize("said, measure, told", CASES)
@pytest.mark.parametrize("cumulative", [False, True])
def test_the_second_road_agrees(said: list[Any], measure: Measure, told: dict[str, Any], cumulative: bool) -> None:
    moment = raw(0).moment
    plain = [
        Said(1, 1, date(2026, 1, 28), moment, 1, None, one.cell, one.state.value, one.numerator, one.denominator)
        for one in values(*said)
    ]
    renaming = Renaming(BECOMES, adds=measure == Measure.COUNT)
    made = recount([(1, date(2026, 1, 31))], plain, cumulative=cumulative, renaming=renaming)[1]
    numbers = {cell: (top, bottom) for cell, (top, bottom) in told.items() if top and bottom != 0}
    assert {cell: row[:2] for cell, row in made.items() if row[2]} == numbers
    assert set(made) == set(told)


# ---------------------------------------------------------------- definitions
NOW = Definition({"measure": "count", "decimals": 0}, ("age", "sex"), (("age", "0-5", "0-14"),))


def test_a_change_takes_along_what_changed_before() -> None:
    moved = {7: ("2026-01-01", "2026-02-28", None)}
    after = changed(NOW, Change({"decimals": 1}, ("sex", "age", "place"), (("age", "0-14", "child"),), moved))
    assert after.becomes == {("age", "0-5"): "child", ("age", "0-14"): "child"}
    assert (after.dimensions, after.moved, after.facts["decimals"]) == (("age", "place", "sex"), moved, 1)
    assert list(differences(NOW, after)) == [
        Differs("decimals", 0, 1),
        Differs("dimensions", ["age", "sex"], ["age", "place", "sex"]),
        Differs("mappings", [("age", "0-5", "0-14")], [("age", "0-14", "child"), ("age", "0-5", "child")]),
    ]
    assert list(differences(NOW, changed(NOW, Change()))) == []


def test_a_definition_is_kept_as_json_and_read_again() -> None:
    assert from_snapshot(NOW.snapshot()) == NOW
    older = from_snapshot({"facts": {"measure": "count"}})
    assert (older.dimensions, older.mappings, list(differences(older, NOW))[0].name) == ((), (), "dimensions")


# ---------------------------------------------------------------- groups, spans, leaves
def test_groups_of_dimensions() -> None:
    assert parse_groups("age|sex:disability") == [("age", "sex"), ("disability",)]
    assert parse_groups("") == []
    assert format_groups([["sex", "age"], [], ["disability"]]) == "age|sex:disability"
    assert grouped(["age", "sex"], []) == (("age", "sex"),)
    assert grouped([], [["age"]]) == ()
    assert grouped(["sex", "age", "place"], [["sex", "age", "gone"]]) == (("age", "sex"), ("place",))


def test_periods_are_told_together() -> None:
    first, second, other = ((date(2026, one, 1), date(2026, one, 28)) for one in (1, 2, 3))
    rows = [
        PeriodFigures(end, counted(one)[0], counted(9)[0], missing=1, start=start)
        for one, (start, end) in zip((10, 25, 100), (first, second, other), strict=True)
    ]
    made = of_spans(rows, [first, second], AcrossTime.SUM, cumulative=False, measure=Measure.COUNT)
    assert (made.actual, made.target, made.missing) == (counted(35)[0], counted(18)[0], 2)
    nothing = of_spans(rows, [], AcrossTime.SUM, cumulative=False, measure=Measure.COUNT)
    assert (nothing.actual, nothing.missing) == (NOT_REPORTED, 0)


def test_the_leaves_of_a_formula() -> None:
    formulas = {"x": parse("a + b"), "y": parse("z"), "z": parse("y")}
    assert leaves_of(parse("x + c + a"), formulas) == ["a", "b", "c"]
    assert leaves_of(parse("y"), formulas) is None
    assert figure(Measure.FORMULA, D(3)).value == 3
