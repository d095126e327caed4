"""The portfolio as a page: filters, search, order, paging, cards and table, files."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.shared.text import fold
from projects.choices import PartnershipRole, ProjectStatus
from projects.models import BudgetLine, FocusArea, Indicator, Project
from reports.services.standings import refresh_standings
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_organisation,
    make_partnership,
    make_project,
    make_user,
)
from tests.factories_voices import make_need, make_round

pytestmark = pytest.mark.django_db
PAGE = "/projects/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def max_(client: Client, cast: Cast) -> User:
    user = make_user("Max", PortalRole.PORTFOLIO_MANAGER)
    client.force_login(user)
    return user


def codes(page: Any) -> list[str]:
    return [row.source.project.code for row in page.context["rows"]]


def searchable(project: Project, title: str) -> None:
    Project.objects.filter(pk=project.pk).update(titles={"el": title}, search_text=fold(project.code, title))


# ---------------------------------------------------------------- who sees what
def test_each_person_sees_her_own_projects(client: Client, cast: Cast) -> None:
    seen = {}
    for name in ("alice", "bob", "carol", "dora"):
        client.force_login(getattr(cast, name))
        seen[name] = codes(client.get(PAGE))
    assert seen == {"alice": ["STR-25"], "bob": ["STR-25"], "carol": ["OTH-25"], "dora": []}


def test_who_has_no_project_is_told_when_there_will_be_one(client: Client, cast: Cast) -> None:
    client.force_login(cast.dora)
    html = client.get(PAGE).content.decode()
    assert "Projects appear here when you have a role in them" in html
    assert [word for word in ("STR-25", "OTH-25") if word in html] == []


def test_carol_finds_nothing_of_a_by_words_filters_or_files(client: Client, cast: Cast) -> None:
    searchable(cast.project, "Στεριά")
    fund = make_organisation("FUND")
    make_partnership(cast.project, fund, role=PartnershipRole.FUNDING, reports=False)
    client.force_login(cast.carol)
    page = client.get(PAGE)
    form = page.context["filterset"].form
    assert [code for code, _name in form.fields["country"].choices if code] == ["IT"]
    assert list(form.fields["funder"].queryset) == []
    assert codes(client.get(PAGE, {"search": "στερια"})) == []
    text = b"".join(client.get(PAGE, {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert ("STR-25" in text, "OTH-25" in text) == (False, True)


# ---------------------------------------------------------------- search and filters
@pytest.mark.parametrize(
    "words, found",
    [
        ("στερια", ["STR-25"]),
        ("ΣΤΕΡΙΆ str", ["STR-25"]),
        ("oth-25", ["OTH-25"]),
        ("δήμος", ["STR-25"]),
        ("σύμβαση", ["OTH-25"]),
        ("δημος oth", []),
        ("nothing", []),
        ("25", ["OTH-25", "STR-25"]),
    ],
)
def test_search_finds_code_title_partner_and_indicator_without_accents(
    client: Client, cast: Cast, max_: User, words: str, found: list[str]
) -> None:
    searchable(cast.project, "Στεριά")
    searchable(cast.other, "Other")
    make_partnership(cast.project, make_organisation("CITY", search_text=fold("Δήμος Ακταίας")), reports=False)
    made = make_indicator(cast.other, "9.1")
    Indicator.objects.filter(pk=made.pk).update(search_text=fold("Με γραπτή σύμβαση"))
    assert sorted(codes(client.get(PAGE, {"search": words}))) == found


def test_filters_narrow_and_say_so(client: Client, cast: Cast, max_: User) -> None:
    fund, area = make_organisation("FUND", name="The Fund"), FocusArea.objects.get(code="migration")
    make_partnership(cast.project, fund, role=PartnershipRole.FUNDING, reports=False)
    cast.project.focus_areas.add(area)
    Project.objects.filter(pk=cast.other.pk).update(status=ProjectStatus.CLOSED)
    queries: list[dict[str, Any]] = [
        {"country": "GR"},
        {"funder": fund.pk},
        {"focus_area": area.pk},
        {"status": "active"},
    ]
    for query in queries:
        page = client.get(PAGE, query)
        assert (codes(page), len(page.context["chips"])) == (["STR-25"], 1)
    none = client.get(PAGE, {"country": "IT", "status": "active"})
    assert codes(none) == []
    assert "Nothing fits these filters." in none.content.decode()
    assert none.context["chips"][0].url == "?status=active"


def test_countries_are_drawn_with_counts_and_lead_to_the_filter(client: Client, cast: Cast, max_: User) -> None:
    make_project("GR-2")
    shown = [(one["name"], one["count"], one["share"]) for one in client.get(PAGE).context["countries"]]
    assert shown == [("Greece", 2, Decimal(1)), ("Italy", 1, Decimal("0.5"))]


# ---------------------------------------------------------------- order, pages, ways to show
def test_an_order_may_be_asked_for_else_the_worst_comes_first(client: Client, cast: Cast, max_: User) -> None:
    Project.objects.filter(pk=cast.other.pk).update(status=ProjectStatus.CLOSED, ends_on=date(2026, 2, 1))
    orders = [codes(client.get(PAGE, query)) for query in ({}, {"sort": "code"}, {"sort": "-ends"}, {"sort": "bogus"})]
    assert orders == [["STR-25", "OTH-25"], ["OTH-25", "STR-25"], ["STR-25", "OTH-25"], ["STR-25", "OTH-25"]]


def test_more_than_a_page_goes_on_the_next(client: Client, cast: Cast, max_: User) -> None:
    for number in range(25):
        make_project(f"P-{number:02}")
    first, second = client.get(PAGE), client.get(PAGE, {"page": 2})
    assert (len(codes(first)), len(codes(second)), first.context["sub"]) == (24, 3, "27 projects")
    assert set(codes(first)) & set(codes(second)) == set()
    assert [link.label for link in first.context["pages"]] == ["1", "2"]


def test_cards_or_a_table(client: Client, cast: Cast, max_: User) -> None:
    cards, table = client.get(PAGE), client.get(PAGE, {"view": "table"})
    assert ["<table" in one.content.decode() for one in (cards, table)] == [False, True]
    assert [[link.current for link in one.context["views"]] for one in (cards, table)] == [[True, False], [False, True]]
    [card] = [one for one in cards.context["cards"] if one["code"] == "STR-25"]
    assert (card["title"], card["foot"]) == ("Project STR-25", ["Greece", "1 partner · 1 sector"])
    assert [row["shown"] for row in card["rows"][:2]] == ["–", "–"]


def test_money_stands_on_a_card_only_for_who_may_see_it(client: Client, cast: Cast) -> None:
    BudgetLine.objects.create(project=cast.project, code="1", titles={"en": "Staff"}, amount=2400000, currency="EUR")
    seen = {}
    for name in ("alice", "bob"):
        client.force_login(getattr(cast, name))
        [card] = client.get(PAGE).context["cards"]
        seen[name] = ([row["label"] for row in card["rows"]], card["foot"][1])
    assert seen == {
        "alice": (["at plan", "needs met", "spent"], "€2.4m · 1 partner · 1 sector"),
        "bob": (["at plan", "needs met"], "1 partner · 1 sector"),
    }


def test_only_who_may_import_and_create_has_the_buttons(client: Client, cast: Cast, max_: User) -> None:
    assert [act["refused"] for act in client.get(PAGE).context["acts"]] == ["", ""]
    client.force_login(cast.bob)
    assert [bool(act["refused"]) for act in client.get(PAGE).context["acts"]] == [True, True]


# ---------------------------------------------------------------- files
def test_what_is_filtered_is_taken_away_as_csv_and_excel(client: Client, cast: Cast, max_: User) -> None:
    answer = client.get(PAGE, {"format": "csv", "country": "GR", "sort": "code"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Code,Project,State,Outcomes at plan,First need met,Spent,Ends"
    assert [line.split(",")[0] for line in lines[1:]] == ["STR-25"]
    answer = client.get(PAGE, {"format": "xlsx", "sort": "code"})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert [[cell.value for cell in row][:2] for row in sheet.iter_rows()] == [
        ["Code", "Project"],
        ["OTH-25", "Project OTH-25"],
        ["STR-25", "Project STR-25"],
    ]
    assert client.get(PAGE, {"format": "pdf"}).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(
    "query, statements", [({}, 25), ({"view": "table", "sort": "code"}, 24), ({"search": "p"}, 26)]
)
def test_statements_of_the_page_do_not_grow(
    client: Client,
    cast: Cast,
    max_: User,
    query: dict[str, str],
    statements: int,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(count):
        project = make_project(f"P-{number}", search_text=f"p-{number}")
        make_partnership(project, cast.a)
        make_indicator(project)
        make_round(project, (make_need(project), 3, 2))
    refresh_standings(day=timezone.localdate())
    client.get(PAGE, query)
    with django_assert_num_queries(statements):
        client.get(PAGE, query)
