"""Which doors each role has, how much waits behind them, and what a person is here."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.menu import doors, menu, role_line
from projects.choices import ProjectRoleName, UpdateState
from tests.factories import Cast, fresh, make_cast, make_indicator, make_period, make_role, make_update, make_user
from tests.factories_voices import make_feedback

pytestmark = pytest.mark.django_db
ALL = ["/home/", "/projects/", "/partners/", "/corporate/", "/library/", "/notices/", "/"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def lines(user: User, path: str = "/home/") -> dict[str, tuple[int, bool]]:
    groups = doors(fresh(user), path)
    return {line["url"]: (line["count"], line["current"]) for group in groups for line in group}


def urls(user: User) -> set[str]:
    return set(lines(user)) - set(ALL)


def test_each_role_has_its_doors(cast: Cast) -> None:
    petra = make_user("Petra", PortalRole.PORTAL_ADMINISTRATOR)
    fay = make_user("Fay")
    make_role(fay, ProjectRoleName.FUNDER_VIEWER, cast.project)
    work = {"/review/", "/voices/", "/reports/"}
    enter = {"/enter/", "/enter/sent/"}
    assert urls(cast.bob) == enter | {"/reports/"}
    assert urls(cast.dora) == set()
    assert "/sensitive/" in urls(cast.sofia)
    assert work <= urls(cast.alice)
    assert "/sensitive/" not in urls(cast.alice)
    assert {url for url in urls(petra) if url.startswith("/administration/")} == {
        "/administration/users/",
        "/administration/jobs/",
        "/administration/audit/",
        "/administration/mail/",
    }
    assert "/voices/" not in urls(petra) | urls(fay)


def test_everybody_has_the_common_doors(cast: Cast) -> None:
    assert [url for url in ALL if url not in lines(cast.dora)] == []


def test_what_waits_is_counted_for_who_may_do_it(cast: Cast) -> None:
    make_update(cast.period, cast.a, state=UpdateState.SUBMITTED)
    make_feedback(cast.project)
    counted = lines(cast.alice)
    assert (counted["/review/"][0], counted["/voices/"][0], counted["/notices/"][0]) == (1, 1, 0)


@pytest.mark.parametrize(
    "path, current",
    [
        ("/home/", "/home/"),
        ("/enter/12/", "/enter/"),
        ("/enter/sent/", "/enter/sent/"),
        ("/projects/3/", "/projects/"),
        ("/elsewhere/", ""),
    ],
)
def test_the_door_where_one_stands_is_marked(cast: Cast, path: str, current: str) -> None:
    assert "".join(url for url, (_count, is_current) in lines(cast.bob, path).items() if is_current) == current


def test_the_role_line_names_the_highest_role_else_the_organisation(cast: Cast) -> None:
    both = make_user("Max", PortalRole.PORTFOLIO_MANAGER)
    make_role(both, ProjectRoleName.ME_OFFICER, cast.project)
    people = (both, cast.alice, cast.sofia, cast.bob, cast.dora)
    assert [role_line(fresh(one)) for one in people] == [
        "Portfolio manager",
        "Project manager",
        "Safeguarding focal point",
        "Organisation A",
        "",
    ]


def test_nobody_signed_in_has_an_empty_menu() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert menu(request) == {"menu": []}
    del request.user
    assert menu(request) == {"menu": []}


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_the_menu_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_update(make_period(make_indicator(cast.project, f"7.{number}")), cast.a, state=UpdateState.SUBMITTED)
        make_feedback(cast.project)
    user = fresh(cast.alice)
    with django_assert_num_queries(8):
        doors(user, "/home/")


def test_every_door_opens(client: Client, cast: Cast) -> None:
    make_role(cast.sofia, ProjectRoleName.PROJECT_MANAGER, cast.project)
    for user in (cast.alice, cast.bob, cast.sofia, cast.dora, make_user("Petra", PortalRole.PORTAL_ADMINISTRATOR)):
        client.force_login(user)
        answers = {url: client.get(url).status_code for url in lines(user)}
        assert {url: code for url, code in answers.items() if code != 200} == {}
