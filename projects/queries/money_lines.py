"""Budget against spending, line by line and partner by partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from projects.calculation.trend import share_of
from projects.models import BudgetLine, Project

ZERO = Decimal(0)


@dataclass(frozen=True)
class Spending:
    """A name with its budget and what was spent of it, in one currency.

    `spent` is None where an expense has no rate (`without_rate` counts them) or the line is in another currency;
    `share` is spent of budget (1 is all of it).
    """

    name: str
    budget: Decimal
    currency: str
    spent: Decimal | None
    without_rate: int
    pk: int | None = None

    @property
    def share(self) -> Decimal | None:
        """Spent of budget."""
        return share_of(self.spent, self.budget)


def lines_with_spending(rows: QuerySet[BudgetLine], *, day: date) -> QuerySet[Any]:
    """Budget lines, each with `.spent` (project's currency, up to `day`) and `.without_rate`."""
    until = Q(expenses__on__lte=day)
    found: QuerySet[Any] = rows.select_related("organisation", "project").annotate(
        spent=Sum("expenses__amount_project", filter=until),
        without_rate=Count("expenses", filter=until & Q(expenses__amount_project=None)),
    )
    return found


def spending_of(line: Any) -> Spending:
    """A line of `lines_with_spending` as figures."""
    is_told = not line.without_rate and line.currency == line.project.currency
    spent = (line.spent or ZERO) if is_told else None
    return Spending(str(line), line.amount, line.currency, spent, line.without_rate, line.pk)


def by_partner(lines: Sequence[Any], project: Project, nobody: str) -> list[Spending]:
    """The lines of a project summed up by partner, largest budget first; only lines in the project's currency."""
    sums: dict[str, list[Spending]] = {}
    for line in lines:
        if line.currency == project.currency:
            name = line.organisation.name if line.organisation else nobody
            sums.setdefault(name, []).append(spending_of(line))
    found = [_together(name, rows, project.currency) for name, rows in sums.items()]
    return sorted(found, key=lambda one: (-one.budget, one.name))


def _together(name: str, rows: Sequence[Spending], currency: str) -> Spending:
    without = sum(one.without_rate for one in rows)
    spent = None if without else sum((one.spent or ZERO for one in rows), ZERO)
    return Spending(name, sum((one.budget for one in rows), ZERO), currency, spent, without)
