"""What a report on a project shows beside its framework and its voices: lines of money, team, plan marks."""

from dataclasses import dataclass
from datetime import date

from kmop.shared.text import in_language
from projects.choices import PartnershipRole
from projects.models import BudgetLine, Partnership, Project
from projects.queries.money_lines import Spending, lines_with_spending, spending_of


@dataclass(frozen=True)
class LineSpending:
    """A budget line by code and title, with the figures that the Money page shows of it."""

    code: str
    title: str
    money: Spending


@dataclass(frozen=True)
class Team:
    """The organisations of a project by what they do in it."""

    coordinators: list[str]
    partners: list[str]
    funders: list[str]


def spending(project: Project, *, day: date) -> list[LineSpending]:
    """Budget and spending by line up to a day, the same as on the Money page. One statement."""
    rows = lines_with_spending(BudgetLine.objects.filter(project=project), day=day).order_by("code", "pk")
    return [LineSpending(row.code, in_language(row.titles), spending_of(row)) for row in rows]


def team(project: Project) -> Team:
    """Who works in a project and who pays. One statement."""
    rows = Partnership.objects.filter(project=project).select_related("organisation").order_by("pk")
    by_role: dict[str, list[str]] = {}
    for row in rows:
        by_role.setdefault(row.role, []).append(row.organisation.name)
    own = (PartnershipRole.COORDINATOR, PartnershipRole.FUNDING)
    others = [name for role, names in by_role.items() if role not in own for name in names]
    return Team(by_role.get(own[0], []), others, by_role.get(own[1], []))
