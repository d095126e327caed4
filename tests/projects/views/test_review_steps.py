"""The review in steps: whose turn it is, answers to flags, filters, order; settings of a project; which rules help."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Indicator, Project, RaisedFlag, Update, UpdateDecision
from projects.services.approval import set_approval_steps
from projects.services.updates import approve_update
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_indicator,
    make_member,
    make_partnership,
    make_period,
    make_project,
    make_role,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
REVIEW = "/review/"
JUMP = {"code": "jump", "params": {"value": "138", "previous": "40"}, "cell": ""}
DOUBLE = {"code": "double", "params": {"value": "138", "count": 1}, "cell": ""}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    make_member(make_user("Head"), cast.a, "partner_administrator")
    make_role(make_user("Olga"), ProjectRoleName.ME_OFFICER, cast.project)
    make_user("Pia", PortalRole.PORTFOLIO_MANAGER)
    return cast


def as_user(user: User | str) -> Client:
    client = Client()
    client.force_login(User.objects.get(name=user) if isinstance(user, str) else user)
    return client


def steps(cast: Cast, *given: str) -> None:
    set_approval_steps(project=cast.project, steps=list(given), by=fresh(cast.alice))


def waiting(cast: Cast, code: str, step: str = "me_officer", **fields: Any) -> Update:
    fields.setdefault("state", UpdateState.SUBMITTED)
    period = make_period(make_indicator(cast.project, code))
    return make_update(period, cast.a, fields.pop("values", 5), by=cast.bob, step=step, **fields)


def groups(page: Any) -> list[tuple[str, int, list[str]]]:
    return [(one["title"], one["count"], [row["title"] for row in one["rows"]]) for one in page.context["groups"]]


def said(answer: Any) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


# ---------------------------------------------------------------- whose turn it is
def test_what_waits_for_the_reader_stands_first(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer", "programme_manager")
    waiting(cast, "1.2", "partner_supervisor", flags=[JUMP])
    waiting(cast, "1.3", "me_officer", flags=[JUMP])
    waiting(cast, "1.4", "me_officer")
    waiting(cast, "1.5", "programme_manager")
    officer = as_user("Olga").get(REVIEW)
    assert groups(officer) == [
        ("With flags", 1, ["Indicator 1.3"]),
        ("Clean", 1, ["Indicator 1.4"]),
        ("Waits for others", 2, ["Indicator 1.2", "Indicator 1.5"]),
    ]
    others = officer.context["groups"][2]["rows"]
    assert [one["sub"].split(" · ")[-1] for one in others] == [
        "waits for: Partner's supervisor",
        "waits for: Programme manager",
    ]
    assert groups(as_user("Head").get(REVIEW)) == [("With flags", 1, ["Indicator 1.2"])]
    assert groups(as_user("Pia").get(REVIEW)) == [("Clean", 1, ["Indicator 1.5"])]


def test_a_step_taken_shows_who_took_it_and_lets_the_reader_take_no_other(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    update = waiting(cast, "1.2")
    client = as_user(cast.alice)
    answer = client.post(f"{REVIEW}{update.pk}/approve/", {"version": update.version, "note": "Fine"})
    assert said(answer) == ["1.2: your step is taken. Next: Programme manager."]
    assert answer.headers["Location"] == REVIEW
    page = client.get(f"{REVIEW}{update.pk}/")
    assert [(one["label"], one["said"][:18], one["waits"]) for one in page.context["steps"]] == [
        ("M&E officer", "approved by Alice,", False),
        ("Programme manager", "waits", True),
    ]
    assert "You took an earlier step of this update" in page.content.decode()
    assert groups(page) == [("Waits for others", 1, ["Indicator 1.2"])]
    assert UpdateDecision.objects.get().note == "Fine"


def test_the_supervisor_of_another_partner_sees_nothing(cast: Cast) -> None:
    """Carol heads B, which reports in the same project."""
    steps(cast, "partner_supervisor", "me_officer")
    make_partnership(cast.project, cast.b)
    make_member(make_user("Clara"), cast.b, "partner_administrator")
    update = waiting(cast, "1.2", "partner_supervisor", flags=[JUMP])
    client = as_user("Clara")
    page = client.get(REVIEW)
    assert (page.status_code, page.context["waiting"]) == (200, 0)
    assert client.get(f"{REVIEW}{update.pk}/").status_code == 404
    for act in ("approve", "return", "answer"):
        assert client.post(f"{REVIEW}{update.pk}/{act}/", {"note": "x", "code": "jump", "text": "x"}).status_code == 404
    assert client.get(f"{REVIEW}rules/").context["rows"][2].cells[1].value == 0


def test_a_set_goes_on_to_its_next_step(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    rows = [waiting(cast, code) for code in ("1.2", "1.3")]
    answer = as_user("Olga").post(f"{REVIEW}approve/", {"ticked": [one.pk for one in rows]})
    assert said(answer) == ["2 updates go on to their next step."]
    assert set(Update.objects.values_list("step", flat=True)) == {"programme_manager"}


def test_the_page_of_an_update_names_who_approved_it(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer")
    update = waiting(cast, "1.2", "partner_supervisor")
    approve_update(update=update, by=User.objects.get(name="Head"))
    approve_update(update=Update.objects.get(pk=update.pk), by=User.objects.get(name="Olga"))
    page = as_user(cast.bob).get(f"/updates/{update.pk}/")
    assert [(one["number"], one["said"].split(",")[0]) for one in page.context["steps"]] == [
        (1, "approved by Head"),
        (2, "approved by Olga"),
    ]


# ---------------------------------------------------------------- flags
def test_an_answered_flag_stays_and_the_row_is_clean(cast: Cast) -> None:
    update = waiting(cast, "1.2", flags=[JUMP])
    client = as_user("Olga")
    assert groups(client.get(REVIEW)) == [("With flags", 1, ["Indicator 1.2"])]
    sent = {"version": update.version, "code": "jump", "text": "Called them"}
    answer = client.post(f"{REVIEW}{update.pk}/answer/", sent)
    assert (said(answer), answer.headers["Location"]) == (
        ["Your answer stands beside the flag."],
        f"{REVIEW}{update.pk}/",
    )
    page = client.get(f"{REVIEW}{update.pk}/")
    assert groups(page) == [("Clean", 1, ["Indicator 1.2"])]
    assert "Confirmed because: “Called them”" in page.content.decode()
    assert page.context["good"] == ["parts add up", "on time"]
    client.post(f"{REVIEW}approve/", {"ticked": [update.pk]})
    update.refresh_from_db()
    assert update.state == UpdateState.APPROVED


def test_an_answer_without_words_is_told(cast: Cast) -> None:
    update = waiting(cast, "1.2", flags=[JUMP])
    answer = as_user("Olga").post(f"{REVIEW}{update.pk}/answer/", {"code": "jump", "text": ""})
    assert said(answer) == ["Say in a sentence why it is right."]


@pytest.mark.parametrize("who, status", [("Bob", 403), ("Carol", 404), ("Dora", 404), ("Pia", 403)])
def test_only_who_takes_the_step_answers(cast: Cast, who: str, status: int) -> None:
    update = waiting(cast, "1.2", flags=[JUMP])
    answer = as_user(who).post(f"{REVIEW}{update.pk}/answer/", {"code": "jump", "text": "x"})
    assert answer.status_code == status


@pytest.mark.parametrize("who, shown", [("Bob", False), ("Head", False), ("Olga", True)])
def test_a_partner_is_not_told_of_another_ones_figure(cast: Cast, who: str, shown: bool) -> None:
    update = waiting(cast, "1.2", flags=[DOUBLE], state=UpdateState.APPROVED)
    page = as_user(who).get(f"/updates/{update.pk}/").content.decode()
    assert ("1 other partner reported the very same 138" in page) == shown


# ---------------------------------------------------------------- filters, order, cost
def test_the_queue_is_narrowed_by_rule_and_step_and_put_in_order(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    one, two = waiting(cast, "1.2", flags=[JUMP]), waiting(cast, "1.3")
    waiting(cast, "1.4", "programme_manager")
    RaisedFlag.objects.create(update=one, code="jump")
    Update.objects.filter(pk=two.pk).update(submitted_at=timezone.now() - timedelta(days=9))
    client = as_user("Olga")
    assert groups(client.get(REVIEW, {"rule": "jump"})) == [("With flags", 1, ["Indicator 1.2"])]
    assert groups(client.get(REVIEW, {"rule": "late"})) == []
    assert groups(client.get(REVIEW, {"step": "programme_manager"})) == [("Waits for others", 1, ["Indicator 1.4"])]
    for order in ("oldest", "newest", "project", "partner"):
        page = client.get(REVIEW, {"sort": order})
        assert [title for title, _count, _rows in groups(page)] == ["With flags", "Clean", "Waits for others"]
        assert page.context["filters_on"] == ["sort"]
    waiting(cast, "1.5")
    newest = {title: rows for title, _count, rows in groups(client.get(REVIEW, {"sort": "newest"}))}
    assert newest["Clean"] == ["Indicator 1.5", "Indicator 1.3"]


def test_the_queue_in_steps_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    steps(cast, "me_officer", "programme_manager")
    first = waiting(cast, "1.2", flags=[JUMP])
    client = as_user("Olga")
    client.get(REVIEW)
    for number in (0, 3):
        for each in range(number):
            waiting(cast, f"2.{each}", "programme_manager" if each else "me_officer")
        with django_assert_num_queries(STATEMENTS):
            client.get(f"{REVIEW}{first.pk}/")


STATEMENTS = 33


# ---------------------------------------------------------------- settings
def test_the_manager_sets_the_steps(cast: Cast) -> None:
    client = as_user(cast.alice)
    address = f"/projects/{cast.project.pk}/settings/steps/"
    assert client.get(address).context["form"]["steps"].value() == ["me_officer"]
    assert client.post(address, {}).status_code == 422
    answer = client.post(address, {"steps": ["programme_manager", "partner_supervisor"]})
    assert answer.headers["Location"] == f"/projects/{cast.project.pk}/settings/"
    assert Project.objects.get(pk=cast.project.pk).approval_steps == ["partner_supervisor", "programme_manager"]
    page = client.get(f"/projects/{cast.project.pk}/settings/").content.decode()
    assert "A figure counts after: Partner&#x27;s supervisor → Programme manager." in page


def test_a_lost_race_about_settings_is_told(cast: Cast) -> None:
    client = as_user(cast.alice)
    for path, data in (("steps/", {"steps": ["me_officer"]}), (f"rules/{cast.indicator.pk}/", {})):
        address = f"/projects/{cast.project.pk}/settings/{path}"
        form = client.get(address).context["form"]
        values = {name: form[name].value() for name in form.fields}
        sent = {name: str(one) for name, one in values.items() if one is not None and one is not False}
        page = client.post(address, {**sent, **data, "version": "0"})
        assert (page.status_code, "so nothing was saved" in page.content.decode()) == (422, True)


def test_why_the_steps_can_not_be_set_stands_above_the_form(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    approve_update(update=waiting(cast, "1.2"), by=User.objects.get(name="Olga"))
    page = as_user(cast.alice).post(f"/projects/{cast.project.pk}/settings/steps/", {"steps": ["me_officer"]})
    assert page.status_code == 422
    assert "1 update has passed every step that would be left." in page.content.decode()


@pytest.mark.parametrize("path", ["steps/", "rules/", "rules/{indicator}/"])
def test_settings_are_closed_to_partners_and_strangers(cast: Cast, path: str) -> None:
    address = f"/projects/{cast.project.pk}/settings/{path.format(indicator=cast.indicator.pk)}"
    assert as_user(cast.bob).get(address).status_code == 403
    for user in (cast.carol, cast.dora):
        assert as_user(user).get(address).status_code == 404
        assert as_user(user).post(address, {}).status_code in (404, 405)


def test_the_rules_of_an_indicator_are_set_and_reset(cast: Cast) -> None:
    client = as_user("Olga")
    base = f"/projects/{cast.project.pk}/settings/rules/"
    address = f"{base}{cast.indicator.pk}/"
    page = client.get(address)
    fields = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    assert (fields["jump"], fields["evidence_missing"], page.context["reset_url"]) == (True, False, "")
    data = {name: "on" if value is True else str(value) for name, value in fields.items() if value is not False}
    del data["late"]
    answer = client.post(address, {**data, "jump/share": "0.5", "evidence_missing": "on"})
    assert answer.headers["Location"] == base
    kept = {"jump": {"share": "0.5"}, "late": {"on": False}, "evidence_missing": {"on": True}}
    assert Indicator.objects.get(pk=cast.indicator.pk).flag_rules == kept
    assert "3 rules" in client.get(base).content.decode()
    wrong = client.post(address, {**data, "jump/share": "1000"})
    assert (wrong.status_code, "jump/share" in wrong.context["form"].errors) == (422, True)
    client.post(client.get(address).context["reset_url"])
    assert Indicator.objects.get(pk=cast.indicator.pk).flag_rules == {}


def test_an_indicator_of_another_project_has_no_address_here(cast: Cast) -> None:
    foreign = make_indicator(cast.other, "9.9")
    address = f"/projects/{cast.project.pk}/settings/rules/{foreign.pk}/"
    assert as_user("Olga").get(address).status_code == 404
    assert as_user("Olga").post(f"{address}reset/").status_code == 404


# ---------------------------------------------------------------- which rules help
@pytest.fixture
def raised(cast: Cast) -> Cast:
    """Two updates jumped, one of them twice: one answered, one corrected. Another project knows a late one of 2024."""
    now = timezone.now()
    one, two = waiting(cast, "1.2"), waiting(cast, "1.3")
    RaisedFlag.objects.create(update=one, code="jump", corrected_at=now)
    RaisedFlag.objects.create(update=one, code="jump", round=2, answered_at=now)
    RaisedFlag.objects.create(update=two, code="jump")
    far = make_update(make_period(make_indicator(cast.other, "7.1")), cast.b, 5)
    RaisedFlag.objects.create(update=far, code="late", raised_at=now.replace(year=2024, month=5, day=1))
    return cast


def counted(page: Any) -> dict[str, list[Any]]:
    rows = {str(row.cells[0].value): [cell.value for cell in row.cells[1:]] for row in page.context["rows"]}
    return {name: values for name, values in rows.items() if values[0]}


def test_each_rule_is_weighed(raised: Cast) -> None:
    page = as_user("Olga").get(f"{REVIEW}rules/")
    assert len(page.context["rows"]) == 11
    assert counted(page) == {"Unusual jump": [2, 1, 1, "50%"]}
    everything = as_user("Pia").get(f"{REVIEW}rules/")
    assert counted(everything) == {"Unusual jump": [2, 1, 1, "50%"], "Late": [1, 0, 0, "0%"]}


def test_the_counts_are_narrowed_by_project_and_year(raised: Cast) -> None:
    client = as_user("Pia")
    assert list(counted(client.get(f"{REVIEW}rules/", {"project": raised.other.pk}))) == ["Late"]
    page = client.get(f"{REVIEW}rules/", {"year": "2024"})
    assert list(counted(page)) == ["Late"]
    assert [str(one.label) for one in page.context["chips"]] == ["Year: 2024"]
    assert list(counted(client.get(f"{REVIEW}rules/", {"year": "nonsense"}))) == ["Late", "Unusual jump"]


def test_nobody_counts_the_flags_of_projects_she_does_not_review(raised: Cast) -> None:
    for name in ("Bob", "Carol", "Dora"):
        assert as_user(name).get(f"{REVIEW}rules/").status_code == 403
    officer = make_user("Far")
    make_role(officer, ProjectRoleName.ME_OFFICER, make_project("FAR-25"))
    page = as_user(officer).get(f"{REVIEW}rules/", {"project": raised.project.pk})
    assert counted(page) == {}


def test_the_counts_are_taken_away_as_a_file(raised: Cast) -> None:
    client = as_user("Olga")
    answer: Any = client.get(f"{REVIEW}rules/", {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Rule,Updates flagged,Answered,Corrected later,Share corrected"
    assert "Unusual jump,2,1,1,0.5" in lines
    sheet: Any = client.get(f"{REVIEW}rules/", {"format": "xlsx"})
    assert b"".join(sheet.streaming_content).startswith(b"PK")
    assert client.get(f"{REVIEW}rules/", {"format": "doc"}).status_code == 404


def test_weighing_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user("Olga")
    client.get(f"{REVIEW}rules/")
    for number in (1, 3):
        for each in range(number):
            RaisedFlag.objects.create(update=waiting(cast, f"{number}.{each}"), code="jump")
        with django_assert_num_queries(11):
            client.get(f"{REVIEW}rules/")


def test_the_explanation_names_each_step(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer")
    update = waiting(cast, "1.2", "partner_supervisor")
    approve_update(update=update, by=User.objects.get(name="Head"))
    approve_update(update=Update.objects.get(pk=update.pk), by=User.objects.get(name="Olga"))
    query: dict[str, Any] = {"indicator": update.indicator_id, "period": update.period.code}
    page = as_user("Olga").get(f"/projects/{cast.project.pk}/results/", query)
    [row] = page.context["panel"]["rows"]
    assert row["sub"].endswith("Head (step 1), Olga (step 2)")
