"""Formula indicators: figures per period, cell and whole life, plan and verdict; what is missing; statements."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from projects.calculation.progress import Verdict
from projects.calculation.values import Figure, Reason, ValueState
from projects.models import Baseline, Indicator
from projects.queries.course import course
from projects.queries.figures import IndicatorFacts, figures_of
from projects.queries.framework import framework
from projects.queries.results import cells_to_date
from projects.services.recomputation import compare
from projects.services.rollup import roll_up_indicators
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def told(cast: Cast, code: str, *values: Any, months: int = 1, **fields: Any) -> Indicator:
    """An indicator with one approved update of A in each period from January on; None reports nothing."""
    row = make_indicator(cast.project, code, **fields)
    for number, value in enumerate(values):
        period = make_period(row, 1 + number * months, months=months)
        if value is not None:
            make_obligation(period, cast.a, update=make_update(period, cast.a, value))
    roll_up_indicators([row.pk])
    return row


def formula(cast: Cast, code: str, text: str, *months: int, each: int = 1, **fields: Any) -> Indicator:
    """A formula with periods that begin in these months."""
    row = make_indicator(cast.project, code, measure="formula", formula=text, across_partners="none", **fields)
    for month in months:
        make_period(row, month, months=each)
    return row


def facts_of(row: Indicator) -> IndicatorFacts:
    return figures_of([row], day=DAY)[row.pk]


def numbers(facts: IndicatorFacts) -> list[D | None]:
    return [one.actual.value for one in facts.periods]


def test_figures_of_each_period_and_of_the_whole_life_are_made_from_the_inputs(cast: Cast) -> None:
    told(cast, "money", 100, 300, 50, measure="amount")
    told(cast, "people", 10, 10, 30)
    row = formula(cast, "cost", "money / people", 1, 2, 3)
    facts = facts_of(row)
    assert numbers(facts) == [10, 30, D(50) / 30]
    assert facts.actual.value == 9  # 450 / 50, neither a sum nor a mean of the periods
    assert facts.last_reported is facts.periods[2]
    assert (facts.lacking, facts.formula.inputs) == ((), ["money", "people"])  # type: ignore[union-attr]


def test_a_running_total_enters_as_its_latest(cast: Cast) -> None:
    told(cast, "all", 10, 25, is_cumulative=True, across_time="latest")
    told(cast, "few", 1, 4)
    facts = facts_of(formula(cast, "left", "[all] - [few]", 1, 2))
    assert (numbers(facts), facts.actual.value) == ([9, 21], 20)


def test_cells_that_every_input_has_are_computed(cast: Cast) -> None:
    sex = [make_dimension("sex")]
    told(cast, "a", {"": 10, "sex:female": 6, "sex:male": 4}, {"": 10, "sex:female": 5}, dimensions=sex)
    told(cast, "b", {"": 20, "sex:female": 8}, {"": 5, "sex:female": 1, "sex:male": 4}, dimensions=sex)
    facts = facts_of(formula(cast, "f", "a / b", 1, 2, dimensions=sex))
    assert [{cell: one.value for cell, one in each.cells.items()} for each in facts.periods] == [
        {"sex:female": D("0.75")},
        {"sex:female": 5},
    ]
    whole = cells_to_date(facts)
    assert {cell: one.value for cell, one in whole.items()} == {"sex:female": D(11) / 9, "sex:male": 1}
    assert cells_to_date(facts_of(formula(cast, "g", "a + 1 + nobody", 1))) == {}
    assert cells_to_date(facts_of(formula(cast, "h", "2 * 3", 1))) == {}


def test_what_is_missing_is_named_and_hinders(cast: Cast) -> None:
    told(cast, "a", 10, 10)
    late = told(cast, "b", 5, None)
    make_obligation(late.periods.get(starts_on=date(2026, 2, 1)), cast.b)
    row = formula(cast, "f", "a + b", 1, 2)
    for period in row.periods.all():
        make_target(row, 10, period)
    Baseline.objects.create(indicator=row, numerator=D(0))
    facts = facts_of(row)
    assert numbers(facts) == [15, None]
    second = facts.periods[1]
    assert (second.actual.state, second.lacking) == (ValueState.NOT_REPORTED, ("b",))
    assert [one.organisation_code for one in second.missing] == ["B"]
    assert (facts.actual.value, facts.plan.missing, facts.verdict) == (25, 1, Verdict.INCOMPLETE)


def test_states_travel_from_the_inputs(cast: Cast) -> None:
    told(cast, "a", 10)
    told(cast, "none", (0, 0), measure="percentage", across_partners="weighted_ratio", across_time="latest")
    told(cast, "zero", 0)
    for text, state, reason, lacking in (
        ("a / zero", "not_applicable", Reason.DIVIDED_BY_ZERO, ()),
        ("a + none", "not_applicable", Reason.INPUT, ("none",)),
        ("a + nobody", "not_reported", Reason.INPUT, ("nobody",)),
        ("a +", "not_applicable", Reason.METHOD, ()),
    ):
        row = formula(cast, text.replace(" ", ""), text, 1)
        facts = facts_of(row)
        assert (facts.actual.state.value, facts.actual.reason, facts.lacking) == (state, reason, lacking)
    circle = formula(cast, "x", "y + 1", 1)
    formula(cast, "y", "x + 1", 1)
    assert facts_of(circle).actual == Figure(ValueState.NOT_APPLICABLE, reason=Reason.METHOD)


def test_other_periods_are_put_together_or_told(cast: Cast) -> None:
    told(cast, "monthly", 1, 2, 3)
    told(cast, "quarterly", 60, months=3)
    facts = facts_of(formula(cast, "f", "quarterly / monthly", 1, each=3))
    assert numbers(facts) == [10]
    finer = facts_of(formula(cast, "g", "quarterly / monthly", 1, 2))
    assert [(one.actual.reason, one.lacking) for one in finer.periods] == [(Reason.PERIODS, ("quarterly",))] * 2
    assert finer.actual.value == 10


def test_of_plan_compares_the_inputs_to_the_same_day(cast: Cast) -> None:
    told(cast, "a", 10, 20, 30, 40)
    row = formula(cast, "f", "a * 2", 1, 2, 3, across_time="sum")
    make_target(row, 40, row.periods.get(starts_on=date(2026, 1, 1)))
    make_target(row, 40, row.periods.get(starts_on=date(2026, 2, 1)))
    Baseline.objects.create(indicator=row, numerator=D(0))
    plan = facts_of(row).plan
    assert (plan.day, plan.actual.value, plan.target.value) == (date(2026, 2, 28), 60, 80)
    assert plan.progress.value == D("0.75")
    alone = facts_of(Indicator(**{**vars_of(row), "across_time": "none"})).plan
    assert (alone.actual.value, alone.target.value) == (40, 40)


def vars_of(row: Indicator) -> dict[str, Any]:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}


def test_a_plan_whose_day_cuts_through_an_input_says_so(cast: Cast) -> None:
    told(cast, "quarterly", 60, months=3)
    row = formula(cast, "f", "quarterly * 1", 1, each=2)
    make_target(row, 40, row.periods.get())
    assert facts_of(row).plan.actual.reason == Reason.PERIODS
    told(cast, "both", 5, 6)
    make_period(Indicator.objects.get(code="both"), 1, months=3)
    row = formula(cast, "g", "both * 1", 1, each=2)
    make_target(row, 40, row.periods.get())
    assert facts_of(row).plan.actual.value == 11


def test_formulas_over_formulas(cast: Cast) -> None:
    told(cast, "a", 1, 1)
    told(cast, "b", 3, 3)
    formula(cast, "third", "a / b")
    facts = facts_of(formula(cast, "one", "third * 3", 1, 2))
    assert (numbers(facts), facts.actual.value) == ([1, 1], 1)
    assert (facts.formula.inputs, facts.formula.leaves) == (["third"], ("a", "b"))  # type: ignore[union-attr]


def test_a_formula_of_another_project_is_another_one(cast: Cast) -> None:
    told(cast, "a", 10)
    other = make_indicator(cast.other, "a")
    make_period(other)
    there = make_indicator(cast.other, "f", measure="formula", formula="a * 2", across_partners="none")
    here = formula(cast, "f", "a * 2")
    found = figures_of([here, there], day=DAY)
    assert [found[one.pk].actual.state.value for one in (here, there)] == ["reported", "not_reported"]


def test_running_periods_that_have_not_begun_stay_empty(cast: Cast) -> None:
    told(cast, "a", 1, 2)
    facts = facts_of(formula(cast, "f", "a + 1", 1, 11))
    assert numbers(facts) == [2, None]
    assert facts.periods[1].lacking == ()


@pytest.mark.parametrize("count", [1, 4])
def test_the_statements_are_the_same_whatever_the_number(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told(cast, "a", 10)
    rows = [formula(cast, f"f{number}", "a * 2 + f0" if number else "a * 2", 1) for number in range(count)]
    with django_assert_num_queries(5):
        figures_of(rows, day=DAY)
    with django_assert_num_queries(8):
        tree = framework(cast.project, user=cast.alice, day=DAY)
    assert len(tree.indicators) == count + 2
    with django_assert_num_queries(5):
        course([cast.project], day=DAY)


def test_the_second_road_leaves_formulas_alone(cast: Cast) -> None:
    told(cast, "a", 10)
    formula(cast, "f", "a * 2", 1)
    assert compare().differences == ()
