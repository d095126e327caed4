"""Forms within a project: what they save, what they refuse, and who may open them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.choices import ProjectRoleName, ProjectStatus
from projects.models import (
    Activity,
    BudgetLine,
    Deliverable,
    DonorObligation,
    Expense,
    FocusArea,
    Grant,
    Legacy,
    Milestone,
    Partnership,
    Project,
    ProjectRole,
    Risk,
)
from tests.factories import Cast, fresh, make_cast, make_organisation, make_place, make_role, make_user
from tests.factories_parts import make_activity, make_check, make_grant, make_legacy, make_line, make_owed, make_risk

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(project: Project, path: str) -> str:
    return f"/projects/{project.pk}/{path}"


def sent(cast: Cast, path: str, **said: Any) -> int:
    """Alice sends a form of the project; gives the status."""
    return as_user(cast.alice).post(url(cast.project, path), said).status_code


FORMS = (
    "workplan/activities/new/",
    "workplan/deliverables/new/",
    "workplan/milestones/new/",
    "workplan/risks/new/",
    "money/lines/new/",
    "money/expenses/new/",
    "money/grants/new/",
    "money/owed/new/",
    "partners/new/",
    "legacy/new/",
    "settings/data/",
    "settings/activate/",
    "settings/close/",
    "settings/roles/new/",
)


@pytest.mark.parametrize("path", FORMS)
def test_forms_open_for_the_manager_alone(cast: Cast, path: str) -> None:
    assert as_user(cast.alice).get(url(cast.project, path)).status_code == 200
    assert as_user(cast.bob).get(url(cast.project, path)).status_code == 403
    assert as_user(cast.carol).get(url(cast.project, path)).status_code == 404
    assert as_user(cast.carol).post(url(cast.project, path), {}).status_code == 404


def test_work_is_added_and_changed(cast: Cast) -> None:
    days = {"starts_on": "2026-01-01", "ends_on": "2026-06-30", "state": "planned", "progress": "0"}
    assert sent(cast, "workplan/activities/new/", code="A1", titles_en="Train", titles_el="Εκπαίδευση", **days) == 302
    activity = Activity.objects.get()
    assert (activity.titles, activity.ends_on) == ({"en": "Train", "el": "Εκπαίδευση"}, date(2026, 6, 30))
    assert sent(cast, "workplan/activities/new/", code="A2", **days) == 422
    assert sent(cast, "workplan/activities/new/", code="A1", titles_en="Again", **days) == 422
    path = f"workplan/activities/{activity.pk}/"
    changed = {**days, "code": "A1", "titles_en": "Train all", "progress": "40", "state": "running", "version": "1"}
    assert sent(cast, path, **changed) == 302
    activity.refresh_from_db()
    assert (activity.titles, activity.progress, activity.version) == ({"en": "Train all"}, 40, 2)
    assert sent(cast, path, **{**changed, "progress": "60"}) == 422
    assert sent(cast, path, **{**changed, "ends_on": "2025-01-01", "version": "2"}) == 422
    assert (
        sent(cast, "workplan/deliverables/new/", code="D1", titles_en="Book", ends_on="2026-05-01", state="planned")
        == 302
    )
    assert (
        sent(cast, "workplan/milestones/new/", code="M1", titles_el="Τέλος", ends_on="2026-05-01", state="done") == 302
    )
    assert (Deliverable.objects.get().ends_on, Milestone.objects.get().state) == (date(2026, 5, 1), "done")


def test_risks_are_added_and_changed(cast: Cast) -> None:
    assert sent(cast, "workplan/risks/new/", title="Flood", likelihood="4", impact="3", owner=str(cast.alice.pk)) == 302
    risk = Risk.objects.get()
    assert (risk.likelihood, risk.impact, risk.owner) == (4, 3, cast.alice)
    assert sent(cast, "workplan/risks/new/", title="Flood", likelihood="6", impact="3") == 422
    assert sent(cast, "workplan/risks/new/", title="Flood", likelihood="1", impact="3", owner=str(cast.carol.pk)) == 422
    said = {"title": "Flood", "likelihood": "1", "impact": "3", "closed_on": "2026-03-01", "version": "1"}
    assert sent(cast, f"workplan/risks/{risk.pk}/", **said) == 302
    risk.refresh_from_db()
    assert (risk.likelihood, risk.closed_on, risk.owner) == (1, date(2026, 3, 1), None)
    other = make_risk(cast.other)
    assert sent(cast, f"workplan/risks/{other.pk}/", **said) == 404


def test_changing_asks_for_what_is_there(cast: Cast) -> None:
    activity = make_activity(cast.project, titles={"en": "Train", "fr": "Former"})
    page = as_user(cast.alice).get(url(cast.project, f"workplan/activities/{activity.pk}/"))
    assert 'value="Train"' in page.content.decode()
    days = {"starts_on": "2026-01-01", "ends_on": "2026-06-30", "state": "planned", "progress": "0"}
    sent(cast, f"workplan/activities/{activity.pk}/", code=activity.code, titles_en="Teach", **days)
    activity.refresh_from_db()
    assert activity.titles == {"en": "Teach", "fr": "Former"}


def test_money_is_added(cast: Cast) -> None:
    assert sent(cast, "money/lines/new/", code="1", titles_en="People", amount="1000", currency="EUR") == 302
    line = BudgetLine.objects.get()
    spent = {"line": str(line.pk), "on": "2026-02-01", "amount": "250.5", "title": "Rent"}
    assert sent(cast, "money/expenses/new/", **spent, currency="EUR") == 302
    assert sent(cast, "money/expenses/new/", **spent, currency="ALL", rate="0.01") == 302
    assert sent(cast, "money/expenses/new/", **spent, currency="euro") == 422
    assert [one.amount_project for one in Expense.objects.order_by("pk")] == [Decimal("250.5"), Decimal("2.505")]
    funder = make_organisation("FUND")
    cast.project.partnerships.create(organisation=funder, role="funding")
    grant = {"funder": str(funder.pk), "reference": "AMIF-1", "form": "lump_sum", "amount": "9", "currency": "EUR"}
    assert sent(cast, "money/grants/new/", **grant) == 302
    assert sent(cast, "money/grants/new/", **{**grant, "funder": str(cast.a.pk)}) == 422
    row = Grant.objects.get()
    assert sent(cast, "money/owed/new/", grant=str(row.pk), title="Report", due_on="2026-12-31") == 302
    owed = DonorObligation.objects.get()
    path = f"money/owed/{owed.pk}/"
    assert as_user(cast.alice).get(url(cast.project, path)).context["heading"] == "Report"
    assert sent(cast, path, state="sent") == 302
    assert sent(cast, path, state="lost") == 422
    owed.refresh_from_db()
    assert owed.state == "sent"
    foreign = make_owed(make_grant(cast.other))
    assert sent(cast, f"money/owed/{foreign.pk}/", state="sent") == 404
    assert sent(cast, "money/expenses/new/", **{**spent, "line": str(make_line(cast.other).pk)}, currency="EUR") == 422


def test_a_partner_is_brought_in(cast: Cast) -> None:
    place = make_place("GR-I")
    cast.project.places.add(place)
    said = {
        "organisation": str(cast.b.pk),
        "role": "associated",
        "reports": "on",
        "places": [str(place.pk)],
        "share": "10",
    }
    assert sent(cast, "partners/new/", **said) == 302
    row = Partnership.objects.get(project=cast.project, organisation=cast.b)
    assert (row.reports, row.share, list(row.places.all())) == (True, Decimal(10), [place])
    assert sent(cast, "partners/new/", **said) == 422


def test_legacy_is_named_changed_and_checked(cast: Cast) -> None:
    assert sent(cast, "legacy/new/", kind="service", titles_en="Mentors") == 302
    row = Legacy.objects.get()
    said = {"kind": "service", "titles_en": "Mentors", "future_owner": str(cast.a.pk), "version": str(row.version)}
    assert sent(cast, f"legacy/{row.pk}/", **said) == 302
    row.refresh_from_db()
    assert (row.future_owner, row.version) == (cast.a, 2)
    assert sent(cast, f"legacy/{row.pk}/", **said) == 422
    check = make_check(row)
    path = f"legacy/checks/{check.pk}/"
    page = as_user(cast.alice).get(url(cast.project, path))
    assert page.context["heading"] == "Is it still there? Mentors, 6 months after closure"
    found = {"result": "works", "note": "Visited", "on": "2026-03-01"}
    assert sent(cast, path, **found) == 302
    assert sent(cast, path, **found) == 422
    check.refresh_from_db()
    assert (check.result, check.note, check.by) == ("works", "Visited", cast.alice)
    assert sent(cast, f"legacy/checks/{make_check(make_legacy(cast.other)).pk}/", **found) == 404


# ---------------------------------------------------------------- settings
BASIC = {"titles_en": "New", "frequency": "quarter", "due_days": "30", "answer_days": "7", "currency": "EUR"}


def test_a_project_is_begun_and_seen_by_who_began_it(cast: Cast) -> None:
    client = as_user(cast.alice)
    area = FocusArea.objects.first()
    assert area is not None
    assert client.get("/projects/new/").status_code == 200
    said = {**BASIC, "code": "NEW-26", "countries": ["GR", "CY"], "focus_areas": [str(area.pk)]}
    assert (
        client.post("/projects/new/", {**said, "starts_on": "2026-02-01", "ends_on": "2026-01-01"}).status_code == 422
    )
    answer = client.post("/projects/new/", said)
    project = Project.objects.get(code="NEW-26")
    assert answer["Location"] == f"/projects/{project.pk}/settings/"
    assert client.get(answer["Location"]).status_code == 200
    assert (project.status, sorted(one.country for one in project.countries.all())) == ("design", ["CY", "GR"])
    assert list(project.focus_areas.all()) == [area]
    assert client.post("/projects/new/", said).status_code == 422
    assert as_user(cast.bob).get("/projects/new/").status_code == 403
    boss = make_user("Peter", PortalRole.PORTFOLIO_MANAGER)
    as_user(boss).post("/projects/new/", {**said, "code": "NEW-27"})
    assert ProjectRole.objects.filter(project__code="NEW-27").count() == 0


def test_the_data_of_a_project_is_changed(cast: Cast) -> None:
    assert 'value="Project STR-25"' in as_user(cast.alice).get(url(cast.project, "settings/data/")).content.decode()
    assert sent(cast, "settings/data/", **BASIC, code="HACK", contact_phone="+30 210", countries=["IT"]) == 302
    project = Project.objects.get(pk=cast.project.pk)
    assert (project.code, project.titles["en"], project.contact_phone) == ("STR-25", "New", "+30 210")
    assert [one.country for one in project.countries.all()] == ["IT"]


def test_a_project_is_activated_published_and_closed(cast: Cast) -> None:
    Project.objects.filter(pk=cast.project.pk).update(status=ProjectStatus.DESIGN)
    make_legacy(cast.project)
    steps = as_user(cast.alice).get(url(cast.project, "settings/")).context["steps"]
    assert [one["button"]["refused"] for one in steps] == ["", "", "Only a running project is closed."]
    assert sent(cast, "settings/activate/", reason="") == 422
    assert sent(cast, "settings/activate/", reason="Asked by the city.") == 302
    assert sent(cast, "settings/publish/") == 302
    project = Project.objects.get(pk=cast.project.pk)
    assert (project.status, project.gate_reason, project.is_published) == ("active", "Asked by the city.", True)
    assert sent(cast, "settings/unpublish/") == 302
    assert sent(cast, "settings/close/", on="2020-01-01") == 422
    assert sent(cast, "settings/close/", on="2026-10-01") == 302
    project.refresh_from_db()
    assert (project.status, project.is_published, project.closed_on) == ("closed", False, date(2026, 10, 1))
    assert cast.project.legacies.get().checks.count() == 4
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.DESIGN, needs_named=2)
    lead = as_user(cast.alice).get(url(cast.project, "settings/activate/")).context["lead"]
    assert lead == "The project names 2 ranked needs that it answers: the gate is open."


def test_who_may_not_sees_the_reason(cast: Cast) -> None:
    page = as_user(cast.bob).get(url(cast.project, "settings/"))
    assert [str(one["button"]["refused"]) for one in page.context["steps"]] == [
        "Only the project's manager changes it.",
        "A project is published by its project manager.",
        "Only the project's manager changes it.",
    ]
    for path in ("settings/publish/", "settings/unpublish/"):
        assert as_user(cast.bob).post(url(cast.project, path)).status_code == 403
    assert Project.objects.get(pk=cast.project.pk).is_published is False


def test_roles_are_given_and_withdrawn(cast: Cast) -> None:
    assert sent(cast, "settings/roles/new/", email="DORA@example.org", role="me_officer") == 302
    assert sent(cast, "settings/roles/new/", email="nobody@example.org", role="me_officer") == 422
    row = ProjectRole.objects.get(user=cast.dora)
    assert (row.role, row.project) == ("me_officer", cast.project)
    assert as_user(fresh(cast.dora)).get(url(cast.project, "settings/")).status_code == 200
    foreign = make_role(cast.carol, ProjectRoleName.ME_OFFICER, cast.other)
    assert sent(cast, f"settings/roles/{foreign.pk}/withdraw/") == 404
    assert sent(cast, f"settings/roles/{row.pk}/withdraw/") == 302
    assert ProjectRole.objects.filter(user=cast.dora).count() == 0


# ---------------------------------------------------------------- focus areas
AREAS = "/administration/focus-areas/"


def test_focus_areas_are_listed_added_and_changed(cast: Cast, django_assert_num_queries: Any) -> None:
    client = as_user(cast.alice)
    client.get(AREAS)
    for code in ("", "new-a new-b new-c"):
        for one in code.split():
            FocusArea.objects.create(code=one, titles={"en": one})
        with django_assert_num_queries(11):
            assert client.get(AREAS).status_code == 200
    assert client.get(f"{AREAS}new/").status_code == 200
    assert client.post(f"{AREAS}new/", {"code": "water", "titles_en": "Water", "order": "3"}).status_code == 302
    area = FocusArea.objects.get(code="water")
    path = f"{AREAS}{area.pk}/"
    assert "Water" in client.get(path).content.decode()
    assert client.post(path, {"code": "x", "titles_en": "Water", "titles_el": "Νερό", "order": "4"}).status_code == 302
    area.refresh_from_db()
    assert (area.code, area.titles["el"], area.order, area.is_active) == ("water", "Νερό", 4, False)
    assert [row.source for row in client.get(AREAS, {"search": "νερο"}).context["rows"]] == [area]
    for address in (AREAS, f"{AREAS}new/", path):
        assert as_user(cast.bob).get(address).status_code == 403
