"""Whether the chain holds."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from kmop.audit.models import GENESIS, HEAD_ID, Entry, Head


@dataclass(frozen=True)
class Break:
    """One place where the chain does not hold: the entry's number and what is wrong."""

    position: int
    reason: str


@dataclass
class Finding:
    """How many entries were read, and every break among them."""

    entries: int = 0
    broken: list[Break] = field(default_factory=list)


def link(previous_hash: str, content: str) -> str:
    """SHA-256, in hex, of the hash before and the canonical JSON text of the entry."""
    return hashlib.sha256(f"{previous_hash}\n{content}".encode()).hexdigest()


def _columns_differ(entry: Entry) -> bool:
    try:
        content: dict[str, Any] = json.loads(entry.content)
    except ValueError:
        return True
    return content != {
        "position": entry.position,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "action": entry.action,
        "kind": entry.object_kind,
        "id": entry.object_id,
        "facts": content.get("facts"),
    }


def _faults(entry: Entry, position: int, previous: str) -> Iterator[str]:
    if entry.position != position:
        yield f"number {position} is missing"
    if entry.previous_hash != previous:
        yield "does not follow from the entry before"
    if entry.hash != link(entry.previous_hash, entry.content):
        yield "content and hash differ"
    if _columns_differ(entry):
        yield "columns and content differ"


def verified_chain() -> Finding:
    """Read the whole chain in order, in constant memory, and compare its end with the head: a cut tail is found."""
    finding, previous, position = Finding(), GENESIS, 0
    for entry in Entry.objects.order_by("position").iterator(chunk_size=2000):
        for reason in _faults(entry, position + 1, previous):
            finding.broken.append(Break(entry.position, reason))
        previous, position = entry.hash, entry.position
        finding.entries += 1
    head = Head.objects.filter(pk=HEAD_ID).first() or Head()
    if (head.count, head.hash) != (position, previous):
        finding.broken.append(Break(position, f"the chain ends here, its head says number {head.count}"))
    return finding
