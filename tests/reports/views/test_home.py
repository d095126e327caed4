"""Home as each role finds it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from beneficiaries.choices import VoiceNotice
from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.notifications.services import mark_read, notify
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Risk
from reports.views.home import lead
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_obligation,
    make_period,
    make_role,
    make_update,
    make_user,
)
from tests.factories_voices import make_feedback

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def home(client: Client, user: User, **query: str) -> Any:
    client.force_login(user)
    page = client.get("/home/", query)
    assert page.status_code == 200
    return page


def heaps(page: Any) -> dict[str, list[str]]:
    return {str(heap["name"]): [str(one["title"]) for one in heap["tasks"]] for heap in page.context["heaps"]}


def risk(cast: Cast, days: int) -> Risk:
    review_on = timezone.localdate() + timedelta(days=days)
    return Risk.objects.create(
        project=cast.project, title=f"In {days}", likelihood=3, impact=4, owner=cast.alice, review_on=review_on
    )


def test_a_contributor_enters_what_is_late_this_week_or_later(client: Client, cast: Cast) -> None:
    day = timezone.localdate()
    for month, days in ((1, -1), (2, 7), (3, 20)):
        make_obligation(
            make_period(make_indicator(cast.project, f"2.{month}"), month), cast.a, due_on=day + timedelta(days=days)
        )
    page = home(client, cast.bob)
    words = "Send 1 figure of Project STR-25"
    assert heaps(page) == {"Late": [words], "This week": [words], "Later": [words]}
    assert page.context["lead"] == "1 thing is late, 1 is for this week, 1 can wait."
    assert [[one["main"] for one in heap["tasks"]] for heap in page.context["heaps"]] == [[True], [False], [False]]
    assert [str(heap["tasks"][0]["badge"].word) for heap in page.context["heaps"][:1]] == ["1 day late"]
    assert [one["code"] for one in page.context["projects"]] == ["STR-25"]
    assert "spent" not in [row["label"] for row in page.context["projects"][0]["rows"]]


def test_manager_and_officer_find_reviews_messages_and_risks(client: Client, cast: Cast) -> None:
    make_update(cast.period, cast.a, state=UpdateState.SUBMITTED)
    make_feedback(cast.project, reference="LATE", promised_on=timezone.localdate() - timedelta(days=1))
    risk(cast, 7)
    page = home(client, cast.alice)
    assert heaps(page) == {
        "Late": ["Answer message LATE"],
        "This week": ["Review 1 update", "Look again at: In 7"],
        "Later": [],
    }
    assert [row["label"] for row in page.context["projects"][0]["rows"]] == ["at plan", "needs met", "spent"]


def test_the_focal_point_and_the_administrator_find_their_doors(client: Client, cast: Cast) -> None:
    html = home(client, cast.sofia).content.decode()
    assert ("/sensitive/" in html, "/administration/users/" in html) == (True, False)
    html = home(client, make_user("Petra", PortalRole.PORTAL_ADMINISTRATOR)).content.decode()
    assert ("/sensitive/" in html, "/administration/users/" in html, "/voices/" in html) == (False, True, False)


def test_a_funder_sees_her_project_and_no_work(client: Client, cast: Cast) -> None:
    make_feedback(cast.project)
    make_update(cast.period, cast.a, state=UpdateState.SUBMITTED)
    fay = make_user("Fay")
    make_role(fay, ProjectRoleName.FUNDER_VIEWER, cast.project)
    page = home(client, fay)
    assert (page.context["nothing"], heaps(page)) == (True, {"Late": [], "This week": [], "Later": []})
    assert "Funder viewer" in page.content.decode()


@pytest.mark.parametrize("who", ["carol", "dora"])
def test_who_is_not_of_the_project_reads_nothing_of_it(client: Client, cast: Cast, who: str) -> None:
    make_obligation(cast.period, cast.a)
    make_update(cast.period, cast.a, state=UpdateState.SUBMITTED)
    make_feedback(cast.project, reference="SECRET")
    risk(cast, 0)
    html = home(client, getattr(cast, who)).content.decode()
    assert [word for word in ("STR-25", "SECRET", "In 0") if word in html] == []
    assert "Nothing waits for you." in html


def test_a_newcomer_is_told_that_nothing_waits(client: Client, cast: Cast) -> None:
    page = home(client, cast.dora)
    html = page.content.decode()
    words = ["Nothing waits for you.", "No running project is yours.", "Nothing new."]
    assert [word for word in words if word not in html] == []
    assert (page.context["lead"], page.context["projects"], list(page.context["notices"])) == (words[0], [], [])


def test_new_notices_of_ones_own_are_told(client: Client, cast: Cast) -> None:
    notify(cast.bob, VoiceNotice.ASSIGNED, params={"reference": "X"}, link="/notices/")
    notify(cast.carol, VoiceNotice.ASSIGNED, params={"reference": "Y"}, link="/notices/")
    assert [one.user for one in home(client, cast.bob).context["notices"]] == [cast.bob]
    mark_read(notices=None, by=cast.bob)
    assert list(home(client, cast.bob).context["notices"]) == []


@pytest.mark.parametrize(
    "counts, said",
    [
        ((0, 0, 0), "Nothing waits for you."),
        ((2, 0, 0), "2 things are late."),
        ((1, 2, 0), "1 thing is late, 2 are for this week."),
        ((0, 0, 3), "3 can wait."),
    ],
)
def test_the_lead_counts_only_what_there_is(counts: tuple[int, int, int], said: str) -> None:
    assert lead(*counts) == said


def test_home_speaks_greek(client: Client, cast: Cast) -> None:
    html = home(client, cast.alice, language="el").content.decode()
    assert '<html lang="el"' in html
    assert "Έργο STR-25" in html


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_home_do_not_grow(client: Client, cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_update(make_period(make_indicator(cast.project, f"3.{number}")), cast.a, state=UpdateState.SUBMITTED)
        make_feedback(cast.project)
        risk(cast, 0)
        make_role(cast.alice, ProjectRoleName.PROJECT_MANAGER, cast.other) if number == 1 else None
    home(client, cast.alice)
    with django_assert_num_queries(29):
        client.get("/home/")
