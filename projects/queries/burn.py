"""Money against time: what was planned and what was spent by the end of each month."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from projects.calculation.calendar import ONE_DAY, days_gone, months_later
from projects.models import Expense, Project

ZERO = Decimal(0)


@dataclass(frozen=True)
class BurnPoint:
    """The end of a month (`until`, exclusive): planned by then, and spent by then (None: not yet)."""

    until: date
    planned: Decimal
    spent: Decimal | None


def burn(project: Project, *, budget: Decimal, day: date) -> list[BurnPoint]:
    """From start to end by months, in the project's currency, in one statement; empty without dates.

    The plan spends the budget evenly over the days; it is a line to compare with, not a forecast.
    """
    if project.starts_on is None or project.ends_on is None:
        return []
    rows = (
        Expense.objects.filter(line__project=project, on__lte=day, amount_project__isnull=False)
        .annotate(month=TruncMonth("on"))
        .order_by("month")
        .values_list("month")
        .annotate(total=Sum("amount_project"))
    )
    monthly: dict[date, Decimal] = dict(rows)
    points = [BurnPoint(project.starts_on, ZERO, ZERO)]
    until = months_later(project.starts_on.replace(day=1), 1)
    while points[-1].until <= project.ends_on:
        gone, whole = days_gone(project.starts_on, project.ends_on, until - ONE_DAY)
        planned = (budget * gone / whole).quantize(Decimal("0.01"))
        spent = sum((total for month, total in monthly.items() if month < until), ZERO)
        points.append(BurnPoint(until, planned, spent if points[-1].until <= day else None))
        until = months_later(until, 1)
    return points
