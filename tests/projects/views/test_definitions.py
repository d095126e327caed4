"""The pages of a definition: its versions, a change looked at and then saved with a reason, and going back."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from projects.calculation.definition import Change
from projects.models import CategoryMapping, IndicatorVersion, Period
from projects.services.definitions import change_indicator
from projects.services.rollup import roll_up_indicators
from tests.factories import Cast, make_cast, make_dimension, make_organisation, make_result, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """January by two partners: 10 (age 3 and 4) and 25."""
    found = make_cast()
    found.indicator.dimensions.set([make_dimension("age")])
    make_update(found.period, found.a, {"": 10, "age:0-5": 3, "age:18-24": 4})
    make_update(found.period, make_organisation("C"), 25)
    roll_up_indicators([found.indicator.pk])
    return found


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def home(cast: Cast) -> str:
    return f"/projects/{cast.project.pk}/results/{cast.indicator.pk}/definition/"


def filled(client: Client, cast: Cast, path: str, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form as it is shown, with these changes."""
    form = client.get(f"{home(cast)}{path}").context["form"]
    said = {field.html_name: field.value() for field in form}
    rows = {name: [getattr(one, "pk", one) for one in value] for name, value in said.items() if isinstance(value, list)}
    sent = {name: value for name, value in {**said, **rows}.items() if value is not None and value is not False}
    return {**sent, **changes}


def change(cast: Cast, **facts: Any) -> IndicatorVersion:
    return change_indicator(indicator=cast.indicator, change=Change(facts), reason="Why.", by=cast.alice)


def test_a_change_is_looked_at_then_saved_with_a_reason(cast: Cast) -> None:
    client = as_user(cast.alice)
    sent = filled(client, cast, "change/", across_partners="maximum")
    looked = client.post(f"{home(cast)}change/", sent)
    assert (looked.status_code, IndicatorVersion.objects.count()) == (200, 0)
    rows = [(one["period"], one["before"], one["after"]) for one in looked.context["figures"]]
    assert rows == [("To date", "35", "25"), ("Jan 2026", "35", "25")]
    assert [(one["label"], one["before"], one["after"]) for one in looked.context["differs"]] == [
        ("Across partners and places", "Sum", "Maximum")
    ]
    kept = {**dict(looked.context["kept"]), "dimensions": sent["dimensions"]}
    again = client.post(f"{home(cast)}change/", {**kept, "step": "save", "reason": " "})
    assert (again.status_code, again.context["missing"]) == (422, "Say why the definition is changed.")
    saved = client.post(f"{home(cast)}change/", {**kept, "step": "save", "reason": "The donor asks for it."})
    assert (saved.status_code, saved["Location"]) == (302, home(cast))
    cast.indicator.refresh_from_db()
    assert (cast.indicator.across_partners, cast.indicator.versions.count()) == ("maximum", 2)


def test_categories_become_others(cast: Cast) -> None:
    client = as_user(cast.alice)
    sent = filled(client, cast, "categories/", **{"becomes:age:0-5": "18-24"})
    looked = client.post(f"{home(cast)}categories/", sent)
    assert [(one["period"], one["before"], one["after"]) for one in looked.context["figures"]] == [
        ("Jan 2026, 0-5", "3", "Not reported"),
        ("Jan 2026, 18-24", "4", "7"),
    ]
    client.post(f"{home(cast)}categories/", {**sent, "step": "save", "reason": "One band."})
    rows = CategoryMapping.objects.values_list("dimension", "category", "becomes")
    assert list(rows) == [("age", "0-5", "18-24")]
    form = client.get(f"{home(cast)}categories/").context["form"]
    assert ("becomes:age:0-5" in form.fields, "becomes:age:18-24" in form.fields) == (False, True)


def test_a_period_moves(cast: Cast) -> None:
    client = as_user(cast.alice)
    sent = {"period": cast.period.pk, "starts_on": "2026-01-10", "ends_on": "2026-02-09", "due_on": "2026-03-01"}
    assert client.post(f"{home(cast)}period/", sent).status_code == 200
    assert Period.objects.get(pk=cast.period.pk).code == "2026-01/2026-01"
    client.post(f"{home(cast)}period/", {**sent, "step": "save", "reason": "The grant began later."})
    assert Period.objects.get(pk=cast.period.pk).code == "2026-01-10/2026-02-09"


def test_what_can_not_be_stands_at_its_field(cast: Cast) -> None:
    client = as_user(cast.alice)
    answer = client.post(f"{home(cast)}change/", filled(client, cast, "change/", across_partners="weighted_ratio"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["across_partners"])
    answer = client.post(f"{home(cast)}change/", filled(client, cast, "change/"))
    assert answer.context["form"].non_field_errors() == ["Nothing would differ from how the indicator is defined now."]
    stale = filled(client, cast, "change/", decimals="2", step="save", reason="Why.")
    change(cast, decimals=1)
    answer = client.post(f"{home(cast)}change/", stale)
    assert (answer.status_code, cast.indicator.versions.count()) == (422, 2)


def test_versions_are_listed_filtered_and_gone_back_to(cast: Cast) -> None:
    change(cast, across_partners="maximum")
    client = as_user(cast.alice)
    rows = client.get(home(cast)).context["rows"]
    assert [[cell.value for cell in row.cells][0:5:4] for row in rows] == [
        [2, "Across partners and places: Sum > Maximum"],
        [1, "As it was first defined"],
    ]
    assert [len(client.get(home(cast), {"search": text}).context["rows"]) for text in ("WHY", "nobody")] == [1, 0]
    looked = client.get(f"{home(cast)}1/restore/")
    assert looked.status_code == 200
    looked = client.post(f"{home(cast)}1/restore/", {"step": "look"})
    assert [(one["before"], one["after"]) for one in looked.context["figures"]] == [("25", "35"), ("25", "35")]
    client.post(f"{home(cast)}1/restore/", {"step": "save", "reason": "A mistake."})
    cast.indicator.refresh_from_db()
    assert cast.indicator.across_partners == "sum"
    [newest, *_older] = client.get(home(cast)).context["rows"]
    assert newest.cells[3].value == "A mistake. (takes back version 2)"


@pytest.mark.parametrize("path", ["", "change/", "categories/", "period/", "1/restore/"])
def test_partners_see_how_their_own_is_defined_and_change_nothing(cast: Cast, path: str) -> None:
    change(cast, decimals=1)
    bob, carol = as_user(cast.bob), as_user(cast.carol)
    assert bob.get(f"{home(cast)}{path}").status_code == (403 if path else 200)
    assert carol.get(f"{home(cast)}{path}").status_code == 404
    if path:
        for client in (bob, carol):
            sent = {"step": "save", "reason": "Mine."}
            assert client.post(f"{home(cast)}{path}", sent).status_code in (403, 404)
        assert cast.indicator.versions.count() == 2


def test_the_list_takes_the_same_statements(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = as_user(cast.alice)
    change(cast, result=make_result(cast.project, "2").pk)
    client.get(home(cast))
    with django_assert_num_queries(19):
        client.get(home(cast))
    for code in "345":
        change(cast, result=make_result(cast.project, code).pk)
    with django_assert_num_queries(19):
        client.get(home(cast))
