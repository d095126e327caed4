"""`/indicators/{id}/explain/`: the updates behind a figure, for a period, a part, a day."""

from datetime import UTC, datetime
from typing import Any

import pytest

from projects.models import Indicator
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import Cast, make_cast, make_obligation, make_partnership, make_period, make_update
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

PATH = "indicators/STR-25/1.1/explain/"
STATEMENTS = 21


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def officer(cast: Cast) -> Api:
    return signed_in(cast.alice)


def line(told: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for one in told]


def test_what_counts_what_does_not_and_who_is_missing(cast: Cast, officer: Api) -> None:
    counted_one = make_update(cast.period, cast.a, {"": 73, "sex:female": 42}, decided_by=cast.alice)
    waiting = make_update(cast.period, cast.b, 5, state="submitted")
    owed = make_obligation(cast.period, cast.b, update=waiting)
    told = officer.get(f"{PATH}?period=2026-01/2026-01").json()
    assert (told["indicator"], told["indicator_code"], told["period"], told["period_code"], told["cell"]) == (
        cast.indicator.pk, "STR-25/1.1", cast.period.pk, "2026-01/2026-01", "",
    )  # fmt: skip
    assert (told["figure"]["value"], told["figure"]["state"], told["hidden"]) == ("73", "reported", 0)
    assert line(told["counted"], "update", "organisation_code", "reason") == [(counted_one.pk, "A", "")]
    assert told["counted"][0]["approved_by"] == {"id": cast.alice.pk, "name": "Alice"}
    assert told["counted"][0]["figure"]["value"] == "73"
    assert line(told["excluded"], "update", "state", "reason", "approved_by") == [
        (waiting.pk, "submitted", "Waits for a decision.", None)
    ]
    assert line(told["missing"], "obligation", "organisation_code", "due_date") == [(owed.pk, "B", "2026-03-02")]
    assert told["method"] == ["Across partners and places: Sum.", "Across time: Sum."]
    assert told["periods"][0]["updates"] == 1


def test_a_part_the_whole_life_and_an_earlier_day(cast: Cast, officer: Api) -> None:
    early = datetime(2026, 2, 10, tzinfo=UTC)
    late = datetime(2026, 4, 10, tzinfo=UTC)
    make_update(cast.period, cast.a, {"": 73, "sex:female": 42}, submitted_at=early, decided_at=early)
    make_update(make_period(cast.indicator, 2), cast.a, 7, submitted_at=late, decided_at=late)
    part = officer.get(f"{PATH}?period={cast.period.pk}&cell=sex:female").json()
    assert (part["figure"]["value"], part["disaggregation"]) == ("42", {"sex": "female"})
    whole = officer.get(PATH).json()
    assert (whole["figure"]["value"], whole["period"], whole["period_code"]) == ("80", None, None)
    before = officer.get(f"{PATH}?as_of=2026-03-01").json()
    assert (before["figure"]["value"], before["as_of"]) == ("73", "2026-03-01")
    assert officer.get(f"{PATH}?fields=figure").json() == {"figure": whole["figure"]}


def test_others_are_counted_and_not_shown(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    own = make_update(cast.period, cast.b, 5)
    make_update(cast.period, cast.a, 73, narrative="secret of A")
    carol = Api(token_of(cast.b, "projects:read"))
    answer = carol.get(f"{PATH}?period=2026-01/2026-01")
    told = answer.json()
    assert (told["figure"]["value"], told["hidden"]) == ("78", 1)
    assert line(told["counted"], "update", "organisation_code") == [(own.pk, "B")]
    assert b"secret" not in answer.content


@pytest.mark.parametrize(
    "query,code",
    [
        ("period=2031-01/2031-01", "does_not_exist"),
        ("period=nonsense", "does_not_exist"),
        ("as_of=yesterday", "invalid"),
        ("cell=female", "invalid"),
        ("colour=red", "unknown_parameter"),
    ],
)
def test_what_cannot_be_explained_is_400(officer: Api, query: str, code: str) -> None:
    told = problem(officer.get(f"{PATH}?{query}"), 400, code)
    assert [fault["pointer"] for fault in told["errors"]] == [f"/{query.partition('=')[0]}"]


def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    make_update(cast.period, cast.a, 73)
    problem(Api(token_of(cast.b, "projects:read")).get(PATH), 404, "not_found")
    problem(Api().get(PATH), 401, "not_authenticated")
    problem(Api(token_of(cast.a, "updates:write")).get(PATH), 403, "scope_missing")
    problem(signed_in(cast.alice).get("indicators/999/explain/"), 404, "not_found")


@pytest.mark.parametrize("number", [1, 4])
def test_it_has_a_fixed_number_of_statements(cast: Cast, number: int) -> None:
    for month in range(2, 2 + number):
        period = make_period(cast.indicator, month)
        make_update(period, cast.a, {"": 3, "sex:female": 3}, decided_by=cast.alice)
        make_obligation(period, cast.b)
    api = Api(token_of(cast.a, "projects:read"))
    api.get("me/")
    statements, answer = counted(lambda: api.get(f"indicators/{Indicator.objects.get().pk}/explain/"))
    assert (statements, len(answer.json()["counted"])) == (STATEMENTS, number)
