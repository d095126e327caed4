"""Formulas as trees: reading, limits, circles, writing. Figures and units: the tables of docs/indicators.md."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calculation.evaluation import evaluate, rounded
from projects.calculation.formula import (
    MOST_DEEP,
    MOST_SIGNS,
    MOST_TOKENS,
    Call,
    FormulaFault,
    Name,
    Negative,
    Node,
    Number,
    Operation,
    circle,
    names_of,
    parse,
    renamed,
    written,
)
from projects.calculation.values import Figure, Measure, Reason, ValueState, figure


def test_a_formula_becomes_a_tree() -> None:
    assert parse("round(-[1.1] + 2 * x, 1)") == Call(
        "round",
        (Operation("+", Negative(Name("1.1")), Operation("*", Number("2"), Name("x"))),),
        1,
    )
    assert [(one.code, one.at) for one in names_of(parse(" a + [ b-1 ] / a"))] == [("a", 2), ("b-1", 6)]


@pytest.mark.parametrize(
    "text, code",
    [
        ("1" * (MOST_SIGNS + 1), "too_long"),
        ("+".join("a" * (MOST_TOKENS // 2 + 1)), "too_long"),
        ("(" * (MOST_DEEP + 2) + "a" + ")" * (MOST_DEEP + 2), "too_deep"),
        ("-" * (MOST_DEEP + 2) + "a", "too_deep"),
    ],
)
def test_what_is_too_long_or_too_deep_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormulaFault) as caught:
        parse(text)
    assert caught.value.code == code


def test_the_longest_formulas_are_computed() -> None:
    text = "+".join("a" * (MOST_TOKENS // 2))
    assert evaluate(parse(text), {"a": figure(Measure.COUNT, D(2))}).figure.value == MOST_TOKENS
    deep = "(" * MOST_DEEP + "a" + ")" * MOST_DEEP
    assert evaluate(parse(deep), {"a": figure(Measure.COUNT, D(2))}).figure.value == 2


@pytest.mark.parametrize(
    "uses, path",
    [
        ({"1.1": ["1.1"]}, ["1.1", "1.1"]),
        ({"1.1": ["1.3"], "1.3": ["1.1"]}, ["1.1", "1.3", "1.1"]),
        ({"1.1": ["x", "1.2"], "1.2": ["1.3", "x"], "1.3": ["x", "1.1"]}, ["1.1", "1.2", "1.3", "1.1"]),
        ({"1.1": ["1.2"], "1.2": ["1.3"], "1.3": ["1.2"]}, []),
        ({"1.1": ["x", "y"]}, []),
    ],
)
def test_a_circle_is_told_with_its_path(uses: dict[str, list[str]], path: list[str]) -> None:
    assert circle("1.1", uses) == path


@pytest.mark.parametrize(
    "text, told",
    [
        ("a+b*c", "[a] + [b] * [c]"),
        ("(a+b)*c", "([a] + [b]) * [c]"),
        ("a-(b-c)", "[a] - ([b] - [c])"),
        ("(a-b)-c", "[a] - [b] - [c]"),
        ("a/(b*c)", "[a] / ([b] * [c])"),
        ("-(a+b)", "-([a] + [b])"),
        ("Sum(a, max(b, 1.50))", "sum([a], max([b], 1.50))"),
        ("round(a) + ROUND(b, 2)", "round([a]) + round([b], 2)"),
    ],
)
def test_a_formula_is_written_with_the_parentheses_it_needs(text: str, told: str) -> None:
    assert written(parse(text)) == told


def test_a_formula_is_written_with_the_numbers_put_in_and_follows_new_codes() -> None:
    assert written(parse("a / [1.2]"), {"a": "372", "1.2": "6"}.__getitem__) == "372 / 6"
    assert renamed("a / b + b", {"b": "1.2"}) == "[a] / [1.2] + [1.2]"


A, B = (figure(Measure.COUNT, D(one)) for one in (1, 3))


def test_a_formula_over_formulas_is_exact_and_names_what_lacks_at_the_bottom() -> None:
    formulas = {"third": parse("a / b"), "more": parse("third + third")}
    assert evaluate(parse("(more + third) * b"), {"a": A, "b": B}, formulas).figure.value == 3
    made = evaluate(parse("more + third + c"), {"a": A}, formulas)
    assert (made.figure.state, made.lacking) == (ValueState.NOT_REPORTED, ("b", "c"))


def test_formulas_in_a_circle_give_no_figure() -> None:
    made = evaluate(parse("x"), {}, {"x": parse("y + 1"), "y": parse("x")})
    assert made.figure == Figure(ValueState.NOT_APPLICABLE, reason=Reason.CIRCLE)


def test_a_long_chain_of_formulas_is_computed() -> None:
    formulas = {f"f{number}": parse(f"f{number - 1} + 1") for number in range(1, 201)}
    assert evaluate(parse("f200"), {"f0": A}, formulas).figure.value == 201


def test_words_are_no_number() -> None:
    made = evaluate(parse("a"), {"a": figure(Measure.QUALITATIVE, None, text="Better")})
    assert (made.figure.reason, made.lacking) == (Reason.INPUT, ("a",))


# ---------------------------------------------------------------- for all formulas
leaves = st.one_of(
    st.sampled_from(["a", "1.1", "b-2"]).map(Name),
    st.integers(0, 999).map(lambda one: Number(str(one))),
)


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
        st.builds(Call, st.sampled_from(["sum", "min", "max"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Call, st.just("round"), st.tuples(inner), st.integers(0, 6)),
    )


trees = st.recursive(leaves, larger, max_leaves=8)


@given(trees)
def test_what_is_written_is_read_as_it_was(tree: Node) -> None:
    assert parse(written(tree)) == tree


def faults(text: str) -> list[int]:
    """Where a text is wrong; nothing where it can be read."""
    try:
        parse(text)
    except FormulaFault as fault:
        return [fault.at]
    return []


@given(st.text("ab1.2[]()+-*/,^ ", max_size=20))
def test_any_text_is_read_or_told_where_it_is_wrong(text: str) -> None:
    assert all(1 <= at <= len(text) + 1 for at in faults(text))
    if not faults(text):
        assert faults(written(parse(text))) == []


@given(trees, st.integers(-50, 50), st.integers(0, 50))
def test_a_figure_has_a_number_or_says_why(tree: Node, one: int, other: int) -> None:
    said = {"a": figure(Measure.AMOUNT, D(one)), "1.1": figure(Measure.AMOUNT, D(other)), "b-2": A}
    made = evaluate(tree, said).figure
    assert (made.value is not None) == (made.reason == Reason.UNSAID)


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_by_half_a_step_at_most_and_the_same_below_zero(value: D, places: int) -> None:
    made = rounded(value, places)  # type: ignore[arg-type]
    assert abs(made - value) * 10**places * 2 <= 1
    assert rounded(-value, places) == -made  # type: ignore[arg-type]
