"""All quality rules on one update, their settings, and the steps of approval: the arithmetic alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from projects.calculation import flags
from projects.calculation.flag_rules import RULES, RuleSetting, Wrong, default_of, settings_of, wrong_settings
from projects.calculation.flagging import Observed, flags_for
from projects.calculation.steps import first_open, in_order
from projects.calculation.values import Direction, Figure, Flag, Measure, figure

DEFAULTS = settings_of({}, measure=Measure.COUNT, is_share=True, evidence_required=False)
ALL_ON = {code: RuleSetting(True, one.numbers) for code, one in DEFAULTS.items()}


def numbers(*given: int | str) -> list[D]:
    return [D(one) for one in given]


# ---------------------------------------------------------------- one rule each
@pytest.mark.parametrize("days, grace, flagged", [(3, 0, True), (3, 2, True), (3, 3, False), (0, 0, False)])
def test_grace_is_given_in_days(days: int, grace: int, flagged: bool) -> None:
    found = flags.late(date(2026, 4, 7 + days), date(2026, 4, 7), grace=D(grace))
    assert found == (Flag("late", {"days": days}) if flagged else None)


@pytest.mark.parametrize(
    "parts, measure, limit",
    [
        ((D(6), D(5)), Measure.RATIO, D(5)),
        ((D(5), D(5)), Measure.RATIO, None),
        ((D(120), D(100)), Measure.PERCENTAGE, D(100)),
        ((D(101), None), Measure.PERCENTAGE, D(100)),
        ((D(100), None), Measure.PERCENTAGE, None),
        ((D(7), None), Measure.RATIO, None),
        ((D(700), None), Measure.COUNT, None),
        ((D(0), D(0)), Measure.RATIO, None),
    ],
)
def test_a_part_above_its_whole(parts: tuple[D, D | None], measure: Measure, limit: D | None) -> None:
    expected = [] if limit is None else [Flag("above_denominator", {"value": parts[0], "denominator": limit}, "sex:f")]
    assert flags.above_denominator({"sex:f": figure(measure, *parts)}, measure=measure) == expected


@pytest.mark.parametrize(
    "value, previous, flagged",
    [(10, 10, True), (-10, -10, True), (9, 9, False), (10, 11, False), (10, None, False), (0, 0, False)],
)
def test_the_very_figure_of_the_period_before(value: int, previous: int | None, flagged: bool) -> None:
    found = flags.equal_to_last(D(value), None if previous is None else D(previous))
    assert found == (Flag("equal_to_last", {"value": D(value)}) if flagged else None)


@pytest.mark.parametrize(
    "value, history, flagged",
    [
        (0, numbers(4, 5, 6), True),
        (0, numbers(4, 5), False),
        (0, numbers(4, 0, 6), False),
        (1, numbers(4, 5, 6), False),
    ],
)
def test_zero_where_never_zero(value: int, history: list[D], flagged: bool) -> None:
    expected = Flag("zero_where_never_zero", {"count": 3, "median": D(5)}) if flagged else None
    assert flags.zero_where_never_zero(D(value), history) == expected


@pytest.mark.parametrize("files, expected", [(0, Flag("evidence_missing", {})), (1, None)])
def test_evidence(files: int, expected: Flag | None) -> None:
    assert flags.evidence_missing(files) == expected


@pytest.mark.parametrize(
    "together, target, elapsed, flagged",
    [
        ("100", "100", "0.3", True),
        ("99", "100", "0.3", False),
        ("100", "100", "0.5", False),
        ("100", None, "0.3", False),
        ("100", "0", "0.3", False),
        ("100", "100", None, False),
    ],
)
def test_a_target_passed_early(together: str, target: str | None, elapsed: str | None, flagged: bool) -> None:
    found = flags.target_passed_early(D(together), target and D(target), elapsed and D(elapsed))  # type: ignore[arg-type]
    expected = Flag("target_passed_early", {"value": D(100), "target": D(100), "percent": D(30)})
    assert found == (expected if flagged else None)


def test_the_share_of_time_counts_both_ends() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert flags.elapsed_share(*year, date(2026, 12, 31)) == 1
    assert flags.elapsed_share(*year, date(2026, 1, 1)) == D(1) / D(365)


@pytest.mark.parametrize(
    "value, others, expected",
    [
        (12, numbers(12, 12, 3), Flag("double", {"value": D(12), "count": 2})),
        (12, numbers(13), None),
        (9, numbers(9), None),
        (12, [], None),
    ],
)
def test_a_figure_of_another_partner(value: int, others: list[D], expected: Flag | None) -> None:
    assert flags.double(D(value), others) == expected


@pytest.mark.parametrize("cumulative, expected", [(False, D(16)), (True, D(10))])
def test_how_far_a_partner_has_come(cumulative: bool, expected: D) -> None:
    assert flags.reached(D(10), numbers(2, 4), cumulative=cumulative) == expected


# ---------------------------------------------------------------- all of them
def observed(total: int | None = 20, **more: Any) -> Observed:
    measure = more.pop("measure", Measure.COUNT)
    base = Observed(
        figures={} if total is None else {"": figure(measure, D(total))},
        measure=measure,
        direction=Direction.ASCENDING,
        cumulative=False,
        exclusive=("sex",),
        submitted_on=date(2026, 4, 1),
        due_on=date(2026, 4, 1),
        rules=ALL_ON,
    )
    return replace(base, **more)


def codes(one: Observed) -> list[str]:
    return [flag.code for flag in flags_for(one)]


@pytest.mark.parametrize(
    "one, expected",
    [
        (observed(), []),
        (observed(None, files=0, others=numbers(20)), []),
        (observed(due_on=date(2026, 3, 1)), ["late"]),
        (observed(90, before=numbers(10, 11, 12, 11)), ["outlier", "jump"]),
        (observed(11, before=numbers(10, 11, 12, 11)), ["equal_to_last"]),
        (observed(0, before=numbers(10, 11, 12)), ["zero_where_never_zero"]),
        (observed(9, before=numbers(10), cumulative=True), ["running_total_falls"]),
        (observed(10, before=numbers(10), cumulative=True), []),
        (observed(figures={"": figure(Measure.COUNT, D(9)), "sex:f": figure(Measure.COUNT, D(4))}),
         ["breakdown_does_not_add_up"]),
        (observed(files=0), ["evidence_missing"]),
        (observed(files=2), []),
        (observed(20, before=numbers(30, 60), target=D(100), elapsed=D("0.2")), ["target_passed_early"]),
        (observed(20, target=D(20), elapsed=D("0.2"), direction=Direction.DESCENDING), []),
        (observed(others=numbers(20)), ["double"]),
        (observed(101, measure=Measure.PERCENTAGE), ["above_denominator"]),
        (observed(50, measure=Measure.PERCENTAGE, before=numbers(50), others=numbers(50)), ["equal_to_last"]),
        (observed(4, measure=Measure.SCALE, before=numbers(4, 4, 4, 4)), []),
    ],
)  # fmt: skip
def test_the_flags_of_an_update_in_their_order(one: Observed, expected: list[str]) -> None:
    assert codes(one) == expected


def test_a_rule_that_is_off_says_nothing() -> None:
    one = observed(0, before=numbers(10, 11, 12), files=0, due_on=date(2026, 3, 1))
    assert codes(one) == ["late", "zero_where_never_zero", "evidence_missing"]
    for code in ("late", "zero_where_never_zero", "evidence_missing"):
        rules = {**ALL_ON, code: RuleSetting(False, ALL_ON[code].numbers)}
        assert codes(replace(one, rules=rules)) == [each for each in codes(one) if each != code]


@pytest.mark.parametrize(
    "kept, one, flagged",
    [
        ({"jump": {"share": "9"}}, observed(90, before=numbers(10)), False),
        ({"jump": {"share": "0.5"}}, observed(16, before=numbers(10)), True),
        ({"equal_to_last": {"least": "5"}}, observed(5, before=numbers(5)), True),
        ({"double": {"least": "50"}}, observed(20, others=numbers(20)), False),
        ({"late": {"days": "40"}}, observed(due_on=date(2026, 3, 1)), False),
        ({"zero_where_never_zero": {"values": "1"}}, observed(0, before=numbers(8)), True),
        ({"target_passed_early": {"share": "0.1"}}, observed(20, target=D(9), elapsed=D("0.2")), False),
        ({"outlier": {"limit": "20"}, "jump": {"on": False}}, observed(60, before=numbers(10, 20, 30, 40)), False),
    ],
)
def test_settings_move_the_rules(kept: dict[str, Any], one: Observed, flagged: bool) -> None:
    rules = settings_of(kept, measure=Measure.COUNT, is_share=True, evidence_required=False)
    assert bool(codes(replace(one, rules=rules))) == flagged


# ---------------------------------------------------------------- settings
@pytest.mark.parametrize(
    "facts, off",
    [
        ((Measure.COUNT, True, False), {"evidence_missing"}),
        ((Measure.RATIO, False, False), {"evidence_missing", "above_denominator"}),
        ((Measure.PERCENTAGE, False, True), set()),
    ],
)
def test_what_is_off_without_a_setting(facts: tuple[Measure, bool, bool], off: set[str]) -> None:
    measure, is_share, required = facts
    found = {
        code
        for code in RULES
        if not default_of(code, measure=measure, is_share=is_share, evidence_required=required).is_on
    }
    assert found == off


@pytest.mark.parametrize(
    "given, wrong",
    [
        ({}, []),
        ({"jump": {"on": False, "share": "3"}, "late": {}}, []),
        ({"nonsense": {}}, [Wrong("nonsense", "unknown_rule")]),
        ({"jump": 3}, [Wrong("jump", "invalid")]),
        ({"jump": {"on": "yes"}}, [Wrong("jump", "invalid")]),
        ({"jump": {"limit": "3"}}, [Wrong("jump/limit", "unknown_number")]),
        ({"jump": {"share": "much"}}, [Wrong("jump/share", "out_of_range", D("0.1"), D(100))]),
        ({"jump": {"share": "101"}}, [Wrong("jump/share", "out_of_range", D("0.1"), D(100))]),
        ({"jump": {"share": "NaN"}}, [Wrong("jump/share", "out_of_range", D("0.1"), D(100))]),
    ],
)
def test_everything_that_is_wrong_with_settings(given: dict[str, Any], wrong: list[Wrong]) -> None:
    assert wrong_settings(given) == wrong


# ---------------------------------------------------------------- steps
@pytest.mark.parametrize(
    "steps, taken, expected",
    [("abc", "", "a"), ("abc", "a", "b"), ("abc", "ac", "b"), ("a", "a", None), ("b", "a", "b")],
)
def test_the_first_step_not_taken(steps: str, taken: str, expected: str | None) -> None:
    assert first_open(list(steps), set(taken)) == expected


@pytest.mark.parametrize(
    "steps, fits", [("a", True), ("ac", True), ("abc", True), ("", False), ("ba", False), ("aa", False), ("x", False)]
)
def test_steps_in_their_order(steps: str, fits: bool) -> None:
    assert in_order(list(steps), "abc") == fits


def test_a_figure_without_a_number_is_only_late() -> None:
    words = Figure(figure(Measure.QUALITATIVE, None, None, "Better").state, text="Better")
    assert codes(observed(measure=Measure.QUALITATIVE, figures={"": words}, due_on=date(2026, 3, 1))) == ["late"]
