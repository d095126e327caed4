"""Who is told about the messages of a project: its managers and M&E officers, by project or by country."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from beneficiaries.rules import STAFF
from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User
from projects.models import Project, ProjectCountry, ProjectRole


def staff_of(project_ids: Iterable[int | None], *roles: str) -> dict[int | None, list[User]]:
    """By project: the people with one of `roles` (managers and M&E officers unless told), each once, by id.

    A project with nobody has an empty list. Two statements, however many projects.
    """
    wanted = {one for one in project_ids if one is not None}
    places: dict[str, set[int]] = {}
    for country, project_id in ProjectCountry.objects.filter(project__in=wanted).values_list("country", "project_id"):
        places.setdefault(country, set()).add(project_id)
    rows = ProjectRole.objects.filter(
        Q(project__in=wanted) | Q(country__in=places),
        role__in=roles or STAFF,
        user__is_active=True,
        user__kind=UserKind.PERSON,
    ).select_related("user")
    found: dict[int | None, dict[int, User]] = {one: {} for one in wanted}
    for row in rows:
        reached = places[row.country] if row.country else {row.project_id}
        for one in reached:
            found[one][row.user_id] = row.user
    return {one: [people[pk] for pk in sorted(people)] for one, people in found.items()}


def focal_points() -> list[User]:
    """The safeguarding focal points who can sign in."""
    role = PortalRole.SAFEGUARDING_FOCAL_POINT
    return list(User.objects.filter(role_grants__role=role, is_active=True, kind=UserKind.PERSON).order_by("pk"))


def staffed_projects(user: Any) -> QuerySet[Any]:
    """The projects whose messages this person answers, by code."""
    seen: QuerySet[Any] = Project.objects.visible_to(user)
    if not user.has_role(PortalRole.PORTFOLIO_MANAGER):
        seen = Project.objects.managed_by(user, *STAFF)
    return seen.order_by("code")
