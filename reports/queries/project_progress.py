"""What a report on a project shows beside its framework and its voices: lines of money, team, plan marks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from kmop.shared.text import in_language
from projects.calculation.progress import progress
from projects.calculation.values import Direction, Measure
from projects.choices import PartnershipRole
from projects.models import BudgetLine, Partnership, Project
from projects.queries.figures import IndicatorFacts

ZERO = Decimal(0)


@dataclass(frozen=True)
class Spending:
    """A budget line in its own currency, and what was spent on it in the project's."""

    code: str
    title: str
    budget: Decimal
    currency: str
    spent: Decimal


@dataclass(frozen=True)
class Team:
    """The organisations of a project by what they do in it."""

    coordinators: list[str]
    partners: list[str]
    funders: list[str]


def spending(project: Project, *, until: date) -> list[Spending]:
    """Budget and spending by line, with the expenses up to a day that have a rate. One statement."""
    rows = BudgetLine.objects.filter(project=project).order_by("code", "pk")
    counted = rows.annotate(spent=Sum("expenses__amount_project", filter=Q(expenses__on__lte=until)))
    return [
        Spending(row.code, in_language(row.titles), row.amount or ZERO, row.currency, row.spent or ZERO)
        for row in counted
    ]


def team(project: Project) -> Team:
    """Who works in a project and who pays. One statement."""
    rows = Partnership.objects.filter(project=project).select_related("organisation").order_by("pk")
    by_role: dict[str, list[str]] = {}
    for row in rows:
        by_role.setdefault(row.role, []).append(row.organisation.name)
    own = (PartnershipRole.COORDINATOR, PartnershipRole.FUNDING)
    others = [name for role, names in by_role.items() if role not in own for name in names]
    return Team(by_role.get(own[0], []), others, by_role.get(own[1], []))


def planned_share(facts: IndicatorFacts) -> Decimal | None:
    """How far from baseline to final target the plan is by the last closed period (1 is all), if it can be said."""
    indicator = facts.indicator
    measure, direction = Measure(indicator.measure), Direction(indicator.direction)
    return progress(facts.plan.target, facts.baseline, facts.target, measure=measure, direction=direction).value
