"""Submitting updates for review."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Count, F
from django.utils import timezone

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.choices import Action, UpdateState
from projects.models import Evidence, Obligation, Update, UpdateValue
from projects.services.updates.answers import put_flags, remember_flags
from projects.services.updates.quality import flags_of
from projects.services.updates.rows import asked_by, locked_update, locked_updates, refuse_locked, require_all, today
from projects.services.updates.steps import begin, tell_next
from projects.validators import Asked, update_is_complete

SUBMITTED_COLUMNS = [
    "state", "step", "round", "submitted_by", "submitted_at", "flags", "answered_flags", "version", "updated_at",
]  # fmt: skip
Facts = list[tuple[models.Model, dict[str, Any]]]


@transaction.atomic
def submit_update(*, update: Update, expected_version: int | None = None, by: User) -> Update:
    """Hand a draft or returned update in for review. Raises `ValidationError` where it is not complete.

    Also `RuleBroken` "wrong_state" or `locked`, and `Stale` where the version isn't the expected one.
    """
    require(by, "projects.submit_update", update)
    return _submit([locked_update(update, expected_version)], at=timezone.now(), by=by)[0]


@transaction.atomic
def submit_updates(*, updates: Iterable[Update], at: datetime | None = None, by: User) -> list[Update]:
    """Hand many in, all or none, in a fixed number of statements. `at` is when it was done (now)."""
    return _submit(locked_updates(updates), at=at or timezone.now(), by=by)


def _submit(rows: Sequence[Update], *, at: datetime, by: User) -> list[Update]:
    for row in rows:
        require(by, "projects.submit_update", row)
    _refuse_incomplete(rows)
    refuse_locked([(one.period, one.organisation_id) for one in rows], day=today())
    require_all(by, "projects.submit_update", rows)
    facts = mark_submitted(rows, at=at, by=by)
    tell_next(rows)
    audit.record_many(by, Action.UPDATE_SUBMITTED, facts)
    return list(rows)


def _refuse_incomplete(rows: Sequence[Update]) -> None:
    ids = [one.pk for one in rows]
    said: dict[int, list[UpdateValue]] = {pk: [] for pk in ids}
    for value in UpdateValue.objects.filter(update_id__in=ids):
        said[value.update_id].append(value)
    files = dict(Evidence.objects.filter(update_id__in=ids).values_list("update_id").annotate(Count("pk")).order_by())
    asked = asked_by({one.indicator_id: one.indicator for one in rows}.values())
    for row in rows:
        update_is_complete(said[row.pk], evidence=files.get(row.pk, 0), asked=asked[row.indicator_id])


def mark_submitted(
    rows: Sequence[Update],
    *,
    at: datetime,
    by: User,
    asked: Mapping[int, Asked] | None = None,
    touch: bool = True,
) -> Facts:
    """Write state, step, moment and flags; gives the facts for the audit trail. The caller has asked and checked.

    What she read already need not be read again (`asked`), nor touched again (`touch`: the obligations).
    """
    begin(rows)
    flags = flags_of(rows, submitted_on=timezone.localdate(at), asked=asked)
    now = timezone.now()
    for row in rows:
        row.state, row.submitted_by, row.submitted_at = UpdateState.SUBMITTED, by, at
        put_flags(row, flags[row.pk])
        row.version, row.updated_at = row.version + 1, now
    Update.objects.bulk_update(rows, SUBMITTED_COLUMNS, batch_size=500)
    remember_flags(rows, at=at)
    if touch:
        touch_obligations(rows)
    return [(one, {"indicator": one.indicator_id, "period": one.period_id, "flags": len(one.flags)}) for one in rows]


def touch_obligations(rows: Sequence[Update]) -> None:
    """The state of an obligation is that of its update: it is another version now."""
    owed = Obligation.objects.filter(update_id__in=[one.pk for one in rows])
    owed.update(version=F("version") + 1, updated_at=timezone.now())
