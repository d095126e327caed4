"""Money of projects: budget, spent, and what has no rate."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from projects.calculation.calendar import days_gone
from projects.calculation.trend import share_of
from projects.models import BudgetLine, Expense, Project

ZERO = Decimal(0)


@dataclass(frozen=True)
class MoneySummary:
    """Budget and spending in the project's currency.

    A total is None where rows have no rate (`without_rate` counts them, `budget_other` names the amounts).
    `planned` is the share of the budget that time alone would have spent by the day, None without dates.
    """

    currency: str
    budget: Decimal | None
    spent: Decimal | None
    without_rate: int
    budget_other: dict[str, Decimal]
    planned: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """Spent of budget (1 is all of it), None where one of them can't be told."""
        return share_of(self.spent, self.budget)


def money(projects: Collection[Project], *, day: date) -> dict[int, MoneySummary]:
    """The money of each project by its id up to `day`, in two statements. Give projects whose money the reader may see.

    No rate, no total: budget lines and expenses in another currency without a rate leave the total out.
    """
    ids = [one.pk for one in projects]
    budgets: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    lines = BudgetLine.objects.filter(project_id__in=ids).order_by().values_list("project_id", "currency")
    for project_id, currency, amount in lines.annotate(Sum("amount")):
        budgets[project_id][currency] = amount or ZERO
    expenses = Expense.objects.filter(line__project_id__in=ids, on__lte=day).order_by().values_list("line__project_id")
    spent = {
        project_id: (amount, without)
        for project_id, amount, without in expenses.annotate(
            total=Sum("amount_project"), without=Count("pk", filter=Q(amount_project=None))
        )
    }
    return {one.pk: _summary(one, budgets[one.pk], spent.get(one.pk, (ZERO, 0)), day) for one in projects}


def _summary(project: Project, budget: dict[str, Decimal], spent: Any, day: date) -> MoneySummary:
    total, without = spent
    other = {currency: amount for currency, amount in sorted(budget.items()) if currency != project.currency}
    return MoneySummary(
        currency=project.currency,
        budget=None if other else budget.get(project.currency, ZERO),
        spent=None if without else (total or ZERO),
        without_rate=without,
        budget_other=other,
        planned=time_passed(project, day),
    )


def time_passed(project: Project, day: date) -> Decimal | None:
    """The share of the project's days that have passed by the end of `day`, from 0 to 1; None without dates."""
    if project.starts_on is None or project.ends_on is None:
        return None
    gone, whole = days_gone(project.starts_on, project.ends_on, day)
    return Decimal(gone) / Decimal(whole)
