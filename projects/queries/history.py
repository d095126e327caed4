"""What was done with objects, from the audit trail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from kmop.accounts.models import User
from kmop.audit.models import Entry
from projects.choices import Action

LABELS = dict(Action.choices)


@dataclass(frozen=True)
class HistoryLine:
    """One act: when, who (the name), what (in the reader's language), and the facts that were kept."""

    at: datetime
    actor: str
    action: str
    label: str
    object_id: str
    facts: dict[str, Any]


def history(objects: Sequence[models.Model], *, limit: int = 50) -> list[HistoryLine]:
    """The newest acts on objects of one kind, newest first, in two statements. Give objects the reader may see."""
    if not objects:
        return []
    kind = objects[0]._meta.label_lower
    rows = Entry.objects.filter(object_kind=kind, object_id__in=[str(one.pk) for one in objects])
    entries = list(rows.order_by("-position")[:limit])
    actors = User.objects.in_bulk([int(one.actor_id) for one in entries if one.actor_id.isdecimal()])
    return [_line(one, actors) for one in entries]


def _line(entry: Entry, actors: dict[int, User]) -> HistoryLine:
    actor = actors.get(int(entry.actor_id)) if entry.actor_id.isdecimal() else None
    return HistoryLine(
        at=entry.at,
        actor=str(actor or entry.actor_id),
        action=entry.action,
        label=str(LABELS.get(entry.action, entry.action)),
        object_id=entry.object_id,
        facts=json.loads(entry.content)["facts"],
    )
