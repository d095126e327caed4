"""Many requests at the same moment, each in its own thread and connection, on a real database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction

from kmop.shared.api import idempotency
from kmop.shared.models import IdempotencyKey
from partners.models import Offer
from tests.api_client import Api, problem
from tests.factories_partners import offer, organisation, token_of

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


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


@pytest.fixture
def token() -> str:
    return token_of(organisation("A"))


def test_fifty_equal_posts_give_one_row_and_one_answer(token: str) -> None:
    answers = at_once(50, lambda _n: Api(token).post("offers/", {"title": "Beds"}, Idempotency_Key="k1"))
    assert Counter(answer.status_code for answer in answers) == {201: 50}
    assert len({answer.content for answer in answers}) == 1
    assert Counter(answer.headers.get("Idempotency-Replayed", "first") for answer in answers) == {
        "first": 1,
        "true": 49,
    }
    assert Offer.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1


def test_fifty_posts_without_a_key_give_fifty_rows(token: str) -> None:
    answers = at_once(50, lambda n: Api(token).post("offers/", {"title": f"Beds {n}"}))
    assert Counter(answer.status_code for answer in answers) == {201: 50}
    assert Offer.objects.count() == 50


def test_equal_posts_that_are_refused_leave_nothing(token: str) -> None:
    body = {"title": "Beds", "state": "open"}
    answers = at_once(10, lambda _n: Api(token).post("offers/", body, Idempotency_Key="k1"))
    assert Counter(answer.status_code for answer in answers) == {422: 10}
    assert (Offer.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_of_twenty_writers_with_one_etag_exactly_one_wins(token: str) -> None:
    row = offer(organisation("A"))
    answers = at_once(20, lambda n: Api(token).patch(f"offers/{row.pk}/", {"title": f"{n}"}, If_Match='"1"'))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 19}
    won = next(answer for answer in answers if answer.status_code == 200)
    row.refresh_from_db()
    assert (row.version, row.title) == (2, won.json()["title"])


def test_while_the_first_still_runs_the_second_gets_409(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 1)
    api = Api(token)
    api.post("offers/", {"title": "warm"}, Idempotency_Key="k0")
    kept = IdempotencyKey.objects.get()
    kept_mac = idempotency.KeptAnswer(
        "k1", client=kept.client, method="POST", address=kept.address, fingerprint=kept.fingerprint
    )
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        kept_mac.take()
        response = pool.submit(_send_and_close, token).result()
    problem(response, 409, "still_running")
    assert response["Retry-After"] == "5"
    assert Offer.objects.count() == 1
    assert connection.in_atomic_block is False


def _send_and_close(token: str) -> Any:
    try:
        return Api(token).post("offers/", {"title": "Beds"}, Idempotency_Key="k1")
    finally:
        connections.close_all()
