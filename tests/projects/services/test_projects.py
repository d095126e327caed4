"""Projects: created, changed, peopled, gated, published, closed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kmop.accounts.choices import PortalRole
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.choices import ProjectStatus
from projects.models import FocusArea, Project, ProjectRole
from projects.services.legacy import add_legacy, record_check
from projects.services.needs import push_people
from projects.services.projects import (
    activate_project,
    add_partnership,
    change_project,
    close_project,
    create_project,
    grant_project_role,
    publish_project,
    unpublish_project,
    withdraw_project_role,
)
from tests.factories import Cast, fresh, make_cast, make_organisation, make_place, make_project, make_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def actions() -> list[str]:
    """What the audit trail tells, oldest first."""
    return list(Entry.objects.order_by("position").values_list("action", flat=True))


def test_a_project_is_created_with_its_countries_and_focus(cast: Cast) -> None:
    area, _made = FocusArea.objects.get_or_create(code="health", defaults={"titles": {"en": "Health"}})
    project = create_project(
        code="NEW-26",
        titles={"en": "New", "el": "Νέο Έργο"},
        starts_on=date(2026, 1, 1),
        countries=["GR", "CY"],
        focus_areas=[area],
        places=[make_place("GR-I")],
        by=cast.alice,
    )
    project.refresh_from_db()
    assert (project.status, project.search_text) == ("design", "new-26 new νεο εργο")
    assert [one.country for one in project.countries.all()] == ["CY", "GR"]
    assert [one.code for one in project.focus_areas.all()] == ["health"]
    assert [one.code for one in project.places.all()] == ["GR-I"]
    assert actions() == ["project.created"]


def test_bad_projects_are_told_by_field(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        create_project(code="STR-25", titles={"en": "Again"}, by=cast.alice)
    assert error.value.message_dict == {"code": ["Project with this Code already exists."]}
    with pytest.raises(ValidationError) as error:
        create_project(
            code="N", titles={"en": "N"}, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), by=cast.alice
        )
    assert error.value.message_dict == {"__all__": ["The end lies before the start."]}
    with pytest.raises(NotAllowed):
        create_project(code="N", titles={"en": "N"}, by=cast.bob)


def test_a_project_is_changed_and_its_version_counts(cast: Cast) -> None:
    project = change_project(
        project=cast.project,
        changes={"titles": {"en": "Renamed"}, "countries": ["IT"], "focus_areas": [], "places": []},
        expected_version=1,
        by=cast.alice,
    )
    project.refresh_from_db()
    assert (project.version, project.search_text) == (3, "str-25 renamed")
    assert [one.country for one in project.countries.all()] == ["IT"]
    with pytest.raises(Stale):
        change_project(project=project, changes={"due_days": 20}, expected_version=1, by=cast.alice)
    with pytest.raises(ValidationError) as error:
        change_project(project=project, changes={"status": "closed"}, by=cast.alice)
    assert error.value.message_dict == {"status": ["This can't be changed."]}
    change_project(project=project, changes={"due_days": 30}, by=cast.alice)
    change_project(project=cast.other, changes={"places": [make_place("IT-1")]}, by=manager_of(cast.other))
    assert [one.code for one in cast.other.places.all()] == ["IT-1"]
    change_project(project=cast.other, changes={"countries": ["IT"]}, by=manager_of(cast.other))
    assert Project.objects.get(pk=project.pk).version == 3
    with pytest.raises(NotAllowed):
        change_project(project=project, changes={"due_days": 20}, by=cast.bob)


def manager_of(project: Project) -> Any:
    """A new manager of a project."""
    user = make_user(f"manager{ProjectRole.objects.count()}")
    make_role(user, "project_manager", project)
    return user


def test_partners_join_with_their_places(cast: Cast) -> None:
    place = make_place("GR-I")
    values: dict[str, Any] = {"project": cast.project, "role": "associated", "places": [place], "by": cast.alice}
    row = add_partnership(organisation=cast.b, share=Decimal("12.5"), reports=True, **values)
    assert (row.share, row.reports, list(row.places.all())) == (Decimal("12.5"), True, [place])
    assert list(cast.project.places.all()) == [place]
    with pytest.raises(ValidationError):
        add_partnership(organisation=cast.b, **values)
    with pytest.raises(NotAllowed):
        add_partnership(organisation=make_organisation("C"), **{**values, "by": cast.bob})


def test_roles_are_given_once_and_taken_away(cast: Cast) -> None:
    role = grant_project_role(user=cast.dora, role="me_officer", project=cast.project, by=cast.alice)
    assert cast.dora.has_perm("projects.review", cast.project)
    assert grant_project_role(user=cast.dora, role="me_officer", project=cast.project, by=cast.alice) == role
    withdraw_project_role(role=ProjectRole.objects.select_related("project", "user").get(pk=role.pk), by=cast.alice)
    assert not fresh(cast.dora).has_perm("projects.review", cast.project)
    assert actions() == ["project_role.granted", "project_role.withdrawn"]
    with pytest.raises(NotAllowed):
        grant_project_role(user=cast.dora, role="me_officer", country="GR", by=cast.alice)
    administrator = make_user("Admin", PortalRole.PORTAL_ADMINISTRATOR)
    assert grant_project_role(user=cast.dora, role="me_officer", country="GR", by=administrator).country == "GR"
    with pytest.raises(ValidationError):
        grant_project_role(user=cast.dora, role="me_officer", by=administrator)


# ---------------------------------------------------------------- the gate
def in_design(cast: Cast) -> Project:
    """A project in design that Alice manages."""
    project = make_project("DES-26", status=ProjectStatus.DESIGN)
    make_role(cast.alice, "project_manager", project)
    return project


def test_the_gate_asks_for_a_need_or_a_reason(cast: Cast) -> None:
    project, alice = in_design(cast), fresh(cast.alice)
    with pytest.raises(RuleBroken) as error:
        activate_project(project=project, by=alice)
    assert error.value.code == "gate"
    activated = activate_project(project=project, reason=" The funder named the need. ", by=alice)
    assert (activated.status, activated.gate_reason) == (ProjectStatus.ACTIVE, "The funder named the need.")
    with pytest.raises(RuleBroken) as error:
        activate_project(project=project, by=alice)
    assert error.value.code == "wrong_state"
    with pytest.raises(NotAllowed):
        activate_project(project=project, by=cast.bob)


def test_a_ranked_need_opens_the_gate(cast: Cast) -> None:
    project = in_design(cast)
    push_people(project=project, asked=200, answered=90, met=40, round_on=date(2026, 2, 1), needs_named=3)
    assert (project.people_asked, project.people_answered, project.people_met, project.version) == (200, 90, 40, 2)
    assert activate_project(project=project, by=fresh(cast.alice)).status == ProjectStatus.ACTIVE


# ---------------------------------------------------------------- public, closed
def test_the_manager_alone_publishes(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        publish_project(project=cast.project, by=make_user("Portfolio", PortalRole.PORTFOLIO_MANAGER))
    for _twice in range(2):
        assert publish_project(project=cast.project, by=cast.alice).is_published
    assert not unpublish_project(project=cast.project, by=cast.alice).is_published
    assert actions() == ["project.published", "project.unpublished"]


def test_closing_puts_the_legacy_checks_on_the_list(cast: Cast) -> None:
    add_legacy(project=cast.project, kind="service", titles={"en": "Day centre"}, by=cast.alice)
    with pytest.raises(ValidationError):
        close_project(project=cast.project, on=date(2025, 12, 31), by=cast.alice)
    closed = close_project(project=cast.project, on=date(2026, 8, 31), by=cast.alice)
    assert (closed.status, closed.closed_on) == (ProjectStatus.CLOSED, date(2026, 8, 31))
    checks = list(closed.legacies.get().checks.order_by("months"))
    assert [(one.months, one.due_on) for one in checks] == [
        (6, date(2027, 2, 28)),
        (12, date(2027, 8, 31)),
        (24, date(2028, 8, 31)),
        (60, date(2031, 8, 31)),
    ]
    later = add_legacy(project=closed, kind="law", titles={"en": "Act 1"}, by=cast.alice)
    assert later.checks.count() == 4
    with pytest.raises(RuleBroken):
        close_project(project=closed, on=date(2026, 9, 1), by=cast.alice)


def test_a_check_is_recorded_once(cast: Cast) -> None:
    add_legacy(project=cast.project, kind="service", titles={"en": "Day centre"}, by=cast.alice)
    closed = close_project(project=cast.project, on=date(2026, 8, 31), by=cast.alice)
    check = closed.legacies.get().checks.first()
    values: dict[str, Any] = {"check": check, "result": "works", "note": "Open daily.", "on": date(2027, 3, 1)}
    with pytest.raises(NotAllowed):
        record_check(**values, by=cast.bob)
    done = record_check(**values, by=cast.alice)
    assert (done.result, done.done_on, done.by, done.version) == ("works", date(2027, 3, 1), cast.alice, 2)
    with pytest.raises(RuleBroken):
        record_check(**values, by=cast.alice)
