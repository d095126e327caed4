"""Which quality rules help: how often each spoke up, was answered, and was followed by a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from kmop.accounts.choices import PortalRole
from projects.calculation.flag_rules import RULES
from projects.calculation.trend import share_of
from projects.models import Project, RaisedFlag
from projects.queries.flags import rule_name
from projects.rules import REVIEWS


@dataclass(frozen=True)
class RuleCount:
    """One rule: updates it flagged, those answered, those corrected later; `share` of the flagged (1 is all)."""

    code: str
    name: str
    flagged: int
    answered: int
    corrected: int
    share: Decimal | None


def weighed_projects(user: Any) -> QuerySet[Project]:
    """The projects whose flags `user` may count: those she reviews, all of them for a portfolio manager."""
    rows: QuerySet[Project]
    if user.has_role(PortalRole.PORTFOLIO_MANAGER):
        rows = Project.objects.visible_to(user)
    else:
        rows = Project.objects.managed_by(user, *REVIEWS)
    return rows.order_by("code")


def rule_counts(user: Any, *, project: int | None = None, year: int | None = None) -> list[RuleCount]:
    """All rules in their order, in one statement; an update counts once for a rule, however often it was handed in."""
    rows = RaisedFlag.objects.filter(update__indicator__project__in=weighed_projects(user))
    if project is not None:
        rows = rows.filter(update__indicator__project=project)
    if year is not None:
        rows = rows.filter(raised_at__year=year)
    counted = (
        rows.order_by()
        .values("code")
        .annotate(
            flagged=Count("update", distinct=True),
            answered=Count("update", distinct=True, filter=~Q(answered_at=None)),
            corrected=Count("update", distinct=True, filter=~Q(corrected_at=None)),
        )
    )
    by_code: dict[str, Any] = {one["code"]: one for one in counted}
    return [_count(code, by_code.get(code, {})) for code in RULES]


def _count(code: str, found: dict[str, Any]) -> RuleCount:
    flagged, corrected = found.get("flagged", 0), found.get("corrected", 0)
    share = share_of(Decimal(corrected), Decimal(flagged)) if flagged else None
    return RuleCount(code, rule_name(code), flagged, found.get("answered", 0), corrected, share)


def years_of_flags(user: Any) -> Sequence[int]:
    """The years in which rules spoke up, newest first, in one statement."""
    rows = RaisedFlag.objects.filter(update__indicator__project__in=weighed_projects(user))
    ends = rows.aggregate(first=Min("raised_at"), last=Max("raised_at"))
    if ends["first"] is None:
        return []
    return list(range(ends["last"].year, ends["first"].year - 1, -1))
