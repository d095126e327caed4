"""The buttons at the head of a page: a reason that several are refused for is told once."""

from collections.abc import Sequence
from typing import Any


def told_once(acts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same buttons; of those refused for one reason only the last says it, the others point there (`why`)."""
    last = {act["refused"]: act["id"] for act in acts if act.get("refused")}
    return [
        {**act, "why": last[act["refused"]]} if act.get("refused") and last[act["refused"]] != act["id"] else act
        for act in acts
    ]
