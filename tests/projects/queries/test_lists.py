"""Facts beside the names in lists, money, workplan, history, references, code lists."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from kmop.shared.countries import country_choices, country_codes, country_name
from projects.models import BudgetLine, Expense, Project, Risk
from projects.queries.categories import dimensions
from projects.queries.facts import project_facts
from projects.queries.framework import CategoryFacts, DimensionFacts
from projects.queries.history import history
from projects.queries.money import money
from projects.queries.references import find_period, period_days
from projects.queries.workplan import workplan
from projects.services.projects import change_project, publish_project
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_partnership,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 2)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_facts_of_many_projects(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_partnership(cast.project, cast.kmop, reports=False, role="funding")
    for projects in ([cast.project], [cast.project, cast.other]):
        with django_assert_num_queries(7):
            found = project_facts(projects, day=DAY)
    facts = found[cast.project.pk]
    assert (facts.countries, found[cast.other.pk].countries) == (["GR"], ["IT"])
    assert [one.organisation for one in facts.funders] == [cast.kmop]
    assert found[cast.other.pk].funders == []


def line(project: Project, code: str, amount: int, currency: str = "EUR") -> BudgetLine:
    """A budget line."""
    return BudgetLine.objects.create(
        project=project, code=code, titles={"en": code}, amount=Decimal(amount), currency=currency
    )


def spend(of: BudgetLine, amount: str, in_project: str | None) -> None:
    """An expense, with its amount in the project's currency where there is a rate."""
    Expense.objects.create(line=of, on=DAY, amount=Decimal(amount), currency="EUR", amount_project=in_project)


def test_no_rate_no_total(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = line(cast.project, "1", 900)
    line(cast.project, "2", 100)
    spend(first, "0.1", "0.1")
    spend(first, "0.2", "0.2")
    line(cast.other, "1", 50)
    foreign = line(cast.other, "2", 70, "USD")
    spend(foreign, "9", None)
    with django_assert_num_queries(2):
        found = money([cast.project, cast.other], day=DAY)
    told, other = found[cast.project.pk], found[cast.other.pk]
    assert (told.budget, told.spent, told.without_rate, told.share) == (1000, Decimal("0.3"), 0, Decimal("0.0003"))
    assert told.planned == Decimal(183) / Decimal(365)
    assert (other.budget, other.spent, other.without_rate, other.budget_other) == (None, None, 1, {"USD": 70})
    assert other.share is None
    cast.other.starts_on = None
    empty = money([cast.other], day=DAY)[cast.other.pk]
    assert empty.planned is None


def test_nothing_planned_has_no_share(cast: Cast) -> None:
    told = money([cast.project], day=date(2020, 1, 1))[cast.project.pk]
    assert (told.budget, told.spent, told.share, told.planned) == (0, 0, None, 0)


def test_work_that_is_late_comes_next_or_is_done(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    def add(code: str, ends_on: date, state: str) -> Any:
        return cast.project.milestones.create(code=code, titles={"en": code}, ends_on=ends_on, state=state)

    late, soon = add("L", date(2026, 7, 1), "running"), add("N", date(2026, 7, 2), "planned")
    add("D", date(2026, 1, 1), "done")
    add("X", date(2026, 1, 1), "dropped")
    for title, likelihood, review_on in (("small", 1, DAY), ("big", 5, None)):
        Risk.objects.create(project=cast.project, title=title, likelihood=likelihood, impact=3, review_on=review_on)
    Risk.objects.create(project=cast.project, title="past", likelihood=5, impact=5, closed_on=DAY)
    with django_assert_num_queries(4):
        found = workplan([cast.project, cast.other], day=DAY)
    told = found[cast.project.pk]
    assert (told.late, told.next, told.done, told.total) == ([late], [soon], 1, 3)
    assert ([one.title for one in told.risks], told.risks_to_review) == (["big", "small"], 1)
    assert found[cast.other.pk].total == 0


def test_history_names_actors_and_acts_newest_first(cast: Cast) -> None:
    publish_project(project=cast.project, by=cast.alice)
    change_project(project=cast.project, changes={"due_days": 20}, by=fresh_project_manager(cast))
    lines = history([cast.project])
    assert [(one.actor, one.label, one.facts) for one in lines] == [
        ("Alice", "Project changed", {"changed": ["due_days"]}),
        ("Alice", "Project published", {}),
    ]
    assert history([]) == []
    with translation.override("en"):
        assert history([cast.project], limit=1)[0].action == "project.changed"


def fresh_project_manager(cast: Cast) -> Any:
    """Alice, and the project as it lies in the database."""
    cast.project.refresh_from_db()
    return cast.alice


# ---------------------------------------------------------------- references
def test_id_and_code_name_the_same_period(cast: Cast) -> None:
    for reference in (cast.period.pk, str(cast.period.pk), "2026-01/2026-01", "2026-01-01/2026-01-31"):
        assert find_period(reference, cast.indicator.periods.all()) == cast.period
    for nothing in ("", "nope", "9" * 30, "-1", "²", None):
        assert find_period(nothing, cast.indicator.periods.all()) is None


@pytest.mark.parametrize("code", ["2026-13/2026-01", "2026-01", "a/b", "2026-01-32/2026-02-01"])
def test_what_is_no_period_has_no_days(code: str) -> None:
    assert period_days(code) is None


def test_period_codes_of_months_and_of_days() -> None:
    assert period_days("2026-08/2027-02") == (date(2026, 8, 1), date(2027, 2, 28))
    assert period_days("2026-08-05/2026-10-04") == (date(2026, 8, 5), date(2026, 10, 4))


# ---------------------------------------------------------------- code lists
def test_dimensions_with_their_categories(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_dimension("sex")
    with django_assert_num_queries(2):
        found = {one.code: [each.code for each in one.categories.all()] for one in dimensions()}
    assert found["sex"] == ["female", "male", "other", "not_stated"]
    facts = DimensionFacts("x", {"en": "X", "el": "Χ"}, True, (CategoryFacts("y", {"en": "Y"}),))
    with translation.override("el"):
        assert (facts.title, facts.categories[0].title) == ("Χ", "Y")


def test_countries_in_the_reader_s_language() -> None:
    assert [country_name("GR", one) for one in ("en", "el", "ar", "xx", "?")] == [
        "Greece",
        "Ελλάδα",
        "اليونان",
        "Greece",
        "Greece",
    ]
    assert country_name("ZZ9") == "ZZ9"
    assert "XK" in country_codes()
    with translation.override("el"):
        choices = country_choices()
    assert (len(choices), dict(choices)["CY"]) == (250, "Κύπρος")
