"""Appending to the chain."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from kmop.audit.models import HEAD_ID, Entry, Head
from kmop.audit.queries.chain import link


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in an audit entry")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("float cannot stand in an audit entry: use Decimal")
    if isinstance(value, Mapping):
        value = value.values()
    elif not isinstance(value, list | tuple | set):
        return
    for item in value:
        _refuse_floats(item)


def canonical(content: Mapping[str, Any]) -> str:
    """The one JSON text of `content`: keys sorted, no spaces, UTC times, decimals and ids as text.

    Raises `TypeError` for floats and for objects that have no plain form.
    """
    _refuse_floats(content)
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def record(by: Any, action: str, obj: models.Model, **facts: Any) -> Entry:
    """Append one entry in the running transaction; call it last, since it locks the head of the chain.

    `by` is the user or service account, `action` a member of the app's `Action`, `obj` the saved row it is about,
    `facts` ids, states, numbers, dates and short codes: never feedback text or personal data. Raises
    `TransactionManagementError` outside a transaction and `TypeError` for facts without a plain form.
    """
    return record_many(by, action, [(obj, facts)])[0]


def record_many(by: Any, action: str, rows: Iterable[tuple[models.Model, Mapping[str, Any]]]) -> list[Entry]:
    """Append one entry for each `(obj, facts)`, in that order, with one lock and three statements. See `record`."""
    return record_all(by, [(action, obj, facts) for obj, facts in rows])


def record_all(by: Any, rows: Iterable[tuple[str, models.Model, Mapping[str, Any]]]) -> list[Entry]:
    """Append one entry for each `(action, obj, facts)`, in that order. See `record_many`."""
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("An audit entry is written in the transaction of its act.")
    if by is None or by.pk is None:
        raise ValueError("An act has an actor: a user or a named service account.")
    head, _made = Head.objects.select_for_update().get_or_create(pk=HEAD_ID)
    at = timezone.now()
    entries = []
    for action, obj, facts in rows:
        entry = _entry(by, action, obj, facts, at, head)
        head.hash, head.count = entry.hash, entry.position
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=500)
    if entries:
        Head.objects.filter(pk=HEAD_ID).update(hash=head.hash, count=head.count)
    return entries


def _entry(by: Any, action: str, obj: models.Model, facts: Mapping[str, Any], at: datetime, head: Head) -> Entry:
    entry = Entry(
        position=head.count + 1,
        at=at,
        actor_id=str(by.pk),
        action=str(action),
        object_kind=obj._meta.label_lower,
        object_id=str(obj.pk),
        previous_hash=head.hash,
    )
    entry.content = canonical(
        {
            "position": entry.position,
            "at": at,
            "actor": entry.actor_id,
            "action": entry.action,
            "kind": entry.object_kind,
            "id": entry.object_id,
            "facts": dict(facts),
        }
    )
    entry.hash = link(head.hash, entry.content)
    return entry
