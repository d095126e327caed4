"""The chain: links, breaks, a cut tail, the command."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from kmop.audit.migrations._triggers import drop_triggers, make_triggers
from kmop.audit.models import GENESIS, Entry, Head
from kmop.audit.queries.chain import Break, Finding, link, verified_chain
from kmop.audit.services import record
from tests.factories_basement import service

pytestmark = pytest.mark.django_db


def three_entries() -> list[Entry]:
    by = service()
    with transaction.atomic():
        return [record(by, "test.done", by, number=number) for number in (1, 2, 3)]


def tampered(sql: str) -> None:
    """What somebody with the database's password could do."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    make_triggers(connection)


def test_empty_chain_holds() -> None:
    assert verified_chain() == Finding(0, [])


def test_each_entry_carries_the_hash_of_the_one_before() -> None:
    first, second, third = three_entries()
    assert [first.position, second.position, third.position] == [1, 2, 3]
    assert [first.previous_hash, second.previous_hash, third.previous_hash] == [GENESIS, first.hash, second.hash]
    assert third.hash == link(second.hash, third.content)
    assert (Head.objects.get().count, Head.objects.get().hash) == (3, third.hash)
    assert verified_chain() == Finding(3, [])


@pytest.mark.parametrize(
    "sql, broken",
    [
        ("UPDATE audit_entry SET action = 'x' WHERE position = 2", [(2, "columns and content differ")]),
        ("UPDATE audit_entry SET actor_id = '77' WHERE position = 1", [(1, "columns and content differ")]),
        (
            "UPDATE audit_entry SET content = 'x' WHERE position = 2",
            [(2, "content and hash differ"), (2, "columns and content differ")],
        ),
        (
            "DELETE FROM audit_entry WHERE position = 2",
            [(3, "number 2 is missing"), (3, "does not follow from the entry before")],
        ),
        (
            "DELETE FROM audit_entry WHERE position = 3",
            [(2, "the chain ends here, its head says number 3")],
        ),
        ("DELETE FROM audit_entry", [(0, "the chain ends here, its head says number 3")]),
        ("DELETE FROM audit_head", [(3, "the chain ends here, its head says number 0")]),
    ],
)
def test_breaks_are_found(sql: str, broken: list[tuple[int, str]]) -> None:
    three_entries()
    tampered(sql)
    assert [(fault.position, fault.reason) for fault in verified_chain().broken] == broken


def test_moved_time_is_found() -> None:
    entry = three_entries()[0]
    drop_triggers(connection)
    Entry.objects.filter(pk=entry.pk).update(at=entry.at + timedelta(days=1))
    make_triggers(connection)
    assert verified_chain().broken == [Break(1, "columns and content differ")]


def test_command_tells_and_exits(capsys: pytest.CaptureFixture[str]) -> None:
    three_entries()
    out = StringIO()
    call_command("verify_audit", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"entries": 3, "broken": []}
    tampered("DELETE FROM audit_entry WHERE position = 3")
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", "--json", stdout=out)
    assert stop.value.code == 1
    assert json.loads(out.getvalue()) == {
        "entries": 2,
        "broken": [{"position": 2, "reason": "the chain ends here, its head says number 3"}],
    }
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", stdout=out)
    assert out.getvalue().splitlines() == [
        "entry 2: the chain ends here, its head says number 3",
        "2 entries, 1 broken",
    ]
