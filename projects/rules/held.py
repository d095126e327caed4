"""What a person holds in projects and organisations, read once per user instance."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from partners.choices import MembershipRole
from projects.choices import ApprovalStep

ENTERS = (MembershipRole.ADMINISTRATOR, MembershipRole.CONTRIBUTOR)
_HELD = "_projects_held"


@dataclass(frozen=True)
class Held:
    """What a user holds: projects by role, projects by partnership, projects and organisations she reports for.

    `supervised`: projects and organisations in which she approves first, what others of her organisation submitted.
    """

    by_role: dict[str, frozenset[int]]
    by_partnership: frozenset[int]
    organisations: frozenset[int]
    entering: frozenset[int]
    reporting: frozenset[tuple[int, int]]
    supervised: frozenset[tuple[int, int]]

    def has(self, project_id: int, roles: Iterable[str]) -> bool:
        """Has she one of the roles in this project, by project or by country?"""
        return any(project_id in self.by_role.get(role, ()) for role in roles)

    def has_any(self, roles: Iterable[str]) -> bool:
        """Has she one of the roles in any project or country, be there a project in it or not yet?"""
        return any(role in self.by_role for role in roles)


def held_by(user: Any) -> Held:
    """What this user holds, read once per instance in at most four statements."""
    if not hasattr(user, _HELD):
        setattr(user, _HELD, _read_held(user))
    held: Held = getattr(user, _HELD)
    return held


def forget_held(user: Any) -> None:
    """Read again at the next question (after a role or membership was given)."""
    if hasattr(user, _HELD):
        delattr(user, _HELD)


def _read_held(user: Any) -> Held:
    members = list(user.memberships.values_list("organisation_id", "role"))
    organisations = frozenset(organisation for organisation, _role in members)
    entering = frozenset(organisation for organisation, role in members if role in ENTERS)
    # The rules stand below the models: these are asked for by name.
    partnerships = apps.get_model("projects", "Partnership")._base_manager.filter(organisation_id__in=organisations)
    columns = ("project_id", "organisation_id", "reports", "project__approval_steps")
    rows = list(partnerships.values_list(*columns)) if organisations else []
    heading = {organisation for organisation, role in members if role == MembershipRole.ADMINISTRATOR}
    supervised = [row for row in rows if row[1] in heading and ApprovalStep.PARTNER_SUPERVISOR in row[3]]
    return Held(
        by_role=_by_role(user),
        by_partnership=frozenset(project for project, *_rest in rows),
        organisations=organisations,
        entering=entering,
        reporting=frozenset((project, one) for project, one, reports, _steps in rows if reports and one in entering),
        supervised=frozenset((project, one) for project, one, reports, _steps in supervised if reports),
    )


def _by_role(user: Any) -> dict[str, frozenset[int]]:
    roles = list(user.project_roles.values_list("role", "project_id", "country"))
    countries = {country for _role, _project, country in roles if country}
    in_country: dict[str, set[int]] = {country: set() for country in countries}
    if countries:
        rows = apps.get_model("projects", "ProjectCountry")._base_manager.filter(country__in=countries)
        for country, project_id in rows.values_list("country", "project_id"):
            in_country[country].add(project_id)
    held: dict[str, set[int]] = {}
    for role, project_id, country in roles:
        held.setdefault(role, set()).update(in_country[country] if country else {project_id})
    return {role: frozenset(projects) for role, projects in held.items()}
