"""Across projects: the list of corporate indicators, a figure explained, and declaring its parts."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.models import CorporateIndicator, CorporateMapping
from projects.services.rollup import roll_up_all
from tests.factories import Cast, make_cast, make_indicator, make_period, make_update, make_user
from tests.factories_library import make_corporate

pytestmark = pytest.mark.django_db
LIST = "/corporate/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def max_(cast: Cast) -> Client:
    return as_user(make_user("Max", PortalRole.PORTFOLIO_MANAGER))


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def some(cast: Cast, code: str = "") -> CorporateIndicator:
    """One with two parts, in A's project and in B's."""
    corporate = make_corporate(code)
    for project, organisation, number in ((cast.project, cast.a, 30), (cast.other, cast.b, 12)):
        name = f"{corporate.code}-{number}"
        indicator = make_indicator(project, name, titles={"en": f"Counted {name}"}, units={"en": "people"})
        make_update(make_period(indicator), organisation, number)
        CorporateMapping.objects.create(corporate=corporate, indicator=indicator)
    roll_up_all()
    return corporate


def test_the_list_tells_figures_of_visible_projects(
    cast: Cast, max_: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    some(cast, "C-1")
    max_.get(LIST)
    for more in (0, 3):
        for number in range(more):
            some(cast, f"D-{number}")
        with django_assert_num_queries(15):
            assert max_.get(LIST).status_code == 200
    shown = {
        user.name: as_user(user).get(LIST, {"search": "c-1"}).context["rows"][0].cells[3].value
        for user in (cast.alice, cast.bob, cast.carol, cast.dora)
    }
    assert shown == {"Alice": "30", "Bob": "30", "Carol": "12", "Dora": "Not reported"}
    assert max_.get(LIST, {"year": "2026", "search": "c-1"}).context["rows"][0].cells[3].value == "42"
    assert max_.get(LIST, {"year": "2025", "search": "c-1"}).context["rows"][0].cells[3].value == "Not reported"
    assert max_.get(LIST, {"in_use": "false"}).context["rows"] == []
    assert b"".join(max_.get(LIST, {"format": "csv"}).streaming_content).count(b"\n") == 5


def test_a_figure_is_explained_by_its_parts(
    cast: Cast, max_: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = f"{LIST}{some(cast, 'C-1').pk}/"
    max_.get(url)
    with django_assert_num_queries(15):
        page = max_.get(url)
    assert (page.context["figure"], [one["figure"] for one in page.context["parts"]]) == ("42", ["12", "30"])
    assert page.context["lead"].startswith("Sum of what 2 of 2 indicators report")
    carol = as_user(cast.carol).get(url)
    assert [one["name"] for one in carol.context["parts"]] == ["OTH-25 / C-1-12 Counted C-1-12"]
    assert ("STR-25" in carol.content.decode(), len(carol.context["mappings"])) == (False, 1)
    assert as_user(cast.dora).get(url).context["parts"] == []
    for wanted, sign in (("csv", b"OTH-25"), ("xlsx", b"PK")):
        assert sign in b"".join(as_user(cast.carol).get(url, {"format": wanted}).streaming_content)
    assert b"STR-25" not in b"".join(as_user(cast.carol).get(url, {"format": "csv"}).streaming_content)
    assert max_.get(url, {"format": "pdf"}).status_code == 404
    assert max_.get(f"{LIST}999999/").status_code == 404


def test_one_is_made_changed_and_its_parts_declared(cast: Cast, max_: Client) -> None:
    said: dict[str, Any] = {
        "code": "C-1", "titles_en": "People reached", "units_en": "people", "measure": "count",
        "across_projects": "sum", "decimals": "0", "is_active": "on",
    }  # fmt: skip
    assert max_.get(f"{LIST}new/").status_code == 200
    assert max_.post(f"{LIST}new/", {**said, "across_projects": "weighted_ratio"}).status_code == 422
    assert max_.post(f"{LIST}new/", said).status_code == 302
    row = CorporateIndicator.objects.get()
    url = f"{LIST}{row.pk}/"
    assert max_.get(f"{url}change/").status_code == 200
    assert max_.post(f"{url}change/", {**said, "titles_en": "Reached", "version": 1}).status_code == 302
    indicator = make_indicator(cast.project, "7", units={"en": "families"})
    part = {"indicator": indicator.pk, "factor": "7/2", "note": "3.5 each"}
    assert max_.get(f"{url}parts/new/").status_code == 200
    for wrong in ({"factor": "0"}, {"factor": "x"}, {"factor": "1/0"}, {"factor": ""}, {"note": ""}, {"indicator": ""}):
        assert max_.post(f"{url}parts/new/", {**part, **wrong}).status_code == 422
    assert max_.post(f"{url}parts/new/", part).status_code == 302
    mapping = CorporateMapping.objects.get()
    assert (mapping.factor_top, mapping.factor_bottom, mapping.note) == (7, 2, "3.5 each")
    assert max_.get(url).context["parts"][0]["factor"] == "× 7/2"
    assert max_.post(f"{url}parts/{mapping.pk}/remove/").status_code == 302
    assert CorporateMapping.objects.count() == 0


def test_others_read_but_do_not_change(cast: Cast) -> None:
    corporate = some(cast)
    mapping = corporate.mappings.all()[0]
    for user in (cast.alice, cast.bob, cast.carol, cast.dora):
        client = as_user(user)
        for path in ("new/", f"{corporate.pk}/change/", f"{corporate.pk}/parts/new/"):
            assert (client.get(f"{LIST}{path}").status_code, client.post(f"{LIST}{path}").status_code) == (403, 403)
        assert client.post(f"{LIST}{corporate.pk}/parts/{mapping.pk}/remove/").status_code == 403
    assert corporate.mappings.count() == 2
