"""Where somebody stands: her organisations and the projects she may see."""

from dataclasses import dataclass
from typing import Any

from partners.models import Membership
from projects.models import Project


@dataclass(frozen=True)
class Belonging:
    """An organisation somebody belongs to, and as what."""

    id: int
    code: str
    name: str
    role: str


@dataclass(frozen=True)
class ProjectName:
    """A project by both its names."""

    id: int
    code: str


@dataclass(frozen=True)
class Standing:
    """The organisations in the order of joining, the projects in the order of their codes."""

    organisations: list[Belonging]
    projects: list[ProjectName]


def standing_of(user: Any) -> Standing:
    """The standing of a signed-in user: one statement each for organisations and projects, one more for her roles."""
    memberships = Membership.objects.filter(user_id=user.pk).select_related("organisation")
    projects = Project.objects.visible_to(user).order_by("code").values_list("pk", "code")
    return Standing(
        organisations=[
            Belonging(row.organisation_id, row.organisation.code, row.organisation.name, row.role)
            for row in memberships
        ],
        projects=[ProjectName(pk, code) for pk, code in projects],
    )
