"""The pages of the indicator library: searched, narrowed, taken away; defined, changed, taken into a framework."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from projects.models import FocusArea, Indicator, IndicatorDefinition
from tests.factories import Cast, make_cast, make_dimension, make_indicator, make_user
from tests.factories_library import make_definition

pytestmark = pytest.mark.django_db
LIST = "/library/"


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


def codes(client: Client, **asked: str) -> list[str]:
    return [row.source.code for row in client.get(LIST, asked).context["rows"]]


def test_the_list_takes_the_same_statements_at_any_length(
    cast: Cast, max_: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_definition(codes=[("sdg", "5.2.1")])
    max_.get(LIST)
    for more in (0, 3):
        for number in range(more):
            definition = make_definition(codes=[("sdg", "5.2.1"), ("ESF+", str(number))])
            make_indicator(cast.project, f"7.{number}", definition=definition)
        with django_assert_num_queries(12):
            assert max_.get(LIST).status_code == 200


def test_definitions_are_found_by_what_they_are(cast: Cast, max_: Client) -> None:
    area = FocusArea.objects.all()[0]
    one = make_definition("A-1", codes=[("sdg", "5.2.1"), ("ESF+", "EECR01")], search_text="a-1 εργασια")
    one.focus_areas.add(area)
    make_definition("B-1", codes=[("sdg", "15.2.1")], measure="percentage", is_active=False)
    make_indicator(cast.other, "7", definition=one)
    assert codes(max_) == ["A-1", "B-1"]
    asked: dict[str, dict[str, str]] = {
        "A-1": {"search": "εργασία"},
        "A-1 ": {"focus_area": str(area.pk)},
        "A-1  ": {"goal": "5"},
        "A-1   ": {"scheme": "ESF+"},
        "A-1    ": {"used": "true"},
        "A-1     ": {"offered": "true"},
        "B-1": {"measure": "percentage"},
        "B-1 ": {"goal": "15"},
        "B-1  ": {"used": "false"},
        "B-1   ": {"offered": "false"},
        "B-1    ": {"sort": "-code", "search": ""},
    }
    assert {code: codes(max_, **said)[0] for code, said in asked.items()} == {code: code.strip() for code in asked}
    assert codes(as_user(cast.bob), used="true") == []
    assert codes(as_user(cast.carol), used="true") == ["A-1"]


@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_the_list_is_taken_away(max_: Client, wanted: str) -> None:
    make_definition("A-1", codes=[("sdg", "5.2.1")])
    made = b"".join(max_.get(LIST, {"format": wanted}).streaming_content)
    assert made[:2] == b"PK" if wanted == "xlsx" else b"5.2.1" in made


def test_a_definition_shows_its_uses_in_visible_projects(
    cast: Cast, max_: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    definition = make_definition(guidance="Count people once.", dimensions=[make_dimension("sex")])
    url = f"{LIST}{definition.pk}/"
    max_.get(url)
    for number in range(2):
        make_indicator(cast.project, f"7.{number}", definition=definition, units={"en": "hours"})
        with django_assert_num_queries(14):
            assert max_.get(url).status_code == 200
    page = max_.get(url).content.decode()
    assert page.count("Differs from the library in: Title, Unit, Broken down by") == 2
    assert "Count people once." in page
    assert [one["title"] for one in as_user(cast.carol).get(url).context["uses"]] == []
    assert as_user(cast.bob).get(f"{LIST}999999/").status_code == 404


SAID: dict[str, Any] = {
    "code": "EMP-1",
    "titles_en": "People in work",
    "measure": "count",
    "direction": "ascending",
    "across_partners": "sum",
    "across_time": "sum",
    "decimals": "0",
    "is_active": "on",
    "sdg": "8.5.2, 8.6.1",
    "donors": "ESF+: EECR01\nAMIF : 1.2",
}


def test_a_definition_is_made_and_changed(max_: Client) -> None:
    assert max_.get(f"{LIST}new/").status_code == 200
    assert max_.post(f"{LIST}new/", {**SAID, "donors": "EECR01"}).status_code == 422
    assert max_.post(f"{LIST}new/", {**SAID, "sdg": "99.1.1"}).status_code == 422
    assert max_.post(f"{LIST}new/", SAID).status_code == 302
    row = IndicatorDefinition.objects.get()
    assert [(one.scheme, one.code) for one in row.codes.all()] == [
        ("AMIF", "1.2"), ("ESF+", "EECR01"), ("sdg", "8.5.2"), ("sdg", "8.6.1"),
    ]  # fmt: skip
    url = f"{LIST}{row.pk}/change/"
    form = max_.get(url).context["form"]
    assert (form.initial["sdg"], form.initial["donors"]) == ("8.5.2, 8.6.1", "AMIF: 1.2\nESF+: EECR01")
    assert max_.post(url, {**SAID, "code": "X", "titles_en": "In work", "version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.code, row.titles, row.is_active) == ("EMP-1", {"en": "In work"}, True)
    assert max_.post(url, {**SAID, "version": "1"}).status_code == 422


def test_others_read_but_do_not_change(cast: Cast) -> None:
    row = make_definition()
    for user in (cast.bob, cast.carol, cast.dora):
        client = as_user(user)
        assert client.get(LIST).status_code == 200
        assert client.get(LIST).context["acts"][0]["refused"] != ""
        assert client.get(f"{LIST}{row.pk}/").status_code == 200
        for path in ("new/", f"{row.pk}/change/"):
            assert (client.get(f"{LIST}{path}").status_code, client.post(f"{LIST}{path}").status_code) == (403, 403)


def test_an_indicator_is_taken_into_the_framework(cast: Cast) -> None:
    definition, client = make_definition("EMP-1"), as_user(cast.alice)
    url = f"/projects/{cast.project.pk}/results/from-library/"
    assert client.get(url, {"definition": definition.pk}).status_code == 200
    said = {"definition": definition.pk, "result": cast.indicator.result_id, "periods": "on"}
    assert client.post(url, said).status_code == 302
    row = Indicator.objects.get(code="EMP-1")
    assert (row.definition, row.periods.count()) == (definition, 4)
    assert client.post(url, said).status_code == 422
    assert (
        client.post(url, {"definition": definition.pk, "result": cast.indicator.result_id, "code": "2"}).status_code
        == 302
    )
    assert Indicator.objects.get(code="2").periods.count() == 0
    assert as_user(cast.bob).get(url).status_code == 403
    for user in (cast.carol, cast.dora):
        assert (as_user(user).get(url).status_code, as_user(user).post(url, said).status_code) == (404, 404)
