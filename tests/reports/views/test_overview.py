"""Project > Overview: figures and voices at equal rank, money only for who may see it, the flag where they part."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from beneficiaries.choices import NeedState
from kmop.accounts.choices import PortalRole
from projects.choices import ProjectRoleName
from projects.models import BudgetLine, Expense, Legacy, Project, Risk
from projects.queries.money import time_passed
from projects.services.rollup import roll_up_all
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_obligation,
    make_period,
    make_role,
    make_target,
    make_update,
    make_user,
)
from tests.factories_voices import make_activity, make_answered, make_decision, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db
MONEY_WORDS = "The money of this project is shown to its managers and its funder."
YEAR = timezone.localdate().year - 1  # all of it is over, on whatever day the test runs


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Project.objects.filter(pk=made.project.pk).update(
        starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31), is_published=True
    )
    return made


def look(client: Client, cast: Cast, who: str = "alice", **query: str) -> Any:
    client.force_login(getattr(cast, who))
    return client.get(f"/projects/{cast.project.pk}/", query)


def planned(cast: Cast, code: str, actual: int | None, target: int = 10) -> None:
    """An outcome indicator with the plan of a past January, and its figure where it was reported."""
    period = make_period(make_indicator(cast.project, code), year=YEAR)
    make_target(period.indicator, target, period)
    make_target(period.indicator, 2 * target)
    update = None if actual is None else make_update(period, cast.a, actual)
    make_obligation(period, cast.a, update=update, due_on=date(YEAR, 2, 20))
    roll_up_all()


def asked(cast: Cast, met: int, of: int) -> None:
    make_round(
        cast.project,
        (make_need(cast.project, "Childcare"), of, of - met),
        (make_need(cast.project, "Lessons", state=NeedState.MET), met, met),
    )


def spend(cast: Cast) -> BudgetLine:
    line = BudgetLine.objects.create(
        project=cast.project,
        code="1",
        titles={"en": "Staff"},
        amount=Decimal(3000),
        currency="EUR",
        starts_on=date(YEAR, 1, 1),
        ends_on=date(YEAR + 2, 12, 31),
    )
    Expense.objects.create(line=line, on=date(YEAR, 3, 5), amount=750, amount_project=750, currency="EUR")
    return line


# ---------------------------------------------------------------- who sees it
@pytest.mark.parametrize("who", ["carol", "dora"])
def test_a_project_of_others_is_not_there(client: Client, cast: Cast, who: str) -> None:
    planned(cast, "2", 10)
    page = look(client, cast, who)
    assert (page.status_code, b"STR-25" in page.content) == (404, False)
    assert [look(client, cast, one).status_code for one in ("alice", "bob")] == [200, 200]


def test_a_stranger_is_sent_to_sign_in(client: Client, cast: Cast) -> None:
    answer = client.get(f"/projects/{cast.project.pk}/")
    assert answer["Location"] == f"/accounts/login/?next=/projects/{cast.project.pk}/"


# ---------------------------------------------------------------- figures
def test_the_figure_half_says_how_many_outcomes_keep_their_plan(client: Client, cast: Cast) -> None:
    planned(cast, "2", 10)
    planned(cast, "3", 2)
    planned(cast, "4", None)
    figures, voices = look(client, cast).context["verdicts"]
    assert (figures["kind"], voices["kind"]) == ("figure", "voice")
    assert (figures["big"], figures["of"], figures["answer"]) == ("1", " of 3", "It can't be said yet.")
    assert figures["text"] == (
        f"1 of 3 outcome indicators at or above plan, 1 incomplete. The plan is that for 31 Jan {YEAR}."
    )
    assert [str(one["label"]) for one in figures["links"]] == ["Explain this number", "1 partner has not reported"]
    items = look(client, cast).context["plan_items"]
    shown = [
        (one["name"], one["actual"], one["target"], str(one["badge"].word) if one["badge"] else "") for one in items
    ]
    assert shown == [
        ("Indicator 1.1", None, None, ""),
        ("Indicator 2", Decimal(10), Decimal(20), "100% of plan"),
        ("Indicator 3", Decimal(2), Decimal(20), "20% of plan"),
        ("Indicator 4", None, Decimal(20), "1 partner missing"),
    ]
    assert (items[1]["share"], items[1]["plan_share"]) == (Decimal("0.5"), Decimal("0.5"))
    assert items[1]["plan_text"] == f"Plan for 31 Jan {YEAR}: 10 "
    assert items[1]["href"].startswith(f"/projects/{cast.project.pk}/results/?indicator=")


def test_a_project_without_plan_or_round_says_so(client: Client, cast: Cast) -> None:
    page = look(client, cast)
    figures, voices = page.context["verdicts"]
    assert (str(figures["answer"]), str(voices["answer"]), voices["big"]) == (
        "There is no plan to compare with.",
        "Nobody has been asked yet.",
        "–",
    )
    words = ["No message may be quoted yet.", "Nothing was decided about needs or messages yet.", "No open risk"]
    html = page.content.decode()
    assert [one for one in words if one not in html] == []
    assert page.context["note"] is None


# ---------------------------------------------------------------- voices
def test_the_voice_half_says_whose_first_need_is_met(client: Client, cast: Cast) -> None:
    asked(cast, 3, 12)
    page = look(client, cast)
    voices = page.context["verdicts"][1]
    assert (voices["big"], voices["of"], str(voices["answer"])) == ("25", "%", "For less than half.")
    assert voices["text"] == ("3 of 12 people say that their first need is met; for 3 an activity answers it.")
    assert [(one["rank"], one["name"], one["people"], one["share"]) for one in page.context["needs"]] == [
        (1, "Childcare", 12, Decimal(1)),
        (2, "Lessons", 3, Decimal("0.25")),
    ]


@pytest.mark.parametrize(
    "actual, met, title",
    [
        (10, 3, "Drift: this project is being paced by its targets."),
        (2, 3, "Late and unheard."),
        (10, 9, ""),
        (2, 9, ""),
        (None, 3, ""),
    ],
)
def test_the_flag_where_plan_and_people_part(
    client: Client, cast: Cast, actual: int | None, met: int, title: str
) -> None:
    planned(cast, "2", actual)
    asked(cast, met, 12)
    note = look(client, cast).context["note"]
    assert (str(note["title"]) if note else "") == title
    if note:
        assert note["text"].endswith("But only 25% of people say that their first need is met.")


def test_waits_quotes_and_what_was_changed(client: Client, cast: Cast) -> None:
    at = timezone.now() - timedelta(days=20)
    make_answered(cast.project, "Who keeps my child?", days=3, may_quote=True, received_at=at)
    make_answered(cast.project, "A secret.", days=9, received_at=at)
    make_feedback(cast.project, "Waiting.", received_at=timezone.now())
    make_decision(cast.project, cast.alice, people=40)
    page = look(client, cast)
    assert [one["shown"] for one in page.context["waits"]] == ["50%", "6", "9"]
    assert "Who keeps my child?" in page.content.decode()
    assert [(one["said"], one["people"], one["changed"]) for one in page.context["ledger"]] == [
        ("We need shoes.", 40, [{"label": "120 pairs were given.", "url": ""}])
    ]
    assert page.context["messages_waiting"] == 1
    assert "A secret." not in look(client, cast, "bob").content.decode()


# ---------------------------------------------------------------- money, risks
def test_money_is_compared_with_an_even_plan_and_expenses_without_rate_are_told(client: Client, cast: Cast) -> None:
    line = spend(cast)
    money = look(client, cast).context["money"]
    assert [str(one["label"]) for one in money["stats"]] == ["Spent", "Against an even plan", "Time"]
    assert (money["stats"][0]["shown"], money["stats"][0]["under"], money["without_rate"]) == ("25%", "of €3,000", 0)
    assert "<svg" in money["chart"]
    Expense.objects.create(line=line, on=date(YEAR, 3, 5), amount=99, amount_project=None, currency="ALL")
    page = look(client, cast)
    assert [page.context["money"]["stats"][0]["shown"], page.context["money"]["without_rate"]] == ["–", 1]
    assert "1 expense has no exchange rate and is in no total." in page.content.decode()


def test_partners_read_in_words_that_money_is_not_for_them_and_funders_see_it(client: Client, cast: Cast) -> None:
    spend(cast)
    page = look(client, cast, "bob")
    html = page.content.decode()
    assert (page.context["money"], MONEY_WORDS in html, "€3,000" in html) == (None, True, False)
    fay = make_user("Fay")
    make_role(fay, ProjectRoleName.FUNDER_VIEWER, cast.project)
    client.force_login(fay)
    html = client.get(f"/projects/{cast.project.pk}/").content.decode()
    assert (MONEY_WORDS in html, "€3,000" in html) == (False, True)


def test_risks_missing_partners_late_work_and_legacy_without_owner_are_listed(client: Client, cast: Cast) -> None:
    for score in (1, 5):
        Risk.objects.create(project=cast.project, title=f"Risk {score}", likelihood=score, impact=3, owner=cast.alice)
    planned(cast, "2", None)
    make_activity(cast.project, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 6, 1))
    Legacy.objects.create(project=cast.project, kind="service", titles={"en": "Clinic"})
    items = look(client, cast).context["risks"]
    assert [(str(one["badge"].word), one["title"]) for one in items[:3]] == [
        ("15", "Risk 5"),
        ("3", "Risk 1"),
        ("1", "Organisation A: 1 figure not reported"),
    ]
    assert [one["title"] for one in items[3:]] == ["Activity A1", "1 thing that is to remain has no future owner"]


def test_who_may_not_decide_reads_why(client: Client, cast: Cast) -> None:
    report, decide = look(client, cast).context["acts"]
    assert (report["url"], decide["refused"]) == (f"/reports/make/project-progress/?project={cast.project.code}", "")
    assert client.get(report["url"]).status_code == 200
    refused = look(client, cast, "bob").context["acts"][1]["refused"]
    assert refused != ""


def test_the_page_speaks_greek(client: Client, cast: Cast) -> None:
    planned(cast, "2", 10)
    html = look(client, cast, language="el").content.decode()
    assert "Έργο STR-25" in html
    assert "Is it on course?" not in html


@pytest.mark.parametrize(
    "starts_on, ends_on, day, share",
    [
        (date(2026, 1, 1), date(2026, 1, 10), date(2025, 12, 31), Decimal(0)),
        (date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 5), Decimal("0.5")),
        (date(2026, 1, 1), date(2026, 1, 10), date(2027, 1, 1), Decimal(1)),
        (date(2026, 1, 1), date(2026, 1, 10), date(2025, 1, 1), Decimal(0)),
        (None, date(2026, 1, 10), date(2026, 1, 6), None),
        (date(2026, 1, 1), None, date(2026, 1, 6), None),
    ],
)
def test_time_passed(starts_on: date | None, ends_on: date | None, day: date, share: Decimal | None) -> None:
    assert time_passed(Project(starts_on=starts_on, ends_on=ends_on), day) == share


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_page_do_not_grow(
    client: Client, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    max_ = make_user("Max", PortalRole.PORTFOLIO_MANAGER)
    for number in range(count):
        planned(cast, f"2.{number}", 10)
        make_answered(cast.project, may_quote=True)
        make_decision(cast.project, max_)
        Risk.objects.create(project=cast.project, title="Rain", likelihood=2, impact=3, owner=cast.alice)
    make_round(cast.project, *[(make_need(cast.project, f"Need {number}"), 10, 5) for number in range(count)])
    spend(cast)
    client.force_login(max_)
    address = f"/projects/{cast.project.pk}/"
    client.get(address)
    with django_assert_num_queries(38):
        client.get(address)
