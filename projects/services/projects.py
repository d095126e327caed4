"""Acts on projects: create, change, partners, people, the gate, publishing, closing."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import bump
from kmop.shared.text import fold
from partners.models import Organisation
from projects.choices import Action, ProjectRoleName, ProjectStatus
from projects.models import FocusArea, Partnership, Place, Project, ProjectCountry, ProjectRole
from projects.rules import SEES_ALL, forget_held
from projects.services.legacy import begin_follow_up
from projects.services.saving import change, columns_of, keep

BY_ACTS = ("status", "is_published", "closed_on", "gate_reason")
SETS = ("countries", "focus_areas", "places")
CHANGEABLE = columns_of(Project, *BY_ACTS)


def project_search_text(project: Project) -> str:
    """What a project is found by: code, titles in all languages, IATI identifier; folded."""
    texts = [*project.titles.values(), *project.short_titles.values()]
    return fold(project.code, project.iati_identifier, *texts)


@transaction.atomic
def create_project(*, code: str, titles: Mapping[str, str], by: User, **fields: Any) -> Project:
    """Begin a project, in design unless `status` says otherwise (imports, demo).

    `fields` are columns of `Project`, and `countries` (ISO 3166-1 alpha-2 codes), `focus_areas`, `places` (rows).
    Who does not see the whole portfolio becomes its project manager, or she would never see it again.
    Raises `ValidationError` by field; a code that is taken is told at "code".
    """
    require(by, "projects.create_project")
    sets = {name: fields.pop(name, ()) for name in SETS}
    project = Project(code=code, titles=dict(titles), **fields)
    project.search_text = project_search_text(project)
    keep(project)
    _put_sets(project, sets)
    if not by.has_role(*SEES_ALL):
        ProjectRole.objects.create(user=by, role=ProjectRoleName.PROJECT_MANAGER, project=project)
        forget_held(by)
    audit.record(by, Action.PROJECT_CREATED, project, code=code)
    return project


@transaction.atomic
def change_project(
    *, project: Project, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> Project:
    """Change columns and sets (`countries`, `focus_areas`, `places`) of a project.

    Status, publication and closing have acts of their own. Raises `ValidationError` by field and `Stale`.
    """
    require(by, "projects.change_project", project)
    sets = {name: changes[name] for name in SETS if name in changes}
    columns = {name: value for name, value in changes.items() if name not in SETS}
    changed = change(project, columns, allowed=CHANGEABLE, expected_version=expected_version)
    if sets:
        _put_sets(project, sets)
    if sets or {"titles", "short_titles", "code", "iati_identifier"} & set(changed):
        project.search_text = project_search_text(project)
        bump(project, "search_text")
    audit.record(by, Action.PROJECT_CHANGED, project, changed=sorted([*changed, *sets]))
    return project


def _put_sets(project: Project, sets: Mapping[str, Iterable[Any]]) -> None:
    if "countries" in sets:
        wanted = set(sets["countries"])
        project.countries.exclude(country__in=wanted).delete()
        rows = [ProjectCountry(project=project, country=country) for country in sorted(wanted)]
        ProjectCountry.objects.bulk_create(rows, ignore_conflicts=True)
    if sets.get("focus_areas") is not None:
        areas: list[FocusArea] = list(sets["focus_areas"])
        project.focus_areas.set(areas)
    if sets.get("places") is not None:
        places: list[Place] = list(sets["places"])
        project.places.set(places)


@transaction.atomic
def add_partnership(
    *,
    project: Project,
    organisation: Organisation,
    role: str,
    share: Decimal | None = None,
    reports: bool = False,
    places: Iterable[Place] = (),
    by: User,
) -> Partnership:
    """Bring an organisation into a project. With `reports` it owes figures, for each of `places` where any is named."""
    require(by, "projects.manage_partners", project)
    row = Partnership(project=project, organisation=organisation, role=role, share=share, reports=reports)
    keep(row)
    named = list(places)
    row.places.set(named)
    project.places.add(*named)
    audit.record(by, Action.PARTNERSHIP_ADDED, project, organisation=organisation.pk, role=str(role), reports=reports)
    return row


@transaction.atomic
def grant_project_role(
    *, user: User, role: str, project: Project | None = None, country: str = "", by: User
) -> ProjectRole:
    """Give a person a role in one project or in all projects of a country. Granting twice changes nothing."""
    require(by, "projects.grant_role", project)
    row = ProjectRole(user=user, role=role, project=project, country=country)
    known = ProjectRole.objects.filter(user=user, role=role, project=project, country=country).first()
    if known is not None:
        return known
    keep(row)
    forget_held(user)
    audit.record(by, Action.ROLE_GRANTED, project or user, user=user.pk, role=str(role), country=country)
    return row


@transaction.atomic
def withdraw_project_role(*, role: ProjectRole, by: User) -> None:
    """Take a role in a project or country away."""
    require(by, "projects.grant_role", role.project)
    facts = {"user": role.user_id, "role": str(role.role), "country": role.country}
    audit.record(by, Action.ROLE_WITHDRAWN, role.project or role.user, **facts)
    forget_held(role.user)
    role.delete()


def _locked(project: Project) -> Project:
    row: Project = Project.objects.select_for_update().get(pk=project.pk)
    return row


@transaction.atomic
def activate_project(*, project: Project, reason: str = "", by: User) -> Project:
    """Open the gate from pipeline or design to active: at least one ranked need is answered, or a reason is written.

    Raises `RuleBroken` "wrong_state", or "gate" where neither is there.
    """
    require(by, "projects.activate_project", project)
    row = _locked(project)
    if row.status not in (ProjectStatus.PIPELINE, ProjectStatus.DESIGN):
        raise RuleBroken(_("Only a project in pipeline or design is activated."), "wrong_state")
    if not row.needs_named and not reason.strip():
        raise RuleBroken(_("Name at least one ranked need that the project answers, or write why none."), "gate")
    row.status, row.gate_reason = ProjectStatus.ACTIVE, reason.strip()
    bump(row, "status", "gate_reason")
    audit.record(by, Action.PROJECT_ACTIVATED, row, needs=row.needs_named, with_reason=bool(reason.strip()))
    return row


@transaction.atomic
def publish_project(*, project: Project, by: User) -> Project:
    """Show a project to the public: its manager alone."""
    require(by, "projects.publish_project", project)
    return _show(project, is_published=True, action=Action.PROJECT_PUBLISHED, by=by)


@transaction.atomic
def unpublish_project(*, project: Project, by: User) -> Project:
    """Take a project out of the public's sight."""
    require(by, "projects.publish_project", project)
    return _show(project, is_published=False, action=Action.PROJECT_UNPUBLISHED, by=by)


def _show(project: Project, *, is_published: bool, action: Action, by: User) -> Project:
    row = _locked(project)
    if row.is_published != is_published:
        row.is_published = is_published
        bump(row, "is_published")
        audit.record(by, action, row)
    return row


@transaction.atomic
def close_project(*, project: Project, on: date, by: User) -> Project:
    """Close a project on a day: checks of its legacy 6, 12, 24 and 60 months later come onto somebody's list.

    Raises `RuleBroken` "wrong_state" unless it runs, `ValidationError` for a day before its start.
    """
    require(by, "projects.close_project", project)
    row = _locked(project)
    if row.status not in (ProjectStatus.ACTIVE, ProjectStatus.SUSPENDED, ProjectStatus.CLOSING):
        raise RuleBroken(_("Only a running project is closed."), "wrong_state")
    if row.starts_on and on < row.starts_on:
        raise ValidationError({"on": [_("A project isn't closed before it starts.")]})
    row.status, row.closed_on = ProjectStatus.CLOSED, on
    bump(row, "status", "closed_on")
    checks = begin_follow_up(row.legacies.all(), on)
    audit.record(by, Action.PROJECT_CLOSED, row, on=on, checks=checks)
    return row
