"""Lines of money up to a day, the team by role, and where the plan stands between baseline and target."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from projects.choices import PartnershipRole
from projects.models import Baseline, BudgetLine, Expense
from projects.queries.figures import figures_of
from projects.queries.money_lines import Spending
from reports.queries.project_progress import LineSpending, Team, spending, team
from tests.factories import (
    make_indicator,
    make_organisation,
    make_partnership,
    make_period,
    make_project,
    make_target,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def test_spending_by_line_counts_expenses_up_to_the_day_and_tells_nothing_without_a_rate() -> None:
    project = make_project()
    staff, food, rent = (
        BudgetLine.objects.create(project=project, code=code, titles={"en": name}, amount=D(100), currency=currency)
        for code, name, currency in (("1", "Staff", "EUR"), ("2", "Food", "EUR"), ("3", "Rent", "USD"))
    )
    for day, amount in ((date(2026, 1, 1), D("10.5")), (DAY, D(1)), (date(2026, 11, 25), D(99))):
        Expense.objects.create(line=staff, on=day, amount=D(1), currency="EUR", amount_project=amount)
    for rated in (D(7), None):
        Expense.objects.create(line=food, on=DAY, amount=D(1), currency="USD", amount_project=rated)

    assert spending(project, day=DAY) == [
        LineSpending("1", "Staff", Spending("1 Staff", D(100), "EUR", D("11.5"), 0, staff.pk)),
        LineSpending("2", "Food", Spending("2 Food", D(100), "EUR", None, 1, food.pk)),
        LineSpending("3", "Rent", Spending("3 Rent", D(100), "USD", None, 0, rent.pk)),
    ]


def test_the_team_by_role() -> None:
    project = make_project()
    for code, role in (("K", PartnershipRole.COORDINATOR), ("A", PartnershipRole.IMPLEMENTING), ("F", "funding")):
        make_partnership(project, make_organisation(code), role=role)

    assert team(project) == Team(["Organisation K"], ["Organisation A"], ["Organisation F"])


def test_the_plan_between_baseline_and_target() -> None:
    indicator = make_indicator(make_project())
    Baseline.objects.create(indicator=indicator, numerator=D(100))
    make_target(indicator, 500)
    make_target(indicator, 200, make_period(indicator, 1))
    make_target(indicator, 300, make_period(indicator, 12))  # not closed yet

    assert figures_of([indicator], day=DAY)[indicator.pk].plan_share == D("0.25")


def test_without_a_plan_nothing_is_said() -> None:
    indicator = make_indicator(make_project())
    make_target(indicator, 500)

    assert figures_of([indicator], day=DAY)[indicator.pk].plan_share is None


def test_one_statement_each(django_assert_num_queries: Any) -> None:
    project = make_project()
    for number in range(4):
        BudgetLine.objects.create(project=project, code=str(number), titles={}, amount=D(1), currency="EUR")
        make_partnership(project, make_organisation(f"O{number}"))

    with django_assert_num_queries(2):
        spending(project, day=DAY)
        team(project)
