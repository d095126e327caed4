"""Stretches of time of a project with the periods of all its indicators: how many, locked, and still owed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet

from kmop.shared.access import ask
from partners.models import Membership
from projects.models import LockException, Obligation, Period, Project


def period_spans_of(project: Project) -> QuerySet[Any, Any]:
    """One row a stretch of time: `starts_on`, `ends_on`, `due_on` (the last), `periods`, `locked`; newest first."""
    rows = Period.objects.filter(indicator__project=project).order_by().values("starts_on", "ends_on")
    found: QuerySet[Any, Any] = rows.annotate(
        due_on=Max("due_on"), periods=Count("pk"), locked=Count("pk", filter=Q(is_locked=True))
    ).order_by("-ends_on", "-starts_on")
    return found


@dataclass(frozen=True)
class Owed:
    """Of the figures owed in a stretch of time: all, approved, and not even sent."""

    all: int = 0
    approved: int = 0
    silent: int = 0


def owed_by_span(project: Project) -> dict[tuple[date, date], Owed]:
    """What is owed in each stretch of time, in one statement."""
    rows = Obligation.objects.filter(indicator__project=project).order_by()
    silent = Q(update=None) | Q(update__state__in=["draft", "returned"])
    counted = rows.values_list("period__starts_on", "period__ends_on").annotate(
        all=Count("pk"), approved=Count("pk", filter=Q(update__state="approved")), silent=Count("pk", filter=silent)
    )
    return {(start, end): Owed(every, approved, quiet) for start, end, every, approved, quiet in counted}


def exceptions_of(project: Project, *, day: date) -> QuerySet[LockException]:
    """Locked periods that are open for one partner, until a day that has not passed."""
    rows = LockException.objects.filter(period__indicator__project=project, until__gte=day)
    return rows.select_related("organisation", "period")


def all_exceptions_of(project: Project, *, user: Any, day: date) -> QuerySet[LockException]:
    """Every exception ever given in a project, with `is_open` on `day`; a partner sees its own, officers all."""
    rows = LockException.objects.filter(period__indicator__project=project)
    if not ask(user, "projects.lock_period", project):
        own = Membership.objects.filter(user=user).values("organisation_id")
        rows = rows.filter(organisation__in=own)
    is_open = Q(until__gte=day, period__is_locked=True)
    return rows.annotate(is_open=ExpressionWrapper(is_open, output_field=BooleanField())).select_related(
        "organisation", "period__indicator", "given_by"
    )
