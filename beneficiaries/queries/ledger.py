"""The change ledger: you said, we decided, we changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from beneficiaries.models import Decision
from kmop.shared.text import in_language
from projects.models import Project


@dataclass(frozen=True)
class Changed:
    """The very thing that changed: its kind (activity, indicator, budget_line), id and name."""

    kind: str
    id: int
    label: str


@dataclass(frozen=True)
class LedgerLine:
    """One decision, in the reader's language. `changed` is told in words; `things` are what it is linked to."""

    id: str
    said: str
    people: int
    outcome: str
    decided_on: date
    decided_by: str
    reason: str
    changed: str
    things: tuple[Changed, ...]
    need_id: int | None
    is_public: bool


def ledger(
    project: Project, *, public: bool = False, limit: int | None = None, day: date | None = None
) -> list[LedgerLine]:
    """The decisions of a project up to `day`, newest first; `public` leaves only those on the public board. One
    statement."""
    rows = Decision.objects.filter(project=project, **({"is_public": True} if public else {}))
    if day is not None:
        rows = rows.filter(decided_on__lte=day)
    linked = rows.select_related("activity", "indicator", "budget_line", "decided_by").order_by("-decided_on", "id")
    return [_line(one) for one in linked[:limit]]


def _line(decision: Decision) -> LedgerLine:
    return LedgerLine(
        id=str(decision.pk),
        said=in_language(decision.you_said),
        people=decision.people,
        outcome=decision.outcome,
        decided_on=decision.decided_on,
        decided_by=str(decision.decided_by),
        reason=decision.told_reason,
        changed=in_language(decision.we_changed),
        things=tuple(_things(decision)),
        need_id=decision.need_id,
        is_public=decision.is_public,
    )


def _things(decision: Decision) -> list[Changed]:
    linked: dict[str, Any] = {
        "activity": decision.activity,
        "indicator": decision.indicator,
        "budget_line": decision.budget_line,
    }
    return [
        Changed(kind, obj.pk, in_language(getattr(obj, "titles", None)) or str(obj))
        for kind, obj in linked.items()
        if obj is not None
    ]
