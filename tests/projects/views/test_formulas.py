"""Formulas on the page of results: the row, the panel with its numbers and inputs, the file."""

from typing import Any

import pytest
from django.test import Client

from kmop.accounts.models import User
from projects.models import Indicator, Project
from projects.services.rollup import roll_up_indicators
from tests.factories import Cast, make_cast, make_dimension, make_indicator, make_period, make_target, make_update

pytestmark = pytest.mark.django_db
JANUARY = "2026-01/2026-01"


@pytest.fixture
def cast() -> Cast:
    """Money and people by sex in two months; F is the cost of one person."""
    made = make_cast()
    sex = [make_dimension("sex")]
    for code, first, unit in (("money", 100, "EUR"), ("people", 20, "people")):
        row = make_indicator(made.project, code, dimensions=sex, units={"en": unit})
        for month in (1, 2):
            make_update(make_period(row, month), made.a, {"": first * month, "sex:female": 10 * month})
        roll_up_indicators([row.pk])
    cost = formula(made, "F", "[money] / people", units={"en": "EUR for one"}, dimensions=sex)
    make_target(cost, 5, cost.periods.first())
    return made


def formula(cast: Cast, code: str, text: str, **fields: Any) -> Indicator:
    row = make_indicator(
        cast.project, code, measure="formula", formula=text, across_partners="none", decimals=2, **fields
    )
    for month in (1, 2):
        make_period(row, month)
    return row


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(project: Project) -> str:
    return f"/projects/{project.pk}/results/"


def panel(cast: Cast, row: Indicator, **query: str) -> dict[str, Any]:
    shown: dict[str, Any] = as_user(cast.alice).get(url(cast.project), {"indicator": row.pk, **query}).context["panel"]
    return shown


def rows(cast: Cast) -> dict[str, dict[str, Any]]:
    context = as_user(cast.alice).get(url(cast.project)).context
    return {row["code"]: row for card in context["cards"] for row in card["indicators"] if "code" in row}


def facts(shown: dict[str, Any]) -> dict[str, str]:
    return {one["label"]: one["text"] for one in shown["facts"]}


def test_a_formula_has_a_row_as_others_have(cast: Cast) -> None:
    formula(cast, "G", "F + nobody")
    told = rows(cast)
    assert (told["F"]["actual"], told["F"]["state"], told["F"]["plan"]) == (5, "reported", 5)
    assert [float(one) for one in told["F"]["trend"]] == [5, 5]
    assert (told["G"]["actual"], told["G"]["state"]) == (None, "not_reported")
    assert told["G"]["progress_text"] == "For want of nobody"


def test_the_panel_shows_the_formula_with_its_numbers_and_leads_to_its_inputs(cast: Cast) -> None:
    row = Indicator.objects.get(code="F")
    shown = panel(cast, row)
    money, people = (Indicator.objects.get(code=code) for code in ("money", "people"))
    assert (shown["title"], shown["head"], shown["total"]) == ("5.00 EUR for one", "Computed from", 5)
    assert [(one["who"], one["sub"], one["figure"], one["href"]) for one in shown["rows"]] == [
        ("money Indicator money", "EUR", 300, f"{url(cast.project)}?indicator={money.pk}#explain"),
        ("people Indicator people", "people", 60, f"{url(cast.project)}?indicator={people.pk}#explain"),
    ]
    assert facts(shown)["Formula"] == "[money] / people"
    assert facts(shown)["With its numbers"] == "300 / 60 = 5"
    of_january = panel(cast, row, period=JANUARY)
    assert facts(of_january)["With its numbers"] == "100 / 20 = 5"
    assert of_january["rows"][0]["href"].endswith(f"?period=2026-01%2F2026-01&indicator={money.pk}#explain")


@pytest.mark.parametrize(
    "text, told",
    [
        ("money + nobody", {"For want of": "nobody"}),
        ("money / (people - people)", {"Why": "Something is divided by 0."}),
        ("money +", {"Why": "The formula can’t be read any more, or names itself."}),
    ],
)
def test_why_there_is_no_figure_is_said(cast: Cast, text: str, told: dict[str, str]) -> None:
    shown = facts(panel(cast, formula(cast, "G", text)))
    assert {label: shown[label] for label in told} == told
    assert "With its numbers" not in shown


def test_an_unknown_input_is_shown_as_missing(cast: Cast) -> None:
    last = panel(cast, formula(cast, "G", "money + nobody"))["rows"][-1]
    assert (last["who"], last["sub"], last["state"], last["href"]) == (
        "nobody", "There is no such indicator.", "not_reported", "",
    )  # fmt: skip


def test_the_file_has_formulas_too(cast: Cast) -> None:
    answer = as_user(cast.alice).get(url(cast.project), {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    [january, _february] = [line for line in lines if ",F," in line]
    assert ",5,5,reported," in january


def test_the_rows_of_an_explanation_are_its_inputs(cast: Cast) -> None:
    row = formula(cast, "G", "money + nobody")
    answer = as_user(cast.alice).get(f"{url(cast.project)}{row.pk}/rows/")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == [
        "Code,Indicator,Unit,Figure,State",
        "money,Indicator money,EUR,300,reported",
        "nobody,,,,not_reported",
    ]


def test_carol_sees_nothing_of_it(cast: Cast) -> None:
    assert as_user(cast.carol).get(url(cast.project)).status_code == 404
