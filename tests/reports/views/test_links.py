"""Every address that Home, portfolio and Overview show leads somewhere for the person who sees it."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.choices import UpdateState
from projects.models import Legacy, LegacyCheck, Project, Risk
from tests.factories import Cast, make_cast, make_indicator, make_obligation, make_period, make_update, make_user
from tests.factories_voices import make_decision, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Everything that makes a link, all of it due today."""
    made, day = make_cast(), timezone.localdate()
    Project.objects.filter(pk=made.project.pk).update(is_published=True)
    make_obligation(make_period(made.indicator, 2), made.a, due_on=day)
    make_update(make_period(make_indicator(made.project, "2")), made.a, state=UpdateState.SUBMITTED)
    make_feedback(made.project, promised_on=day)
    Risk.objects.create(project=made.project, title="Rain", likelihood=3, impact=4, owner=made.alice, review_on=day)
    legacy = Legacy.objects.create(project=made.project, kind="service", titles={"en": "Clinic"})
    LegacyCheck.objects.create(legacy=legacy, months=12, due_on=day - timedelta(days=1))
    make_round(made.project, (make_need(made.project), 12, 9), held_on=date(2026, 6, 1))
    make_decision(made.project, made.alice)
    return made


def dead(client: Client, user: User, address: str) -> dict[str, int]:
    """The links of the page's main part that don't open, with their status."""
    client.force_login(user)
    html = client.get(address).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    links = {link.split("#")[0] for link in re.findall(r'href="(/(?!static/)[^"]*)"', main)} - {""}
    answers = {link: client.get(link.replace("&amp;", "&")).status_code for link in sorted(links)}
    return {link: status for link, status in answers.items() if status not in (200, 302)}


@pytest.mark.parametrize("who", ["alice", "bob", "carol", "dora", "sofia"])
@pytest.mark.parametrize("address", ["/home/", "/projects/"])
def test_links_of_first_pages_open(client: Client, cast: Cast, who: str, address: str) -> None:
    assert dead(client, getattr(cast, who), address) == {}


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_links_of_the_overview_open(client: Client, cast: Cast, who: str) -> None:
    assert dead(client, getattr(cast, who), f"/projects/{cast.project.pk}/") == {}


def test_links_of_who_sees_all_open(client: Client, cast: Cast) -> None:
    manager = make_user("Max", PortalRole.PORTFOLIO_MANAGER)
    assert [dead(client, manager, one) for one in ("/home/", f"/projects/{cast.project.pk}/")] == [{}, {}]
