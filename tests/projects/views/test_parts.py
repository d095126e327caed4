"""The lists and pages within a project: who sees them, what they hold, and that their cost does not grow."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit import services as audit
from projects.choices import Action, DonorObligationState, LegacyResult, UpdateState, WorkState
from projects.models import Project
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_indicator,
    make_obligation,
    make_organisation,
    make_partnership,
    make_period,
    make_target,
    make_update,
    make_user,
)
from tests.factories_parts import (
    END,
    START,
    make_activity,
    make_assumption,
    make_change,
    make_check,
    make_deliverable,
    make_document,
    make_expense,
    make_grant,
    make_legacy,
    make_line,
    make_milestone,
    make_owed,
    make_risk,
    make_transaction,
)

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.localdate() - timedelta(days=10)
LATER = timezone.localdate() + timedelta(days=10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def texts(client: Client, path: str, **query: str) -> list[list[str]]:
    """The rows of a list, each as the words of its cells."""
    rows = client.get(path, query).context["rows"]
    return [[str(cell.value) if cell.value is not None else "" for cell in row.cells] for row in rows]


def url(project: Project, path: str) -> str:
    return f"/projects/{project.pk}/{path}"


def some_history(project: Project) -> None:
    with transaction.atomic():
        audit.record(User.objects.get(name="Alice"), Action.PROJECT_CHANGED, project, changed=["titles"])


def a_partner(project: Project) -> None:
    make_partnership(project, make_organisation(f"P{project.partnerships.count()}"), reports=False)


# Path, what makes one row, and how many statements the page takes, whatever the number of rows.
LISTS: dict[str, tuple[Callable[[Project], Any], int]] = {
    "workplan/": (lambda project: (make_activity(project), make_deliverable(project), make_risk(project)), 17),
    "workplan/activities/": (make_activity, 16),
    "workplan/deliverables/": (make_deliverable, 16),
    "workplan/milestones/": (make_milestone, 15),
    "workplan/risks/": (make_risk, 15),
    "results/theory/": (make_assumption, 17),
    "results/targets/": (lambda project: make_target(project.indicators.all()[0], 1), 19),
    "results/changes/": (make_change, 17),
    "money/": (lambda project: make_expense(make_line(project)), 18),
    "money/lines/": (make_line, 16),
    "money/expenses/": (lambda project: make_expense(make_line(project)), 17),
    "money/grants/": (make_grant, 15),
    "money/owed/": (lambda project: make_owed(make_grant(project)), 15),
    "money/transactions/": (make_transaction, 15),
    "partners/": (a_partner, 16),
    "legacy/": (lambda project: make_check(make_legacy(project)), 16),
    "legacy/checks/": (lambda project: make_check(make_legacy(project)), 15),
    "documents/": (make_document, 15),
    "history/": (some_history, 17),
    "settings/": (lambda project: make_user(f"R{User.objects.count()}"), 16),
    "periods/": (lambda project: make_period(make_indicator(project, f"9.{project.indicators.count()}")), 16),
}


@pytest.mark.parametrize("path", LISTS)
def test_a_page_takes_the_same_statements_at_any_length(
    cast: Cast, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make, statements = LISTS[path]
    client = as_user(cast.alice)
    make(cast.project)
    client.get(url(cast.project, path))
    for more in (0, 3):
        for _number in range(more):
            make(cast.project)
        with django_assert_num_queries(statements):
            assert client.get(url(cast.project, path)).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_carol_and_dora_see_nothing_of_it(cast: Cast, path: str) -> None:
    LISTS[path][0](cast.project)
    for user in (cast.carol, cast.dora):
        assert as_user(user).get(url(cast.project, path)).status_code == 404
    assert as_user(cast.carol).get(url(cast.other, path)).status_code in (200, 403)


@pytest.mark.parametrize(
    "path", [path for path in LISTS if path not in ("workplan/", "money/", "settings/", "periods/")]
)
def test_a_list_is_taken_away_as_a_file(cast: Cast, path: str) -> None:
    LISTS[path][0](cast.project)
    client = as_user(cast.alice)
    rows = b"".join(client.get(url(cast.project, path), {"format": "csv"}).streaming_content).decode().splitlines()
    shown = client.get(url(cast.project, path)).context["page_obj"].paginator.count
    assert len(rows) == shown + 1
    book = client.get(url(cast.project, path), {"format": "xlsx"})
    assert book.status_code == 200
    assert b"".join(book.streaming_content)[:2] == b"PK"


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_page_stands(cast: Cast, path: str) -> None:
    assert as_user(cast.alice).get(url(cast.project, path)).status_code == 200


def test_the_workplan_shows_the_late_ones_first(cast: Cast) -> None:
    make_activity(cast.project, code="A1", package="WP1", progress=40, state=WorkState.RUNNING, ends_on=END)
    make_activity(cast.project, code="A2", package="WP1", starts_on=START, ends_on=LONG_AGO, state=WorkState.RUNNING)
    make_activity(cast.project, code="A3", starts_on=START, ends_on=LONG_AGO, state=WorkState.DONE)
    make_milestone(cast.project, code="M1", ends_on=LATER)
    make_risk(cast.project, title="Flood", owner=cast.alice, review_on=END, mitigation="Sandbags")
    make_risk(cast.project, title="Over", closed_on=START)
    context = as_user(cast.alice).get(url(cast.project, "workplan/")).context
    assert [(one["title"], [row["code"] for row in one["rows"]]) for one in context["packages"]] == [
        ("Late", ["A2"]),
        ("Other activities", ["A3"]),
        ("WP1", ["A1"]),
    ]
    assert context["packages"][0]["rows"][0]["badge"].word == "10 days late"
    assert context["late"].startswith("1 thing is late: A2")
    assert [one["sub"].split(" · ")[0] for one in context["handed"]] == ["Milestone"]
    assert [(one["title"], str(one["badge"]), one["sub"]) for one in context["risks"]] == [
        ("Flood", "12", "likely 4 × impact 3 · Alice · review 31 Dec 2026 · Sandbags")
    ]
    bob = as_user(cast.bob).get(url(cast.project, "workplan/"))
    assert [one["url"] for one in bob.context["risks"]] == [""]
    assert "changes the workplan" in bob.content.decode()


def test_lists_of_work_are_filtered_and_lead_to_their_forms(cast: Cast) -> None:
    one = make_activity(cast.project, code="A1", titles={"el": "Ενημέρωση"}, organisation=cast.a)
    make_activity(cast.project, code="A2", state=WorkState.DONE)
    client = as_user(cast.alice)
    path = url(cast.project, "workplan/activities/")
    assert [row[0] for row in texts(client, path, search="ενημερωση")] == ["A1"]
    assert [row[0] for row in texts(client, path, state="done")] == ["A2"]
    assert [row[0] for row in texts(client, path, organisation=str(cast.a.pk))] == ["A1"]
    assert [row.url for row in client.get(path, {"search": "A1"}).context["rows"]] == [f"{path}{one.pk}/"]
    assert [row.url for row in as_user(cast.bob).get(path).context["rows"]] == ["", ""]
    make_risk(cast.project, title="Open"), make_risk(cast.project, title="Shut", closed_on=START)
    risks = url(cast.project, "workplan/risks/")
    assert [row[0] for row in texts(client, risks, open="true")] == ["Open"]
    assert [row[0] for row in texts(client, risks, open="false")] == ["Shut"]


def test_budget_stands_against_spending(cast: Cast) -> None:
    people = make_line(cast.project, code="1", titles={"en": "People"}, organisation=cast.a)
    make_expense(people)
    abroad = make_line(cast.project, code="2", titles={"en": "Abroad"})
    make_expense(abroad, currency="ALL", amount_project=None)
    make_owed(make_grant(cast.project), due_on=LONG_AGO)
    context = as_user(cast.alice).get(url(cast.project, "money/")).context
    assert [(one["name"], one["budget"], one["spent"], one["share"]) for one in context["lines"]] == [
        ("1 People", "€1,000", "€250", Decimal("0.25")),
        ("2 Abroad", "€1,000", None, None),
    ]
    assert [(one["name"], one["share_shown"]) for one in context["partners"]] == [
        ("No partner named", "–"),
        ("Organisation A", "25%"),
    ]
    assert context["without_rate"] == 1
    assert [str(one["badge"]) for one in context["owed"]] == ["Overdue"]
    shown = texts(as_user(cast.alice), url(cast.project, "money/lines/"))
    assert [row[5:] for row in shown] == [["€1,000", "€250", "25%"], ["€1,000", "", ""]]
    money = as_user(cast.alice).get(url(cast.project, "money/expenses/"), {"rate": "false"}).context["rows"]
    assert [str(row.cells[-1].value) for row in money] == ["No rate, in no total"]
    assert len(texts(as_user(cast.alice), url(cast.project, "money/expenses/"), rate="true")) == 1


def test_a_partner_sees_its_own_expenses_and_no_budget(cast: Cast) -> None:
    line = make_line(cast.project)
    make_expense(line, cast.a), make_expense(line, cast.b)
    client = as_user(cast.bob)
    page = client.get(url(cast.project, "money/"))
    assert page.context["refused"] == "Budget and spending are seen by the project's officers and funders."
    assert [str(one.label) for one in page.context["segments"]] == ["Budget and spending", "Expenses"]
    assert [row[3] for row in texts(client, url(cast.project, "money/expenses/"))] == ["Organisation A"]
    for path in ("lines", "grants", "owed", "transactions"):
        assert client.get(url(cast.project, f"money/{path}/")).status_code == 403


def test_what_is_owed_to_funders_and_what_files_told(cast: Cast) -> None:
    make_owed(make_grant(cast.project, reference="AMIF-1"), title="Mid-term", state=DonorObligationState.SENT)
    make_transaction(cast.project, provider=cast.a, text="", descriptions={"en": "First part"})
    client = as_user(cast.alice)
    [row] = texts(client, url(cast.project, "money/owed/"), state="sent")
    assert (row[0], row[2], row[5]) == ("Mid-term", "AMIF-1", "Sent")
    [row] = texts(client, url(cast.project, "money/transactions/"), kind="3")
    assert row[1:] == ["Disbursement", "Organisation A", "", "First part", "€10", "EUR"]


def test_partners_with_their_sectors_and_their_days(cast: Cast) -> None:
    make_partnership(cast.project, make_organisation("GOV", sector="government"), share=Decimal(12), reports=False)
    on_time = make_update(cast.period, cast.a, submitted_at=timezone.now().replace(year=2026, month=1, day=5))
    make_obligation(cast.period, cast.a, update=on_time)
    silent = make_period(cast.indicator, 2)
    make_obligation(silent, cast.a)
    context = as_user(cast.alice).get(url(cast.project, "partners/")).context
    rows = [[str(cell.value) for cell in row.cells] for row in context["rows"]]
    assert rows == [
        ["Organisation A", "Implementing partner", "Civil society", "", "True", "2", "50%, 1 missing"],
        ["Organisation GOV", "Implementing partner", "Government", "12%", "False", "None", ""],
    ]
    assert [(str(one["label"]), one["count"]) for one in context["mix"]["present"]] == [
        ("Government", 1),
        ("Civil society", 1),
    ]
    assert context["mix"]["missing"] == "Business, Community, Institution, Academia, International organisation"
    assert [row.url for row in context["rows"]] == [f"/partners/{cast.a.pk}/", context["rows"][1].url]


def test_what_will_remain_and_its_checks(cast: Cast) -> None:
    service = make_legacy(cast.project, titles={"en": "Mentors"}, future_owner=cast.a)
    make_check(service, done_on=START, result=LegacyResult.WORKS, by=cast.alice, note="Seen")
    due = make_check(service, months=12, due_on=LONG_AGO)
    make_legacy(cast.project, titles={"en": "Handbook"}, kind="capacity")
    client = as_user(cast.alice)
    assert texts(client, url(cast.project, "legacy/")) == [
        ["Handbook", "Capacity", "Nobody yet", "", "", ""],
        ["Mentors", "Service", "Organisation A", "", "Works", str(LONG_AGO)],
    ]
    checks = client.get(url(cast.project, "legacy/checks/")).context["rows"]
    assert [(str(row.cells[3].value), row.url) for row in checks] == [
        ("Works", ""),
        ("10 days late", url(cast.project, f"legacy/checks/{due.pk}/")),
    ]
    assert len(texts(client, url(cast.project, "legacy/checks/"), open="true")) == 1


def test_documents_lead_to_the_web_only(cast: Cast) -> None:
    make_document(cast.project, titles={"en": "Report"}, categories=["A08", "Z1"], languages=["el"], format="text/html")
    make_document(cast.project, titles={}, url="javascript:alert(1)", on=None)
    rows = as_user(cast.alice).get(url(cast.project, "documents/"), {"sort": "on"}).context["rows"]
    assert {row.cells[0].value: row.url for row in rows}["javascript:alert(1)"] == ""
    [report] = [row for row in rows if row.cells[0].value == "Report"]
    assert [str(cell.value) for cell in report.cells][1:4] == [
        "Results, outcomes and outputs, Z1",
        "text/html",
        "Greek",
    ]
    assert report.url.startswith("https://example.org/")


def test_history_tells_what_the_reader_may_know(cast: Cast) -> None:
    line, risk = make_line(cast.project, code="L1"), make_risk(cast.project, title="Flood")
    draft = make_update(cast.period, cast.a, 3, state=UpdateState.DRAFT)
    told = {"indicator": cast.indicator.pk, "organisation": cast.a.pk, "period": cast.period.pk}
    with transaction.atomic():
        audit.record(cast.alice, Action.MONEY_CHANGED, line, project=cast.project.pk, code="L1")
        audit.record(cast.alice, Action.RISK_CHANGED, risk, project=cast.project.pk, added=True)
        audit.record(cast.bob, Action.UPDATE_CREATED, draft, **told)
        audit.record(cast.alice, Action.PROJECT_CHANGED, cast.other, changed=["titles"])
        audit.record(cast.alice, Action.PERIOD_LOCKED, cast.period, indicator=cast.indicator.pk)
    path = url(cast.project, "history/")
    assert [row[1:] for row in texts(as_user(cast.bob), path)] == [
        ["Alice", "Period locked", "period: Jan 2026", "indicator: 1.1 Indicator 1.1"],
        ["Bob", "Update created", "1.1 Indicator 1.1, Organisation A, Jan 2026", ""],
        ["Alice", "Risk changed", "risk: Flood", ""],
    ]
    assert [row[2] for row in texts(as_user(cast.alice), path)] == ["Period locked", "Risk changed", "Money changed"]
    assert [row[2] for row in texts(as_user(cast.bob), path, search="bo")] == ["Update created"]
    assert texts(as_user(cast.bob), path, until="2020-01-01") == []


def test_people_of_the_portfolio_see_all_parts(cast: Cast) -> None:
    officer = make_user("Peter", PortalRole.DATA_PROTECTION_OFFICER)
    make_line(cast.project)
    for path in LISTS:
        assert as_user(fresh(officer)).get(url(cast.project, path)).status_code == 200
