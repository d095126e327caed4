"""Appending: canonical text, the actor, the transaction, the triggers, eight writers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, connections, transaction
from django.db.transaction import TransactionManagementError

from kmop.accounts.models import User
from kmop.audit.models import Entry, Head
from kmop.audit.queries.chain import Finding, verified_chain
from kmop.audit.services import canonical, record, record_many
from tests.factories_basement import person, service

ATHENS_WINTER = timezone(timedelta(hours=2))


def test_canonical_text() -> None:
    content = {
        "b": [1, True, None, "Ω"],
        "a": {"z": Decimal("1.50"), "y": UUID(int=7)},
        "at": datetime(2026, 11, 24, 12, tzinfo=ATHENS_WINTER),
        "day": date(2026, 11, 24),
    }
    assert canonical(content) == (
        '{"a":{"y":"00000000-0000-0000-0000-000000000007","z":"1.50"},"at":"2026-11-24T10:00:00+00:00",'
        '"b":[1,true,null,"Ω"],"day":"2026-11-24"}'
    )


@pytest.mark.parametrize("value", [0.1, {"x": [0.5]}, object()])
def test_no_plain_form(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


@pytest.mark.django_db
def test_entry_says_who_what_and_facts() -> None:
    by = service()
    entry = record(by, "thing.changed", by, share=Decimal("0.5"))
    assert str(entry) == "1 thing.changed"
    assert (entry.actor_id, entry.action, entry.object_kind, entry.object_id) == (
        str(by.pk),
        "thing.changed",
        "accounts.user",
        str(by.pk),
    )
    assert entry.content == canonical(
        {
            "action": "thing.changed",
            "actor": str(by.pk),
            "at": entry.at.astimezone(UTC),
            "facts": {"share": Decimal("0.5")},
            "id": str(by.pk),
            "kind": "accounts.user",
            "position": 1,
        }
    )


@pytest.mark.django_db
def test_many_take_three_statements(django_assert_num_queries: Any) -> None:
    by = service()
    record(by, "first", by)
    for size in (1, 4):
        with django_assert_num_queries(3):
            record_many(by, "many", [(by, {"number": number}) for number in range(size)])
    assert verified_chain() == Finding(6, [])


@pytest.mark.django_db
def test_nothing_to_record_changes_nothing() -> None:
    assert record_many(service(), "none", []) == []
    assert Head.objects.get().count == 0


@pytest.mark.django_db
@pytest.mark.parametrize("by", [None, AnonymousUser()])
def test_an_act_has_an_actor(by: Any) -> None:
    with pytest.raises(ValueError, match="An act has an actor"):
        record(by, "x", service())


@pytest.mark.django_db(transaction=True)
def test_only_in_the_transaction_of_the_act() -> None:
    by = service()
    with pytest.raises(TransactionManagementError):
        record(by, "x", by)
    with transaction.atomic():
        record(by, "x", by)
        transaction.set_rollback(True)
    assert verified_chain() == Finding(0, [])


REFUSED = [
    "UPDATE audit_entry SET action = 'x'",
    "DELETE FROM audit_entry",
    {
        "sqlite": "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "postgresql": "TRUNCATE audit_entry",
    },
]


@pytest.mark.django_db
@pytest.mark.parametrize("sql", REFUSED, ids=["update", "delete", "whole-rows"])
def test_database_refuses_to_change_the_trail(sql: str | dict[str, str]) -> None:
    by = service()
    record(by, "kept", by)
    statement = sql if isinstance(sql, str) else sql[connection.vendor]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Entry.objects.values_list("action", flat=True)) == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_do_not_fork_the_chain() -> None:
    people = [person(f"Writer{number}") for number in range(8)]

    def write(by: User) -> None:
        try:
            for number in range(10):
                with transaction.atomic():
                    record(by, "written", by, number=number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, people))
    assert verified_chain() == Finding(80, [])
    assert str(Head.objects.get()) == f"80 {Entry.objects.get(position=80).hash[:12]}"
    assert list(Entry.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 81))
    assert {Entry.objects.filter(actor_id=str(one.pk)).count() for one in people} == {10}
