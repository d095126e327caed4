"""Many requests for one figure at the same moment, each in its own thread and connection, on a real database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from kmop.audit.queries.chain import verified_chain
from projects.choices import ProjectRoleName
from projects.models import Actual, Update, UpdateValue
from tests.api_client import Api, signed_in
from tests.factories import Cast, make_cast, make_role, make_update, make_user
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")

BODY: dict[str, Any] = {"indicator": "STR-25/1.1", "period": "2026-01/2026-01", "total": "73", "state": "submitted"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def token(cast: Cast) -> str:
    return token_of(cast.a, "updates:write")


def at_once(number: int, send: Callable[[int], Any]) -> list[Any]:
    """The answers of `number` requests that begin together."""
    start = Barrier(number)

    def one(position: int) -> Any:
        try:
            start.wait()
            return send(position)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_fifty_equal_posts_give_one_update_and_one_answer(token: str) -> None:
    answers = at_once(50, lambda _n: Api(token).post("updates/", BODY, Idempotency_Key="k1"))
    assert Counter(answer.status_code for answer in answers) == {201: 50}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["ETag"] for answer in answers}) == 1
    replayed = Counter(answer.headers.get("Idempotency-Replayed", "first") for answer in answers)
    assert replayed == {"first": 1, "true": 49}
    assert (Update.objects.count(), UpdateValue.objects.count()) == (1, 1)
    assert verified_chain().broken == []


def test_posts_of_one_figure_without_a_key_give_one_and_the_rest_are_duplicates(token: str) -> None:
    answers = at_once(20, lambda n: Api(token).post("updates/", {**BODY, "total": str(n)}))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"duplicate"}
    assert Update.objects.count() == 1


def test_puts_under_one_name_make_it_once(token: str) -> None:
    answers = at_once(20, lambda n: Api(token).put("updates/external/x-1/", {**BODY, "state": "draft"}))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert Update.objects.count() == 1


def test_of_twenty_writers_with_one_etag_exactly_one_wins(cast: Cast, token: str) -> None:
    row = make_update(cast.period, cast.a, 5, state="draft")
    answers = at_once(20, lambda n: Api(token).patch(f"updates/{row.pk}/", {"total": str(n)}, If_Match='"1"'))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    won = next(answer for answer in answers if answer.status_code == 200)
    row.refresh_from_db()
    assert row.version == 2
    assert UpdateValue.objects.get(update=row).numerator == Decimal(won.json()["total"])


def test_of_ten_officers_exactly_one_decides(cast: Cast) -> None:
    row = make_update(cast.period, cast.a, 5, state="submitted")
    officers = [make_user(f"Officer{number}") for number in range(10)]
    for officer in officers:
        make_role(officer, ProjectRoleName.ME_OFFICER, cast.project)
    doors = [signed_in(officer) for officer in officers]
    path = f"updates/{row.pk}/"

    def decide(number: int) -> Any:
        if number % 2:
            return doors[number].post(f"{path}return/", {"note": "x"}, If_Match='"1"')
        return doors[number].post(f"{path}approve/", {}, If_Match='"1"')

    answers = at_once(10, decide)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}
    row.refresh_from_db()
    assert Actual.objects.filter(cell="", numerator=5).count() == (row.state == "approved")
