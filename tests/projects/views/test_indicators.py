"""A new indicator: what is added, what is told at the field, and the worked example before anything is saved."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from projects.models import Indicator
from projects.services.rollup import roll_up_indicators
from tests.factories import Cast, make_cast, make_dimension, make_indicator, make_period, make_result, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """January of 1.1 is 30, of money 100.5."""
    made = make_cast()
    money = make_indicator(made.project, "money", measure="amount", units={"en": "EUR"}, titles={"en": "Money"})
    Indicator.objects.filter(pk=made.indicator.pk).update(units={"en": "people"})
    for period, value in ((made.period, 30), (make_period(money), "100.5")):
        make_update(period, made.a, value)
    roll_up_indicators([made.indicator.pk, money.pk])
    return made


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(cast: Cast) -> str:
    return f"/projects/{cast.project.pk}/results/indicators/new/"


def said(cast: Cast, **fields: Any) -> dict[str, Any]:
    facts = {"result": make_result(cast.project).pk, "code": "9.1", "titles_en": "New", "decimals": "0"}
    return {**facts, "measure": "count", "direction": "ascending", "is_share": "on", **fields}


def example(cast: Cast, **fields: Any) -> dict[str, Any]:
    answer = as_user(cast.alice).post(url(cast), said(cast, example="1", **fields))
    assert (answer.status_code, Indicator.objects.filter(code="9.1").exists()) == (200, False)
    assert not answer.context["form"].errors
    return dict(answer.context["example"])


def test_an_indicator_is_added_with_the_methods_of_its_measure_and_periods(cast: Cast) -> None:
    fields = said(cast, measure="percentage", periods="on", units_en="%", dimensions=[make_dimension("sex").pk])
    answer = as_user(cast.alice).post(url(cast), fields)
    row = Indicator.objects.get(code="9.1")
    assert answer["Location"] == f"/projects/{cast.project.pk}/results/?indicator={row.pk}#indicator-{row.pk}"
    assert (row.across_partners, row.across_time, row.periods.count() > 0) == ("weighted_ratio", "latest", True)
    assert [one.code for one in row.dimensions.all()] == ["sex"]


def test_a_formula_is_added_with_the_periods_of_an_input(cast: Cast) -> None:
    as_user(cast.alice).post(url(cast), said(cast, measure="formula", formula="money / [1.1]", periods="on"))
    row = Indicator.objects.get(code="9.1")
    assert (row.formula, [one.starts_on for one in row.periods.all()]) == ("money / [1.1]", [date(2026, 1, 1)])


@pytest.mark.parametrize(
    "fields, name, told",
    [
        ({"measure": "formula"}, "formula", "Write a formula over other indicators, such as [1.1] / [1.2]."),
        ({"measure": "formula", "formula": "[7] + 1"}, "formula", "Sign 1: there is no indicator 7 in this project."),
        ({"formula": "[1.1]"}, None, "A formula belongs to the measure “Formula”, and to no other."),
        ({"across_time": "weighted_ratio"}, "across_time", "This method across time has no meaning for the measure."),
        ({"titles_en": ""}, "titles_en", "Write it in one language at least."),
        ({"code": "1.1"}, None, "Constraint “indicator_code_once” is violated."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast: Cast, fields: dict[str, Any], name: str | None, told: str) -> None:
    answer = as_user(cast.alice).post(url(cast), said(cast, **fields))
    assert answer.status_code == 422
    found = answer.context["form"].errors.get(name or "__all__", [])
    assert found == [told] or (name is None and len(found) == 1)


def test_four_dimensions_at_most(cast: Cast) -> None:
    ids = [make_dimension(f"d{number}", "x").pk for number in range(5)]
    answer = as_user(cast.alice).post(url(cast), said(cast, dimensions=ids))
    assert answer.context["form"].errors["dimensions"] == ["An indicator is broken down by four dimensions at most."]


def test_the_example_works_out_both_methods(cast: Cast) -> None:
    told = example(cast, units_en="people")
    assert (told["partners"], told["time"], told["caption"]) == ("Sum", "Sum", "people")
    assert [one["figures"] for one in told["rows"]] == [["12", "8", "20"], ["5", "0", "10"], ["20", "15", "25"]]
    assert (told["together"], told["whole"]) == (["37", "23", "55"], "115")


@pytest.mark.parametrize(
    "fields, first, together, whole",
    [
        ({"is_cumulative": "on"}, ["12", "20", "40"], ["37", "60", "115"], "115"),
        (
            {"measure": "percentage", "decimals": "1", "across_time": "weighted_ratio"},
            ["30 of 40", "18 of 30", "45 of 50"],
            ["53.8%", "72.0%", "76.1%"],
            "67.6%",
        ),
        ({"across_partners": "none"}, ["12", "8", "20"], ["Shown one by one"] * 3, "Shown one by one"),
        (
            {"measure": "scale", "scale_minimum": "0", "scale_maximum": "3", "decimals": "1"},
            ["0", "1", "2"],
            ["1.7", "2.0", "2.7"],
            "2.7",
        ),
        ({"decimals": "x", "scale_minimum": "1e99"}, ["12", "8", "20"], ["37", "23", "55"], "115"),
    ],
)
def test_the_example_is_of_the_very_measure(
    cast: Cast, fields: dict[str, Any], first: list[str], together: list[str], whole: str
) -> None:
    told = example(cast, **fields)
    shown = [one.removesuffix(".0") for one in told["rows"][0]["figures"]]
    assert (shown, told["together"], told["whole"]) == (first, together, whole)


def test_nobody_to_count_is_shown_as_parts(cast: Cast) -> None:
    assert example(cast, measure="ratio")["rows"][1]["figures"][1] == "0 of 0"


@pytest.mark.parametrize(
    "fields, problems",
    [
        ({"measure": "nonsense"}, ["Choose a measure first."]),
        (
            {"measure": "percentage", "across_partners": "sum", "across_time": "what"},
            [
                "This method across partners has no meaning for the measure.",
                "This method across time has no meaning for the measure.",
            ],
        ),
        ({"measure": "formula", "formula": "[1.1] +"}, [
            "Sign 8: a number, an indicator, a function or an opening parenthesis is expected here."
        ]),
        ({"measure": "formula", "formula": "[9.1]"}, ["The formulas run in a circle: 9.1 > 9.1."]),
    ],
)  # fmt: skip
def test_what_has_no_meaning_is_said_in_place_of_the_example(
    cast: Cast, fields: dict[str, Any], problems: list[str]
) -> None:
    assert example(cast, **fields) == {"problems": problems}


def test_a_formula_is_worked_out_with_todays_figures(cast: Cast) -> None:
    told = example(cast, measure="formula", formula="money / [1.1]", decimals="2")
    assert told == {
        "formula": "Money / Indicator 1.1",
        "numbers": "101 / 30",
        "figure": "3.35",
        "unit": "EUR / people",
        "lacking": "",
    }
    make_indicator(cast.project, "late")
    told = example(cast, measure="formula", formula="late * 2 + [1.1]")
    assert (told["figure"], told["lacking"]) == ("Not reported", "late")


def test_the_page_shows_an_example_at_once_in_so_many_statements(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.alice)
    client.get(url(cast))
    with django_assert_num_queries(15):
        answer = client.get(url(cast))
    assert answer.context["example"]["whole"] == "115"
    assert 'hx-trigger="change"' in answer.content.decode()


def test_a_change_of_the_definition_has_an_example_too(cast: Cast) -> None:
    row = make_indicator(cast.project, "F", measure="formula", formula="money / [1.1]", across_partners="none")
    address = f"/projects/{cast.project.pk}/results/{row.pk}/definition/change/"
    client = as_user(cast.alice)
    assert client.get(address).context["example"]["numbers"] == "101 / 30"
    fields = {"measure": "formula", "formula": "F + 1", "example": "1"}
    shown = client.post(address, fields).context["example"]
    assert shown == {"problems": ["The formulas run in a circle: F > F."]}
    counted = f"/projects/{cast.project.pk}/results/{cast.indicator.pk}/definition/change/"
    assert client.get(counted).context["example"]["whole"] == "115"
    row.refresh_from_db()
    assert row.formula == "money / [1.1]"


def test_only_officers_add_and_carol_sees_nothing(cast: Cast) -> None:
    assert as_user(cast.bob).get(url(cast)).status_code == 403
    assert as_user(cast.carol).get(url(cast)).status_code == 404
    assert as_user(cast.bob).post(url(cast), said(cast, example="1")).status_code == 403
    assert Indicator.objects.count() == 2
