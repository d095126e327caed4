"""Deciding about submitted updates: approve step by step, return with a note, take an approval back at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.notifications.choices import Kind
from kmop.notifications.models import Notice
from kmop.notifications.services import notify_many
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from partners.models import Membership
from projects.choices import UPDATE_APPROVED, UPDATE_RETURNED, Action, ApprovalStep, DecisionVerdict, UpdateState
from projects.models import Obligation, RaisedFlag, Update, UpdateDecision
from projects.rules import ENTERS
from projects.services.definitions.versions import resolve_cells
from projects.services.rollup import lock_indicators, roll_up
from projects.services.updates.answers import put_flags, remember_flags
from projects.services.updates.quality import flags_of
from projects.services.updates.rows import locked_update, locked_updates, require_all
from projects.services.updates.steps import go_on, keep_decisions, next_step, read_decisions
from projects.services.updates.submission import touch_obligations

HELD = timedelta(seconds=30)
LINK = "/updates/{update}/"


@transaction.atomic
def approve_update(*, update: Update, note: str = "", expected_version: int | None = None, by: User) -> Update:
    """Take the step a submitted update waits for; after the last it counts. The set act with one."""
    require(by, "projects.approve_update", update)
    return _approve([locked_update(update, expected_version)], note=note, at=timezone.now(), by=by)[0]


@transaction.atomic
def approve_updates(*, updates: Iterable[Update], note: str = "", at: datetime | None = None, by: User) -> list[Update]:
    """Approve submitted updates, all or none, in a fixed number of statements. `at` is when it was decided (now).

    Each takes the step it waits for. After the last one it counts: totals are written in the same transaction, a
    revision takes the place of what it revises, the submitter is told 30 seconds later, so that a slip can be undone.
    Raises `NotAllowed` (also for one's own submission, and for a second step) and `RuleBroken` "wrong_state".
    """
    return _approve(locked_updates(updates), note=note, at=at or timezone.now(), by=by)


def _approve(rows: Sequence[Update], *, note: str, at: datetime, by: User) -> list[Update]:
    read_decisions(rows)
    require_all(by, "projects.approve_update", rows)
    onward = {one.pk: step for one in rows if (step := next_step(one, by=by))}
    keep_decisions(rows, DecisionVerdict.APPROVED, note=note, at=at, by=by)
    going = [one for one in rows if one.pk in onward]
    if going:
        audit.record_many(by, Action.UPDATE_STEP_TAKEN, _facts(going))
        left = [one for one in going if one.step == ApprovalStep.PARTNER_SUPERVISOR]
        go_on(going, onward, by=by)
        _look_again(left)
    last = [one for one in rows if one.pk not in onward]
    if last:
        _count(last, note=note, at=at, by=by)
    return list(rows)


def _look_again(rows: Sequence[Update]) -> None:
    """What left the partner's house is compared with the figures of other partners, which nobody there may know."""
    if not rows:
        return
    found = flags_of(rows, submitted_on=timezone.localdate())
    for row in rows:
        doubles = [one for one in found[row.pk] if one["code"] == "double"]
        put_flags(row, [*row.flags, *row.answered_flags, *doubles])
    Update.objects.bulk_update(rows, ["flags", "answered_flags"], batch_size=500)
    remember_flags(rows, at=timezone.now())


def _count(rows: Sequence[Update], *, note: str, at: datetime, by: User) -> None:
    """The last step was taken: the figures count from now on."""
    _decide(rows, UpdateState.APPROVED, note=note, at=at, by=by)
    _supersede([one for one in rows if one.revises_id])
    _write_totals(rows)
    touch_obligations(rows)
    tell_partner(rows, UPDATE_APPROVED, at=timezone.now() + HELD)
    audit.record_many(by, Action.UPDATE_APPROVED, _facts(rows))


def _write_totals(rows: Sequence[Update]) -> None:
    """The totals of these updates anew; cells that were entered while categories changed are told apart first."""
    ids = sorted({one.indicator_id for one in rows})
    remapped = lock_indicators(ids)
    if remapped:
        resolve_cells(ids)
    roll_up([one.period_id for one in rows], remapped=remapped)


@transaction.atomic
def return_update(*, update: Update, note: str, expected_version: int | None = None, by: User) -> Update:
    """Send a submitted update back with a note that says what to correct; it begins at the first step again."""
    require(by, "projects.return_update", update)
    return _return([locked_update(update, expected_version)], note=note, at=timezone.now(), by=by)[0]


@transaction.atomic
def return_updates(*, updates: Iterable[Update], note: str, at: datetime | None = None, by: User) -> list[Update]:
    """Send submitted updates back with one note, all or none. Raises `ValidationError` without a note."""
    return _return(locked_updates(updates), note=note, at=at or timezone.now(), by=by)


def _return(rows: Sequence[Update], *, note: str, at: datetime, by: User) -> list[Update]:
    read_decisions(rows)
    for row in rows:
        require(by, "projects.return_update", row)
    if not note.strip():
        raise ValidationError({"note": ValidationError(_("Say what is to be corrected."), code="required")})
    require_all(by, "projects.return_update", rows)
    keep_decisions(rows, DecisionVerdict.RETURNED, note=note.strip(), at=at, by=by)
    _decide(rows, UpdateState.RETURNED, note=note.strip(), at=at, by=by)
    touch_obligations(rows)
    tell_partner(rows, UPDATE_RETURNED, at=timezone.now())
    audit.record_many(by, Action.UPDATE_RETURNED, _facts(rows))
    return list(rows)


@transaction.atomic
def undo_approval(*, updates: Iterable[Update], by: User) -> list[Update]:
    """Take one's own last steps of the last 30 seconds back: submitted again, totals as before, nobody was told.

    Raises `RuleBroken` "too_late" afterwards, and for a revision, which has taken the place of another update.
    """
    rows = locked_updates(updates)
    since = timezone.now() - HELD
    for row in rows:
        require(by, "projects.review", row)
        is_own = row.state == UpdateState.APPROVED and row.decided_by_id == by.pk and row.superseded_at is None
        if not is_own or row.revises_id or row.decided_at is None or row.decided_at < since:
            raise RuleBroken(_("An approval is taken back within 30 seconds, by who gave it."), "too_late")
    _decide(rows, UpdateState.SUBMITTED, note="", at=None, by=None)
    UpdateDecision.objects.filter(update__in=rows, round=F("update__round"), step=F("update__step"), by=by).delete()
    _write_totals(rows)
    touch_obligations(rows)
    links = [LINK.format(update=one.pk) for one in rows]
    Notice.objects.filter(kind=UPDATE_APPROVED.name, link__in=links, at__gt=timezone.now()).delete()
    audit.record_many(by, Action.UPDATE_APPROVAL_UNDONE, _facts(rows))
    return rows


def _decide(rows: Sequence[Update], state: UpdateState, *, note: str, at: datetime | None, by: User | None) -> None:
    now = timezone.now()
    ids = [one.pk for one in rows]
    Update.objects.filter(pk__in=ids).update(
        state=state, note=note, decided_at=at, decided_by=by, version=F("version") + 1, updated_at=now
    )
    for row in rows:
        row.state, row.note, row.decided_at, row.decided_by = state, note, at, by
        row.version, row.updated_at = row.version + 1, now


def _supersede(revisions: Sequence[Update]) -> None:
    """What was revised counts no longer; its external id and its obligation go to the revision."""
    if not revisions:
        return
    now = timezone.now()
    old = [one.revises_id for one in revisions if one.revises_id]
    RaisedFlag.objects.filter(update_id__in=old, corrected_at=None).update(corrected_at=now)
    Update.objects.filter(pk__in=old).update(superseded_at=now, version=F("version") + 1, updated_at=now)
    before = Update.objects.filter(pk=OuterRef("revises")).values("external_id")[:1]
    new = Update.objects.filter(pk__in=[one.pk for one in revisions])
    new.update(external_id=Subquery(before))
    after = Update.objects.filter(revises=OuterRef("update"), pk__in=[one.pk for one in revisions]).values("pk")[:1]
    Obligation.objects.filter(update_id__in=old).update(update_id=Subquery(after))


def _facts(rows: Sequence[Update]) -> list[tuple[models.Model, dict[str, Any]]]:
    return [
        (
            one,
            {
                "indicator": one.indicator_id,
                "period": one.period_id,
                "organisation": one.organisation_id,
                "step": str(one.step),
            },
        )
        for one in rows
    ]


# ---------------------------------------------------------------- telling
def tell_partner(rows: Sequence[Update], kind: Kind, *, at: datetime) -> None:
    """Tell who submitted; where a partner's system did, the people of the partner who enter figures."""
    apart = {one.organisation_id for one in rows if one.submitted_by is None or one.submitted_by.is_service}
    people: dict[int, list[User]] = {}
    if apart:
        members = Membership.objects.filter(organisation_id__in=apart, role__in=ENTERS, user__kind="person")
        for one in members.select_related("user"):
            people.setdefault(one.organisation_id, []).append(one.user)
    told: list[tuple[User, dict[str, Any]]] = []
    for row in rows:
        person = row.submitted_by
        users = [person] if person and not person.is_service else people.get(row.organisation_id, [])
        params = {"indicator": row.indicator.code, "period": row.period.code, "update": row.pk}
        told += [(user, params) for user in users]
    notify_many(told, kind, link=LINK, at=at)
