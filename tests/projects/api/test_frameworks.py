"""`/projects/{id}/framework/`: the whole tree with its figures, in a fixed number of statements."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.models import Baseline, Result
from projects.services.rollup import roll_up_all
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
    make_target,
    make_update,
)
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

STATEMENTS = 11
NOTHING: dict[str, Any] = {
    "state": "not_reported", "value": None, "numerator": None, "denominator": None, "text": "", "reason": "",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "projects:read"))


def number(value: str) -> dict[str, Any]:
    return {**NOTHING, "state": "reported", "value": value}


def test_results_in_reading_order_with_their_parents(cast: Cast, api: Api) -> None:
    outcome = Result.objects.get()
    impact = make_result(cast.project, "0", level="impact", order=1)
    Result.objects.filter(pk=outcome.pk).update(parent=impact, order=2)
    output = make_result(cast.project, "1.1", level="output", parent=outcome, order=3)
    told = api.get("projects/STR-25/framework/").json()
    assert (told["project"], told["project_code"]) == (cast.project.pk, "STR-25")
    columns = ("id", "code", "level", "parent", "depth")
    assert [tuple(one[name] for name in columns) for one in told["results"]] == [
        (impact.pk, "0", "impact", None, 0),
        (outcome.pk, "1", "outcome", impact.pk, 1),
        (output.pk, "1.1", "output", outcome.pk, 2),
    ]
    assert [len(one["indicators"]) for one in told["results"]] == [0, 1, 0]


def test_targets_actuals_and_breakdowns(cast: Cast, api: Api) -> None:
    cast.indicator.dimensions.set([make_dimension("sex")])
    Baseline.objects.create(indicator=cast.indicator, numerator=0, year=2025)
    make_target(cast.indicator, 100, cast.period)
    make_target(cast.indicator, 60, cast.period, cell="sex:female")
    make_update(cast.period, cast.a, {"": 73, "sex:female": 42, "sex:male": "30.5"})
    place = make_place("GR-I")
    make_obligation(cast.period, cast.b, place=place, due_on=date(2026, 3, 2))
    roll_up_all()
    [indicator] = api.get("projects/STR-25/framework/").json()["results"][0]["indicators"]
    assert (indicator["id"], indicator["code"]) == (cast.indicator.pk, "STR-25/1.1")
    assert indicator["baseline"] == {**number("0"), "year": 2025}
    assert (indicator["actual"], indicator["target"]) == (number("73"), number("100"))
    assert indicator["progress"] == {"state": "reported", "percent": "73", "reason": ""}
    assert indicator["verdict"] == "incomplete"
    assert (indicator["plan"]["day"], indicator["plan"]["missing"]) == ("2026-01-31", 1)
    assert [one["code"] for one in indicator["dimensions"]] == ["sex"]
    assert indicator["periods"] == [
        {
            "id": cast.period.pk,
            "code": "2026-01/2026-01",
            "starts_on": "2026-01-01",
            "ends_on": "2026-01-31",
            "due_date": "2026-03-02",
            "is_locked": False,
            "target": number("100"),
            "actual": number("73"),
            "lacking": [],
            "updates": 1,
            "progress": {"state": "reported", "percent": "73", "reason": ""},
            "disaggregations": [
                {"disaggregation": {"sex": "female"}, "target": number("60"), "actual": number("42")},
                {"disaggregation": {"sex": "male"}, "target": NOTHING, "actual": number("30.5")},
            ],
            "missing": [
                {"organisation": cast.b.pk, "organisation_code": "B", "place_code": "GR-I", "due_date": "2026-03-02"}
            ],
        }
    ]


def test_parts_travel_and_are_divided_once(cast: Cast, api: Api) -> None:
    share = make_indicator(
        cast.project, "2.1", measure="percentage", across_partners="weighted_ratio", across_time="weighted_ratio"
    )
    period = make_period(share)
    make_update(period, cast.a, {"": (Decimal(1), Decimal(3))})
    make_update(period, cast.b, {"": (Decimal(1), Decimal(6))})
    roll_up_all()
    indicators = api.get("projects/STR-25/framework/").json()["results"][0]["indicators"]
    figure = {**NOTHING, "state": "reported", "value": "22.222222", "numerator": "2", "denominator": "9"}
    assert indicators[1]["periods"][0]["actual"] == figure


def test_by_id_or_code_narrowed_and_with_the_projects_version(cast: Cast, api: Api) -> None:
    answer = api.get(f"projects/{cast.project.pk}/framework/?fields=project_code,progress")
    verdict = {"answer": "no_plan", "at_or_above": 0, "of": 0, "incomplete": 0}
    assert answer.json() == {"project_code": "STR-25", "progress": verdict}
    assert answer["ETag"] == '"1"'
    problem(api.get("projects/STR-25/framework/?colour=red"), 400, "unknown_parameter")
    problem(api.get("projects/STR-25/framework/?fields=colour"), 400, "unknown_field")
    problem(api.post("projects/STR-25/framework/", {}), 403, "scope_missing")
    problem(Api(token_of(cast.a, "projects:write")).post("projects/STR-25/framework/", {}), 405, "method_not_allowed")


def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    carol = Api(token_of(cast.b, "projects:read"))
    for name in ("STR-25", str(cast.project.pk), "NONE-1"):
        problem(carol.get(f"projects/{name}/framework/"), 404, "not_found")
    problem(Api().get("projects/STR-25/framework/"), 401, "not_authenticated")
    problem(Api(token_of(cast.a, "updates:write")).get("projects/STR-25/framework/"), 403, "scope_missing")


@pytest.mark.parametrize("size", [1, 4])
def test_the_tree_has_a_fixed_number_of_statements(cast: Cast, api: Api, size: int) -> None:
    sex, age = make_dimension("sex"), make_dimension("age")
    for count in range(size):
        result = make_result(cast.project, f"1.{count}", level="output", parent=make_result(cast.project))
        indicator = make_indicator(cast.project, f"3.{count}", result=result, dimensions=[sex, age])
        for month in range(1, 1 + size):
            period = make_period(indicator, month)
            make_target(indicator, 10, period)
            make_update(period, cast.a, {"": 3, "sex:female": 2, "age:18-24|sex:female": 1})
            make_obligation(period, cast.b)
    roll_up_all()
    api.get("me/")
    path = f"projects/{cast.project.pk}/framework/"
    statements, answer = counted(lambda: api.get(path))
    assert (statements, sum(len(one["indicators"]) for one in answer.json()["results"])) == (STATEMENTS, size + 1)
    officer = signed_in(cast.alice)
    statements, answer = counted(lambda: officer.get(path))
    assert (statements, answer.status_code) == (STATEMENTS, 200)
