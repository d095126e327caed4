"""What stands above every part of a project: where it lies, its facts, its parts.

The parts are addresses that do not change (`/projects/{id}/results/`), since several floors show them.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kmop.shared import formats
from kmop.shared.countries import country_name
from kmop.shared.tables import Badge, Link
from kmop.shared.text import in_language
from projects.choices import PartnershipRole, ProjectStatus
from projects.models import Partnership, Project, ProjectCountry

PARTS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Overview")),
    ("voices", _("Voices")),
    ("results", _("Results")),
    ("workplan", _("Workplan")),
    ("money", _("Money")),
    ("partners", _("Partners")),
    ("legacy", _("Legacy")),
    ("documents", _("Documents")),
    ("history", _("History")),
    ("settings", _("Settings")),
)
LOOKS = {
    ProjectStatus.PIPELINE: ("", "circle-dashed"),
    ProjectStatus.DESIGN: ("info", "pencil-ruler"),
    ProjectStatus.ACTIVE: ("ok", "circle-play"),
    ProjectStatus.SUSPENDED: ("warn", "clock"),
    ProjectStatus.CLOSING: ("info", "sprout"),
    ProjectStatus.CLOSED: ("", "circle-check"),
}


@dataclass(frozen=True)
class ProjectFrame:
    """Title, badge, facts as {icon, text}, tabs and crumbs of one part of a project, in the reader's language."""

    project: Project
    title: str
    badge: Badge
    facts: list[dict[str, str]]
    tabs: list[Link]
    crumbs: list[dict[str, str]]
    partnerships: list[Partnership] = field(default_factory=list)


def project_name(project: Project) -> str:
    """The short title, else the title, in the reader's language."""
    return in_language(project.short_titles) or in_language(project.titles)


def status_badge(status: str) -> Badge:
    """The status by word, colour and icon."""
    state, icon = LOOKS[ProjectStatus(status)]
    return Badge(ProjectStatus(status).label, state, icon)


def frame_of(project: Project, *, part: str) -> ProjectFrame:
    """The frame of `part` (a name of `PARTS`; "" is the Overview), in three statements."""
    partnerships = list(Partnership.objects.filter(project=project).select_related("organisation"))
    countries = list(ProjectCountry.objects.filter(project=project).values_list("country", flat=True))
    area = project.focus_areas.first()
    address = f"/projects/{project.pk}/"
    tabs = [Link(label, f"{address}{name}/" if name else address, current=name == part) for name, label in PARTS]
    crumbs = [{"label": str(_("Portfolio")), "url": "/projects/"}]
    if area is not None:
        crumbs.append({"label": str(area), "url": f"/projects/?focus_area={area.pk}"})
    crumbs.append({"label": project_name(project), "url": address})
    if part:
        crumbs.append({"label": str(dict(PARTS)[part])})
    return ProjectFrame(
        project=project,
        title=in_language(project.titles),
        badge=status_badge(project.status),
        facts=list(_facts(project, partnerships, countries)),
        tabs=tabs,
        crumbs=crumbs,
        partnerships=partnerships,
    )


def _facts(project: Project, partnerships: list[Partnership], countries: list[str]) -> Any:
    yield {"icon": "hash", "text": project.code}
    if project.starts_on or project.ends_on:
        yield {"icon": "calendar", "text": formats.date_range(project.starts_on, project.ends_on)}
    if countries:
        yield {"icon": "map-pin", "text": ", ".join(country_name(code) for code in countries)}
    partners = {one.organisation_id: one.organisation.sector for one in partnerships if one.role != "funding"}
    if partners:
        sectors = len(set(partners.values()))
        people = ngettext("%(count)d partner", "%(count)d partners", len(partners)) % {"count": len(partners)}
        of_sectors = ngettext("of %(count)d sector", "of %(count)d sectors", sectors) % {"count": sectors}
        yield {"icon": "handshake", "text": f"{people} {of_sectors}"}
    funders = [
        in_language(one.organisation.names) or one.organisation.name
        for one in partnerships
        if one.role == PartnershipRole.FUNDING
    ]
    if funders:
        yield {"icon": "landmark", "text": ", ".join(funders)}
