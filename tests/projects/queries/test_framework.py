"""The framework tree: figures, missing partners, plan and verdict, in a fixed number of statements."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from projects.calculation.progress import PlanAnswer, ProjectVerdict, Verdict
from projects.calculation.values import NOT_REPORTED, ValueState
from projects.choices import ResultLevel, UpdateState
from projects.models import Baseline, Dimension, Indicator, Project
from projects.queries.course import course
from projects.queries.framework import framework, public_framework
from projects.services.rollup import roll_up_indicators
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_place,
    make_result,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def rich(project: Project, code: str, organisation: Any) -> Indicator:
    """An indicator with two months, targets, values by sex, and a baseline."""
    indicator = make_indicator(project, code, dimensions=[make_dimension("sex")])
    Baseline.objects.create(indicator=indicator, numerator=Decimal(0), year=2025)
    for month in (1, 2):
        period = make_period(indicator, month)
        make_target(indicator, 10, period)
        make_target(indicator, 6, period, cell="sex:female")
        update = make_update(period, organisation, {"": 9 + month, "sex:female": 7})
        make_obligation(period, organisation, update=update)
    roll_up_indicators([indicator.pk])
    return indicator


def test_the_tree_holds_results_indicators_and_periods(cast: Cast) -> None:
    impact = make_result(cast.project, "0", level=ResultLevel.IMPACT, order=1)
    outcome = make_result(cast.project, "1")
    outcome.parent, outcome.order = impact, 2
    outcome.save()
    output = make_result(cast.project, "1.a", level=ResultLevel.OUTPUT, parent=outcome, order=3)
    rich(cast.project, "2.1", cast.a)
    make_indicator(cast.project, "3.1", result=output)
    tree = framework(cast.project, user=cast.bob, day=DAY)
    assert [(one.result.code, one.depth, one.title) for one in tree.results] == [
        ("0", 0, "Result 0"),
        ("1", 1, "Result 1"),
        ("1.a", 2, "Result 1.a"),
    ]
    assert [one.result.code for one in tree.roots] == ["0"]
    assert [one.indicator.code for one in tree.indicators] == ["1.1", "2.1", "3.1"]
    node = tree.indicators[1]
    assert node.title == "Indicator 2.1"
    [sex] = node.dimensions
    assert (sex.code, sex.is_exclusive, [one.code for one in sex.categories][:2]) == ("sex", True, ["female", "male"])
    facts = node.facts
    assert [one.code for one in facts.periods] == ["2026-01/2026-01", "2026-02/2026-02"]
    assert [(one.actual.value, one.target.value, one.count) for one in facts.periods] == [
        (Decimal(10), Decimal(10), 1),
        (Decimal(11), Decimal(10), 1),
    ]
    assert facts.periods[0].cells["sex:female"].value == Decimal(7)
    assert facts.periods[0].cell_targets["sex:female"].value == Decimal(6)
    assert (facts.actual.value, facts.target.value) == (Decimal(21), Decimal(20))
    assert (facts.baseline.value, facts.baseline_year) == (Decimal(0), 2025)
    assert facts.progress.percent == Decimal(105)
    assert (facts.plan.day, facts.verdict) == (date(2026, 2, 28), Verdict.AT_OR_ABOVE)
    assert facts.last_reported is facts.periods[1]
    assert tree.verdict == ProjectVerdict(1, 1, 0, PlanAnswer.YES)


def test_a_missing_partner_is_named_and_hinders_the_verdict(cast: Cast) -> None:
    indicator = rich(cast.project, "2.1", cast.a)
    period = indicator.periods.get(starts_on=date(2026, 2, 1))
    draft = make_update(period, cast.b, 3, state=UpdateState.SUBMITTED)
    make_obligation(period, cast.b, update=draft, place=make_place("SHELTER", is_protected=True))
    make_obligation(period, cast.kmop, place=make_place("GR-I"))
    tree = framework(cast.project, user=cast.alice, day=DAY)
    facts = tree.indicators[1].facts
    assert [(one.organisation_code, one.place) for one in facts.periods[1].missing] == [("B", ""), ("KMOP", "GR-I")]
    assert (facts.plan.missing, facts.verdict) == (2, Verdict.INCOMPLETE)
    assert tree.verdict == ProjectVerdict(0, 1, 1, PlanAnswer.INCOMPLETE)
    assert course([cast.project, cast.other], day=DAY) == {
        cast.project.pk: tree.verdict,
        cast.other.pk: ProjectVerdict(0, 0, 0, PlanAnswer.NO_PLAN),
    }


def test_a_running_total_is_not_carried_into_the_future(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "C", is_cumulative=True, across_time="latest")
    for month in (1, 3, 4):
        make_period(indicator, month)
    make_target(indicator, 100)
    make_target(indicator, 50, cell="sex:male")
    indicator.dimensions.add(Dimension.objects.create(code="bare", titles={"en": "Bare"}))
    make_update(indicator.periods.first(), cast.a, 40)
    roll_up_indicators([indicator.pk])
    facts = framework(cast.project, user=cast.alice, day=DAY).indicators[1].facts
    assert [one.actual.value for one in facts.periods] == [Decimal(40), Decimal(40), None]
    assert facts.periods[2].actual == NOT_REPORTED
    assert (facts.target.value, facts.progress.percent) == (Decimal(100), Decimal(40))


def test_words_and_impossible_parts_of_old_files_are_kept_as_words(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "W", measure="percentage")
    period = make_period(indicator)
    Baseline.objects.create(indicator=indicator, text="about half")
    make_target(indicator, 5, period, denominator=Decimal(0))
    facts = framework(cast.project, user=cast.alice, day=DAY).indicators[1].facts
    assert (facts.baseline.state, facts.baseline.text) == (ValueState.REPORTED, "about half")
    assert facts.periods[0].target.text == "5/0"
    assert facts.last_reported is None


def test_strangers_see_nothing_though_there_is_something(cast: Cast) -> None:
    rich(cast.project, "2.1", cast.a)
    for user in (cast.carol, cast.dora, cast.sofia):
        tree = framework(cast.project, user=user, day=DAY)
        assert (tree.results, tree.indicators) == ([], [])
    assert public_framework(cast.project, day=DAY).results == []
    cast.project.is_published = True
    cast.project.save()
    assert [one.indicator.code for one in public_framework(cast.project, day=DAY).indicators] == ["1.1", "2.1"]


@pytest.mark.parametrize("count", [1, 4])
def test_the_tree_takes_eight_statements(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        rich(cast.project, f"2.{number}", cast.a)
    alice = fresh(cast.alice)
    assert alice.portal_roles == frozenset()
    with django_assert_num_queries(8):
        framework(cast.project, user=alice, day=DAY)
    with django_assert_num_queries(5):
        course([cast.project, cast.other], day=DAY)


@pytest.mark.parametrize(
    "state, days, owed",
    [
        (None, 0, []),
        (None, -1, ["A"]),
        (UpdateState.DRAFT, -1, ["A"]),
        (UpdateState.RETURNED, -1, ["A"]),
        (UpdateState.SUBMITTED, -1, []),
        (UpdateState.APPROVED, -1, []),
    ],
)
def test_a_figure_is_overdue_when_its_due_day_is_over_and_the_partner_sent_nothing(
    cast: Cast, state: str | None, days: int, owed: list[str]
) -> None:
    update = make_update(cast.period, cast.a, 3, state=state) if state else None
    make_obligation(cast.period, cast.a, update=update, due_on=DAY + timedelta(days=days))
    tree = framework(cast.project, user=cast.alice, day=DAY)
    assert [one.organisation for one in tree.overdue] == [f"Organisation {one}" for one in owed]


def test_the_longest_due_stands_first(cast: Cast) -> None:
    later = make_period(cast.indicator, 2)
    make_obligation(later, cast.a, due_on=date(2026, 3, 9))
    make_obligation(cast.period, cast.a, due_on=date(2026, 3, 1))
    overdue = framework(cast.project, user=cast.alice, day=DAY).overdue
    assert [(one.due_on, one.period) for one in overdue] == [
        (date(2026, 3, 1), cast.period.code),
        (date(2026, 3, 9), later.code),
    ]
