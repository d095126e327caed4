"""Submitted, not yet approved: shown apart on the page of results, and to officers only."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Update
from projects.services.updates import approve_update, revise_update, submit_update
from tests.factories import Cast, fresh, make_cast, make_indicator, make_period, make_role, make_update, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """January says 10 and is approved; 7 of February waits."""
    cast = make_cast()
    make_user("Pia", PortalRole.PORTFOLIO_MANAGER)
    make_role(make_user("Fay"), ProjectRoleName.FUNDER_VIEWER, cast.project)
    first = make_update(cast.period, cast.a, 10, by=cast.bob, state=UpdateState.SUBMITTED)
    approve_update(update=first, by=cast.alice)
    make_update(make_period(cast.indicator, 2), cast.a, 7, by=cast.bob, state=UpdateState.SUBMITTED)
    return cast


def page(cast: Cast, who: str, **query: str) -> Any:
    client = Client()
    client.force_login(fresh(User.objects.get(name=who)))
    return client.get(f"/projects/{cast.project.pk}/results/", query)


def rows(answer: Any) -> list[tuple[str, str, str]]:
    found = [row for card in answer.context["cards"] for row in card["indicators"] if "code" in row]
    return [(row["code"], str(row["actual"]), row["would"]) for row in found]


@pytest.mark.parametrize("who", ["Alice", "Pia"])
def test_officers_see_it_apart_where_they_ask(cast: Cast, who: str) -> None:
    assert rows(page(cast, who)) == [("1.1", "10", "")]
    asked = page(cast, who, submitted="1")
    assert rows(asked) == [("1.1", "10", "17 with 1 submitted, not yet approved")]
    assert "17 with 1 submitted, not yet approved" in asked.content.decode()
    assert [str(one.label) for one in asked.context["chips"]] == ["Figures: Approved, and with what is submitted"]


@pytest.mark.parametrize("who", ["Bob", "Fay"])
def test_partners_and_funders_are_told_approved_figures_only(cast: Cast, who: str) -> None:
    asked = page(cast, who, submitted="1")
    assert rows(asked) == [("1.1", "10", "")]
    assert "not yet approved" not in asked.content.decode()
    assert "submitted" not in asked.context["filterset"]["form"].fields


@pytest.mark.parametrize("who", ["Carol", "Dora"])
def test_others_see_nothing_of_the_project(cast: Cast, who: str) -> None:
    assert page(cast, who, submitted="1").status_code == 404


def test_of_one_period_what_waits_in_it(cast: Cast) -> None:
    february = page(cast, "Alice", submitted="1", period="2026-02/2026-02")
    assert rows(february) == [("1.1", "None", "7 with 1 submitted, not yet approved")]
    assert rows(page(cast, "Alice", submitted="1", period="2026-01/2026-01")) == [("1.1", "10", "")]


def test_a_correction_that_waits_stands_for_what_it_revises(cast: Cast) -> None:
    revision = revise_update(update=Update.objects.get(state=UpdateState.APPROVED), reason="Two too many", by=cast.bob)
    revision.values.update(numerator=8)
    submit_update(update=revision, by=cast.bob)
    assert rows(page(cast, "Alice", submitted="1")) == [("1.1", "10", "15 with 2 submitted, not yet approved")]


def test_it_costs_one_statement_whatever_waits(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    page(cast, "Alice")
    for number in (0, 3):
        for each in range(number):
            period = make_period(make_indicator(cast.project, f"2.{each}"))
            make_update(period, cast.a, 5, by=cast.bob, state=UpdateState.SUBMITTED)
        client = Client()
        client.force_login(fresh(cast.alice))
        with django_assert_num_queries(26):
            client.get(f"/projects/{cast.project.pk}/results/", {"submitted": "1"})
