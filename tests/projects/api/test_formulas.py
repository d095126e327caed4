"""Formulas by REST: in the framework, explained, and never taken as an update, one by one or in bulk."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from projects.models import Indicator, Period
from projects.services.rollup import roll_up_indicators
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_period,
    make_update,
)

pytestmark = pytest.mark.django_db

EXPLAIN = "indicators/STR-25/F/explain/"


@pytest.fixture
def cast() -> Cast:
    """Money and people by sex, in January; F is the cost of one person."""
    made = make_cast()
    sex = [make_dimension("sex")]
    money = make_indicator(made.project, "money", titles={"en": "Money spent"}, measure="amount", dimensions=sex)
    people = make_indicator(made.project, "people", titles={"en": "People reached"}, dimensions=sex)
    for row, value in ((money, {"": "100.50", "sex:female": 60}), (people, {"": 30, "sex:female": 12})):
        period = make_period(row)
        update = make_update(period, made.a, value, decided_at=datetime(2026, 2, 10, tzinfo=UTC))
        make_obligation(period, made.a, update=update)
    roll_up_indicators([money.pk, people.pk])
    formula(made, "F", "money / people", dimensions=sex)
    return made


def formula(cast: Cast, code: str, text: str, **fields: Any) -> Indicator:
    row = make_indicator(cast.project, code, measure="formula", formula=text, across_partners="none", **fields)
    make_period(row)
    return row


@pytest.fixture
def officer(cast: Cast) -> Api:
    return signed_in(cast.alice)


def shown(told: dict[str, Any]) -> tuple[str, str | None]:
    return told["state"], told["value"]


def test_the_framework_tells_formulas_with_their_figures(cast: Cast, officer: Api) -> None:
    formula(cast, "G", "F + nobody")
    *_others, told, lacking = officer.get("projects/STR-25/framework/").json()["results"][0]["indicators"]
    assert (told["measure"], told["formula"], told["lacking"]) == ("formula", "money / people", [])
    assert shown(told["actual"]) == ("reported", "3.35")
    [period] = told["periods"]
    assert (shown(period["actual"]), period["updates"], period["missing"]) == (("reported", "3.35"), 0, [])
    assert [(one["disaggregation"], one["actual"]["value"]) for one in period["disaggregations"]] == [
        ({"sex": "female"}, "5")
    ]
    assert (shown(lacking["actual"]), lacking["actual"]["reason"]) == (("not_reported", None), "input")
    assert (lacking["lacking"], lacking["periods"][0]["lacking"]) == (["nobody"], ["nobody"])


@pytest.mark.parametrize("query, numbers, value", [
    ("", "100.5 / 30", "3.35"),
    ("?period=2026-01/2026-01", "100.5 / 30", "3.35"),
    ("?cell=sex:female", "60 / 12", "5"),
    ("?period=2026-01/2026-01&cell=sex:female", "60 / 12", "5"),
    ("?cell=sex:male", "[not_reported] / [not_reported]", None),
    ("?as_of=2026-02-10", "100.5 / 30", "3.35"),
    ("?as_of=2026-02-09", "[not_reported] / [not_reported]", None),
])  # fmt: skip
def test_a_formula_is_explained_with_its_numbers(
    cast: Cast, officer: Api, query: str, numbers: str, value: str | None
) -> None:
    told = officer.get(f"{EXPLAIN}{query}").json()
    assert told["figure"]["value"] == value
    assert (told["formula"]["text"], told["formula"]["in_words"], told["formula"]["with_numbers"]) == (
        "money / people", "Money spent / People reached", numbers,
    )  # fmt: skip
    assert told["method"] == [
        "Computed from other indicators: Money spent / People reached.",
        "Each of them is combined by its own methods; nobody reports this figure.",
    ]
    assert (told["counted"], told["excluded"], told["hidden"]) == ([], [], 0)
    assert [one["code"] for one in told["formula"]["inputs"]] == ["money", "people"]
    assert told["formula"]["lacking"] == ([] if value else ["money", "people"])


def test_formulas_over_formulas_and_unknown_codes_are_explained(cast: Cast, officer: Api) -> None:
    row = formula(cast, "G", "F * 2 - nobody")
    told = officer.get("indicators/STR-25/G/explain/?cell=sex:female").json()
    assert [(one["code"], one["indicator"], one["figure"]["value"]) for one in told["formula"]["inputs"]] == [
        ("F", Indicator.objects.get(code="F").pk, "5"),
        ("nobody", None, None),
    ]
    assert told["formula"]["in_words"] == "Indicator F * 2 - [nobody]"
    Indicator.objects.filter(pk=row.pk).update(formula="F +")
    told = officer.get("indicators/STR-25/G/explain/").json()
    assert (told["formula"]["with_numbers"], told["figure"]["reason"]) == ("F +", "method")


def test_who_is_missing_is_told_of_the_inputs(cast: Cast, officer: Api) -> None:
    period = Period.objects.get(indicator__code="people")
    owed = make_obligation(period, cast.b)
    for query in ("", "?period=2026-01/2026-01"):
        told = officer.get(f"{EXPLAIN}{query}").json()
        assert [one["obligation"] for one in told["missing"]] == [owed.pk]


@pytest.mark.parametrize("number", [1, 4])
def test_the_statements_are_the_same_whatever_the_number_of_inputs(cast: Cast, officer: Api, number: int) -> None:
    for count in range(number):
        formula(cast, f"I{count}", "money")
    formula(cast, "G", " + ".join(["money", *(f"I{count}" for count in range(number))]))
    officer.get("indicators/STR-25/G/explain/")
    for query, expected in (("", 14), ("?as_of=2026-02-10", 16)):
        statements, answer = counted(lambda query=query: officer.get(f"indicators/STR-25/G/explain/{query}"))
        told = Decimal(answer.json()["figure"]["value"])
        assert (statements, told) == (expected, Decimal("100.5") * (number + 1))


@pytest.mark.parametrize("name", ["carol", "dora"])
def test_of_a_formula_of_others_nothing_is_seen(cast: Cast, name: str) -> None:
    api = signed_in(getattr(cast, name))
    for path in (EXPLAIN, "indicators/STR-25/F/", "projects/STR-25/framework/"):
        problem(api.get(path), 404, "not_found")
    assert api.get("indicators/?measure=formula").json()["results"] == []


def test_no_update_of_a_formula_is_taken(cast: Cast) -> None:
    api = signed_in(cast.bob)
    row = {"indicator": "STR-25/F", "period": "2026-01/2026-01", "total": "3"}
    said = "This figure is computed from other indicators: nobody reports it."
    told = problem(api.post("updates/", {**row, "state": "submitted"}), 422, "invalid")
    assert [(one["pointer"], one["detail"]) for one in told["errors"]] == [("/indicator", said)]
