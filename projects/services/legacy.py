"""What is to remain after a project, and the checks that it does."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import bump
from projects.calculation.calendar import months_later
from projects.choices import Action, LegacyResult
from projects.models import Legacy, LegacyCheck, Project
from projects.services.saving import change, columns_of, keep

MONTHS = (6, 12, 24, 60)


@transaction.atomic
def add_legacy(*, project: Project, by: User, **fields: Any) -> Legacy:
    """Name a capacity, system, service, network, law or budget line that is to remain; `fields` are its columns."""
    require(by, "projects.manage_legacy", project)
    row = keep(Legacy(project=project, **fields))
    if project.closed_on:
        begin_follow_up([row], project.closed_on)
    audit.record(by, Action.LEGACY_CHANGED, project, legacy=row.pk, kind=str(row.kind))
    return row


@transaction.atomic
def change_legacy(
    *, legacy: Legacy, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> Legacy:
    """Change what is to remain, who will own it, when it was handed over. Raises `ValidationError` and `Stale`."""
    require(by, "projects.manage_legacy", legacy)
    changed = change(legacy, changes, allowed=columns_of(Legacy, "project"), expected_version=expected_version)
    audit.record(by, Action.LEGACY_CHANGED, legacy.project, legacy=legacy.pk, changed=changed)
    return legacy


def begin_follow_up(legacies: Iterable[Legacy], closed_on: date) -> int:
    """Put the checks at 6, 12, 24 and 60 months onto the list, once for each legacy; gives how many there are."""
    rows = [
        LegacyCheck(legacy=legacy, months=months, due_on=months_later(closed_on, months))
        for legacy in legacies
        for months in MONTHS
    ]
    LegacyCheck.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def record_check(*, check: LegacyCheck, result: str, note: str, on: date, by: User) -> LegacyCheck:
    """Say what a check found (works, changed, stopped, unknown). Raises `RuleBroken` where it is done already."""
    require(by, "projects.manage_legacy", check)
    row: LegacyCheck = LegacyCheck.objects.select_for_update(of=("self",)).select_related("legacy").get(pk=check.pk)
    if row.done_on is not None:
        raise RuleBroken(_("This check is done already."), "wrong_state")
    row.result, row.note, row.done_on, row.by = LegacyResult(result), note, on, by
    row.full_clean()
    bump(row, "result", "note", "done_on", "by")
    audit.record(by, Action.LEGACY_CHANGED, row, legacy=row.legacy_id, months=row.months, result=str(result))
    return row
