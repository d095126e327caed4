"""Lines of money up to a day, the team by role, and where the plan stands between baseline and target."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from projects.choices import PartnershipRole
from projects.models import Baseline, BudgetLine, Expense
from projects.queries.figures import figures_of
from reports.queries.project_progress import Spending, Team, planned_share, spending, team
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


def test_spending_by_line_counts_expenses_up_to_the_day_that_have_a_rate() -> None:
    project = make_project()
    line = BudgetLine.objects.create(project=project, code="1", titles={"en": "Staff"}, amount=D(100), currency="EUR")
    BudgetLine.objects.create(project=project, code="2", titles={"en": "Rent"}, amount=D(50), currency="USD")
    for day, amount in ((date(2026, 1, 1), D("10.5")), (DAY, D(1)), (date(2026, 11, 25), D(99)), (DAY, None)):
        Expense.objects.create(line=line, on=day, amount=D(1), currency="EUR", amount_project=amount)

    assert spending(project, until=DAY) == [
        Spending("1", "Staff", D(100), "EUR", D("11.5")),
        Spending("2", "Rent", D(50), "USD", D(0)),
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

    assert planned_share(figures_of([indicator], day=DAY)[indicator.pk]) == D("0.25")


def test_without_a_plan_nothing_is_said() -> None:
    indicator = make_indicator(make_project())
    make_target(indicator, 500)

    assert planned_share(figures_of([indicator], day=DAY)[indicator.pk]) is None


def test_one_statement_each(django_assert_num_queries: Any) -> None:
    project = make_project()
    for number in range(4):
        BudgetLine.objects.create(project=project, code=str(number), titles={}, amount=D(1), currency="EUR")
        make_partnership(project, make_organisation(f"O{number}"))

    with django_assert_num_queries(2):
        spending(project, until=DAY)
        team(project)
