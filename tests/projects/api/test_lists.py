"""`/places/ /categories/ /indicators/ /obligations/`: what they show, filter and order, and nobody sees another's."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from projects.models import Category, Dimension, Obligation, Place
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_place,
    make_result,
    make_update,
)
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "updates:write", "projects:read"))


def ids(api: Api, path: str) -> list[int]:
    return [row["id"] for row in api.get(path).json()["results"]]


# ---------------------------------------------------------------- what is due
def test_an_obligation_names_exactly_what_post_takes(cast: Cast, api: Api) -> None:
    owed = make_obligation(cast.period, cast.a)
    row = api.get("obligations/").json()["results"][0]
    assert {name: row[name] for name in ("id", "indicator", "period", "place", "organisation", "update", "links")} == {
        "id": owed.pk,
        "indicator": cast.indicator.pk,
        "period": cast.period.pk,
        "place": None,
        "organisation": cast.a.pk,
        "update": None,
        "links": {"update": None},
    }
    assert (row["indicator_code"], row["period_code"], row["place_code"], row["due_date"], row["state"]) == (
        "STR-25/1.1", "2026-01/2026-01", None, "2026-03-02", "overdue",
    )  # fmt: skip
    given = {name: row[name] for name in ("indicator", "period", "place")}
    made = api.post("updates/", {**given, "total": "5"})
    assert (made.status_code, made.json()["obligation"]["id"]) == (201, owed.pk)
    row = api.get("obligations/").json()["results"][0]
    assert (row["update"], row["state"]) == (made.json()["id"], "overdue")
    assert row["links"] == {"update": f"http://testserver/api/v1/updates/{made.json()['id']}/"}


def test_an_obligation_names_its_place(cast: Cast, api: Api) -> None:
    place = make_place("GR-I")
    make_obligation(cast.period, cast.a, place=place)
    row = api.get("obligations/?place=GR-I").json()["results"][0]
    assert (row["place"], row["place_code"]) == (place.pk, "GR-I")


def test_states_on_their_days(cast: Cast, api: Api) -> None:
    today = timezone.localdate()
    days = {"not_due": (1, 31), "due": (-1, 29), "overdue": (-31, -1)}
    for number, (ends, due) in enumerate(days.values()):
        ends_on = today + timedelta(days=ends)
        period = make_period(make_indicator(cast.project, f"2.{number}"), due_on=today + timedelta(days=due))
        period.starts_on, period.ends_on = ends_on - timedelta(days=20), ends_on
        period.save()
        make_obligation(period, cast.a)
    for number, state in enumerate(("submitted", "returned", "approved", "draft")):
        period = make_period(make_indicator(cast.project, f"3.{number}"))
        make_obligation(period, cast.a, update=make_update(period, cast.a, 1, state=state))
    states = [row["state"] for row in api.get("obligations/").json()["results"]]
    assert states == ["submitted", "returned", "approved", "overdue", "overdue", "due", "not_due"]
    for state in ("not_due", "due", "submitted", "returned", "approved"):
        assert [row["state"] for row in api.get(f"obligations/?state={state}").json()["results"]] == [state]
    assert len(ids(api, "obligations/?state=overdue")) == 2
    problem(api.get("obligations/?state=late"), 400, "invalid_choice")


def test_by_due_date_then_id_with_pages(cast: Cast, api: Api) -> None:
    rows = [
        make_obligation(make_period(cast.indicator, month), cast.a, due_on=date(2026, 6, day))
        for month, day in ((2, 9), (3, 7), (4, 9), (5, 8))
    ]
    wanted = [rows[1].pk, rows[3].pk, rows[0].pk, rows[2].pk]
    assert ids(api, "obligations/") == wanted
    first = api.get("obligations/?page_size=3").json()
    rest = api.get(first["next"].removeprefix("http://testserver")).json()
    assert [row["id"] for row in (*first["results"], *rest["results"])] == wanted
    assert ids(api, "obligations/?ordering=-due_date") == wanted[::-1]
    problem(api.get("obligations/?ordering=due_on"), 400, "unknown_ordering")


OBLIGATION_FILTERS = {
    "project": "STR-25", "project_code": "STR-25", "indicator": "STR-25/1.1", "indicator_code": "STR-25/1.1",
    "period": "2026-01/2026-01", "period_code": "2026-01/2026-01", "organisation": "A", "organisation_code": "A",
    "place": "GR-I", "place_code": "GR-I", "due_date": "2026-03-02", "due_before": "2026-03-03", "state": "submitted",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(OBLIGATION_FILTERS))
def test_obligations_are_filtered_by_what_they_show(cast: Cast, name: str) -> None:
    owed = make_obligation(cast.period, cast.a, place=make_place("GR-I"), update=make_update(
        cast.period, cast.a, 1, state="submitted"))  # fmt: skip
    make_obligation(make_period(make_indicator(cast.other), 2), cast.b, due_on=date(2026, 4, 1))
    cast.alice.role_grants.create(role="portfolio_manager")
    assert ids(signed_in(cast.alice), f"obligations/?{name}={OBLIGATION_FILTERS[name]}") == [owed.pk]


def test_a_draft_is_linked_for_its_own_organisation_alone(cast: Cast, api: Api) -> None:
    draft = make_update(cast.period, cast.a, 5, state="draft")
    make_obligation(cast.period, cast.a, update=draft)
    assert api.get("obligations/").json()["results"][0]["update"] == draft.pk
    row = signed_in(cast.alice).get("obligations/").json()["results"][0]
    assert (row["update"], row["links"]) == (None, {"update": None})


@pytest.mark.parametrize("number", [1, 4])
def test_obligations_have_a_fixed_number_of_statements(cast: Cast, api: Api, number: int) -> None:
    for month in range(1, 1 + number):
        period = make_period(make_indicator(cast.project, f"2.{month}"), month)
        make_obligation(period, cast.a, place=make_place(f"P-{month}"), update=make_update(period, cast.a, 1))
    api.get("obligations/")
    statements, answer = counted(lambda: api.get("obligations/"))
    assert (statements, len(answer.json()["results"])) == (OBLIGATIONS, number)


OBLIGATIONS, INDICATORS, PLACES, CATEGORIES = 3, 5, 2, 3


# ---------------------------------------------------------------- indicators
def test_an_indicator_by_id_and_by_code(cast: Cast, api: Api) -> None:
    cast.indicator.dimensions.set([make_dimension("ward", "north", "south")])
    told = api.get(f"indicators/{cast.indicator.pk}/").json()
    assert (told["code"], told["project_code"], told["result_code"], told["measure"], told["titles"]) == (
        "STR-25/1.1", "STR-25", "1", "count", {"en": "Indicator 1.1"},
    )  # fmt: skip
    assert told["dimensions"] == [
        {"code": "ward", "titles": {"en": "ward"}, "is_exclusive": True, "categories": ["north", "south"]}
    ]
    for path in ("indicators/STR-25/1.1/", "indicators/STR-25%2F1.1/"):
        answer = api.get(path)
        assert (answer.status_code, answer.json(), answer["ETag"]) == (200, told, '"1"')
    for path in ("indicators/STR-25/9/", "indicators/999/", "indicators/STR-25/", "indicators/a/b/c/d/"):
        problem(api.get(path), 404, "not_found")


INDICATOR_FILTERS = {
    "code": "STR-25/1.1", "project": "STR-25", "project_code": "STR-25", "result": "", "result_code": "1",
    "titles": "Indicator 1.1", "definitions": "People", "units": "people", "measure": "count",
    "direction": "ascending", "is_cumulative": "true", "is_share": "false", "across_partners": "maximum",
    "across_time": "latest", "scale_minimum": "1", "scale_maximum": "5", "decimals": "2", "evidence_required": "true",
    "source": "List", "is_active": "true", "dimensions": "ward", "search": "INDICATOR 1.1",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(INDICATOR_FILTERS))
def test_indicators_are_filtered_by_what_they_show(cast: Cast, name: str) -> None:
    cast.indicator.delete()
    first = make_indicator(
        cast.project, "1.1", definitions={"en": "People"}, units={"en": "people"}, is_cumulative=True, is_share=False,
        across_partners="maximum", across_time="latest", scale_minimum=1, scale_maximum=5, decimals=2,
        evidence_required=True, source="List", dimensions=[make_dimension("ward", "north")],
        search_text="indicator 1.1",
    )  # fmt: skip
    make_indicator(
        cast.other, "9.9", result=make_result(cast.other, "9"), measure="amount", direction="descending",
        is_active=False, search_text="other",
    )  # fmt: skip
    cast.alice.role_grants.create(role="portfolio_manager")
    wanted = INDICATOR_FILTERS[name] or first.result_id  # digits are an id: several projects have a result "1"
    assert ids(signed_in(cast.alice), f"indicators/?{name}={wanted}") == [first.pk]


def test_indicators_are_filtered_by_their_formula(cast: Cast, api: Api) -> None:
    made = make_indicator(cast.project, "F", measure="formula", formula="[1.1] * 2", across_partners="none")
    assert ids(api, "indicators/?formula=[1.1]%20*%202") == [made.pk]
    assert ids(api, "indicators/?measure=formula") == [made.pk]


@pytest.mark.parametrize("number", [1, 4])
def test_indicators_have_a_fixed_number_of_statements(cast: Cast, api: Api, number: int) -> None:
    cast.indicator.delete()
    for count in range(number):
        make_indicator(cast.project, f"2.{count}", dimensions=[make_dimension("sex"), make_dimension("age")])
    api.get("indicators/")
    statements, answer = counted(lambda: api.get("indicators/"))
    assert (statements, len(answer.json()["results"])) == (INDICATORS, number)


# ---------------------------------------------------------------- code lists
def test_places_by_code_without_protected_ones(cast: Cast, api: Api) -> None:
    Place.objects.all().delete()
    region = make_place("R-1", name="Αττική", names={"en": "Attica"}, level="region", country="GR", search_text="attik")
    make_place("SHELTER", is_protected=True, parent=region)
    town = make_place("T-1", parent=region, latitude="37.980000", longitude="23.730000")
    first, second = api.get("places/").json()["results"]
    assert (first["id"], first["name"], first["names"], first["level"], first["parent"]) == (
        region.pk, "Αττική", {"en": "Attica"}, "region", None,
    )  # fmt: skip
    assert (second["id"], second["parent"], second["parent_code"], second["latitude"]) == (
        town.pk, region.pk, "R-1", "37.980000",
    )  # fmt: skip
    assert b"SHELTER" not in b"".join(api.get("places/?format=csv").streaming_content)
    for query in (
        "code=R-1", "name=Αττική", "names=Attica", "level=region", "country=GR", "search=ATTIK", f"id={region.pk}",
    ):  # fmt: skip
        assert ids(api, f"places/?{query}") == [region.pk], query
    for query in ("parent=R-1", f"parent={region.pk}", "parent_code=R-1", "latitude=37.98", "longitude=23.73"):
        assert ids(api, f"places/?{query}") == [town.pk], query
    assert ids(api, "places/?code=SHELTER") == []
    problem(api.get(f"places/{town.pk}/"), 404, "not_found")


def test_categories_with_their_dimension(cast: Cast, api: Api) -> None:
    Dimension.objects.all().delete()
    ward = make_dimension("ward", "north", "south")
    other = make_dimension("colour", "red", is_exclusive=False)
    first, second = api.get("categories/").json()["results"]
    assert (first["code"], second["code"], second["titles"], second["is_exclusive"]) == (
        "colour", "ward", {"en": "ward"}, True,
    )  # fmt: skip
    north, south = Category.objects.filter(dimension=ward)
    assert second["categories"] == [
        {"id": north.pk, "code": "north", "titles": north.titles, "order": 0},
        {"id": south.pk, "code": "south", "titles": south.titles, "order": 1},
    ]
    for query in ("code=ward", "titles=ward", "is_exclusive=true", "categories=south", f"id={ward.pk}"):
        assert ids(api, f"categories/?{query}") == [ward.pk], query
    assert ids(api, "categories/?is_exclusive=false") == [other.pk]


@pytest.mark.parametrize("number", [1, 4])
def test_code_lists_have_a_fixed_number_of_statements(cast: Cast, api: Api, number: int) -> None:
    Dimension.objects.all().delete()
    Place.objects.all().delete()
    for count in range(number):
        make_dimension(f"d{count}", "a", "b")
        make_place(f"T-{count}", parent=make_place(f"R-{count}"))
    api.get("places/")
    statements, answer = counted(lambda: api.get("places/"))
    assert (statements, len(answer.json()["results"])) == (PLACES, number * 2)
    statements, answer = counted(lambda: api.get("categories/"))
    assert (statements, len(answer.json()["results"])) == (CATEGORIES, number)


# ---------------------------------------------------------------- who sees what
def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    make_indicator(cast.other, "9.9")
    carol = Api(token_of(cast.b, "updates:read", "projects:read"))
    assert ids(carol, "obligations/") == []
    for query in ("organisation=A", "indicator=STR-25/1.1", f"id={Obligation.objects.get().pk}"):
        assert ids(carol, f"obligations/?{query}") == []
    assert [row["code"] for row in carol.get("indicators/").json()["results"]] == ["OTH-25/9.9"]
    for path in (f"indicators/{cast.indicator.pk}/", "indicators/STR-25/1.1/", "indicators/STR-25/1.1/explain/"):
        problem(carol.get(path), 404, "not_found")
    for path in ("obligations/?format=csv", "indicators/?format=csv"):
        assert b"STR-25" not in b"".join(carol.get(path).streaming_content)


SCOPES = {"obligations": "updates", "indicators": "projects", "places": "projects", "categories": "projects"}


@pytest.mark.parametrize("name", sorted(SCOPES))
def test_signing_in_scopes_methods_and_parameters(cast: Cast, name: str) -> None:
    other = {"updates": "projects:read", "projects": "updates:write"}[SCOPES[name]]
    problem(Api().get(f"{name}/"), 401, "not_authenticated")
    problem(Api(token_of(cast.a, other)).get(f"{name}/"), 403, "scope_missing")
    api = Api(token_of(cast.a, "updates:write", "projects:write"))
    problem(api.post(f"{name}/", {}), 405, "method_not_allowed")
    problem(api.get(f"{name}/?colour=red"), 400, "unknown_parameter")
    problem(api.get(f"{name}/?cursor=x"), 400, "bad_cursor")
    problem(api.get(f"{name}/?format=pdf"), 400, "unknown_format")
    assert api.get(f"{name}/?fields=id").status_code == 200
    assert b"".join(api.get(f"{name}/?format=xlsx").streaming_content)[:2] == b"PK"
    assert api.get(f"{name}/?updated_since=2031-01-01T00:00:00Z").json()["results"] == []


@pytest.mark.parametrize("path", ["updates/bulk/", "updates/workbook/", "needs/", "submissions/", "webhooks/", "open/"])
def test_what_comes_later_is_not_there(api: Api, path: str) -> None:
    problem(api.get(path), 404, "not_found")
    problem(api.post(path, []), 404, "not_found")
