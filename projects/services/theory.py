"""Acts on the theory of change: assumptions and their tests, and change that nobody had planned."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import NotAllowed
from kmop.shared.files import EVIDENCE, check_upload, file_name
from partners.models import Organisation
from projects.choices import Action, AssumptionOutcome
from projects.models import Assumption, Project, Result, UnplannedChange
from projects.rules import held_by
from projects.services.results import RANK
from projects.services.saving import change, columns_of, keep

TESTED = ("outcome", "tested_on", "evidence", "due_on")
FACTS = frozenset({"result", "kind", "what", "noticed_by", "noticed_on", "contribution", "link"})


# ---------------------------------------------------------------- assumptions
def _check_path(project_id: int, cause: Result, effect: Result) -> None:
    if {cause.project_id, effect.project_id} != {project_id} or cause.pk == effect.pk:
        raise ValidationError({"effect": [_("It leads from one result of the project to another one.")]})
    if RANK[effect.level] > RANK[cause.level]:
        raise ValidationError({"effect": [_("It leads to a result of the same or a higher level.")]})


@transaction.atomic
def add_assumption(*, project: Project, cause: Result, effect: Result, by: User, **fields: Any) -> Assumption:
    """Write down what must hold for one result to lead to another; `fields` are further columns of `Assumption`.

    Raises `ValidationError` where the two are one, of another project, or the effect stands on a lower level.
    """
    require(by, "projects.manage_framework", project)
    _check_path(project.pk, cause, effect)
    row = keep(Assumption(project=project, cause=cause, effect=effect, **fields))
    audit.record(by, Action.ASSUMPTION_CHANGED, row, project=project.pk, added=True)
    return row


@transaction.atomic
def change_assumption(
    *, obj: Assumption, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> Assumption:
    """Change columns of an assumption. Raises `ValidationError` by field and `Stale`."""
    require(by, "projects.manage_framework", obj)
    _check_path(obj.project_id, changes.get("cause", obj.cause), changes.get("effect", obj.effect))
    changed = change(obj, changes, allowed=columns_of(Assumption, "project"), expected_version=expected_version)
    audit.record(by, Action.ASSUMPTION_CHANGED, obj, changed=changed)
    return obj


@transaction.atomic
def record_test(
    *,
    obj: Assumption,
    outcome: str,
    tested_on: date,
    evidence: str = "",
    due_on: date | None = None,
    expected_version: int | None = None,
    by: User,
) -> Assumption:
    """Say what a test of an assumption found, what shows it, and when the next one is due (None: none).

    Raises `ValidationError` for an outcome "untested" or a next test that is not later, and `Stale`.
    """
    require(by, "projects.test_assumption", obj)
    if outcome == AssumptionOutcome.UNTESTED:
        raise ValidationError({"outcome": [_("Say what the test found: it holds, is doubtful, or is broken.")]})
    if due_on is not None and due_on <= tested_on:
        raise ValidationError({"due_on": [_("The next test lies after this one.")]})
    found = {"outcome": outcome, "tested_on": tested_on, "evidence": evidence, "due_on": due_on}
    changed = change(obj, found, allowed=TESTED, expected_version=expected_version)
    audit.record(by, Action.ASSUMPTION_CHANGED, obj, changed=changed, outcome=outcome)
    return obj


# ---------------------------------------------------------------- unplanned change
def _check_change(project_id: int, result: Result, noticed_on: date, today: date) -> None:
    if result.project_id != project_id:
        raise ValidationError({"result": [_("This result belongs to another project.")]})
    if noticed_on > today:
        raise ValidationError({"noticed_on": [_("A change that is noticed lies not in the future.")]})


def _telling(project: Project, organisation: Organisation | None, by: User) -> Organisation | None:
    """The partner that tells it: the one given, of those she reports for; officers need none."""
    mine = {one for project_id, one in held_by(by).reporting if project_id == project.pk}
    if organisation is None and not by.has_perm("projects.manage_framework", project):
        if len(mine) != 1:
            raise ValidationError({"organisation": [_("Say for which organisation you tell it.")]})
        return Organisation.objects.get(pk__in=mine)
    if organisation is not None and organisation.pk not in mine:
        raise NotAllowed(_("You tell it for your own organisation only."))
    return organisation


def record_change(
    *,
    project: Project,
    result: Result,
    today: date,
    organisation: Organisation | None = None,
    file: Any = None,
    by: User,
    **fields: Any,
) -> UnplannedChange:
    """Record a change, good or bad, that no target names; `fields` are further columns, `file` an uploaded file.

    Raises `ValidationError` by field: a result of another project, a day in the future, a file that isn't taken.
    """
    require(by, "projects.record_change", project)
    told_by = _telling(project, organisation, by)
    row = UnplannedChange(project=project, result=result, organisation=told_by, recorded_by=by, **fields)
    _check_change(project.pk, result, row.noticed_on, today)
    checked = check_upload(file, EVIDENCE) if file is not None else None
    row.full_clean(exclude=["file"])
    with transaction.atomic():
        row.save(force_insert=True)
        if checked is not None:
            row.file_name, row.file_type = file_name(file.name), checked.type.media_type
            row.file_sha256 = checked.sha256
            row.file.save(row.file_name, file)
        audit.record(by, Action.CHANGE_RECORDED, row, project=project.pk, result=result.pk, kind=row.kind)
    return row


@transaction.atomic
def correct_change(
    *,
    obj: UnplannedChange,
    changes: Mapping[str, Any],
    today: date,
    expected_version: int | None = None,
    by: User,
) -> UnplannedChange:
    """Correct what was recorded of an unplanned change, its file left out. Raises `ValidationError` and `Stale`."""
    require(by, "projects.record_change", obj)
    noticed = changes.get("noticed_on", obj.noticed_on)
    _check_change(obj.project_id, changes.get("result", obj.result), noticed, today)
    changed = change(obj, changes, allowed=FACTS, expected_version=expected_version)
    audit.record(by, Action.CHANGE_RECORDED, obj, changed=changed)
    return obj
