"""Acts on the workplan and the risks of a project."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.choices import Action
from projects.models import Activity, Deliverable, Milestone, Project, Risk
from projects.services.saving import change, columns_of, keep, keep_all, one_project

Work = Activity | Deliverable | Milestone | Risk


def _rule(model: type[Any]) -> tuple[str, Action]:
    if model is Risk:
        return "projects.manage_risks", Action.RISK_CHANGED
    return "projects.manage_workplan", Action.WORKPLAN_CHANGED


def _add(model: type[Any], project: Project, by: User, fields: Mapping[str, Any]) -> Any:
    rule, action = _rule(model)
    require(by, rule, project)
    row = keep(model(project=project, **fields))
    audit.record(by, action, row, project=project.pk, added=True)
    return row


@transaction.atomic
def add_activity(*, project: Project, by: User, **fields: Any) -> Activity:
    """Add something that is done between two days; `fields` are columns of `Activity`."""
    row: Activity = _add(Activity, project, by, fields)
    return row


@transaction.atomic
def add_deliverable(*, project: Project, by: User, **fields: Any) -> Deliverable:
    """Add a thing that is handed over on a day; `fields` are columns of `Deliverable`."""
    row: Deliverable = _add(Deliverable, project, by, fields)
    return row


@transaction.atomic
def add_milestone(*, project: Project, by: User, **fields: Any) -> Milestone:
    """Add a day by which something is so; `fields` are columns of `Milestone`."""
    row: Milestone = _add(Milestone, project, by, fields)
    return row


@transaction.atomic
def add_risk(*, project: Project, by: User, **fields: Any) -> Risk:
    """Add what may go wrong, likelihood and impact 1 to 5; `fields` are columns of `Risk`."""
    row: Risk = _add(Risk, project, by, fields)
    return row


@transaction.atomic
def add_work(*, project: Project, rows: Sequence[Work], by: User) -> list[Work]:
    """Add unsaved activities, deliverables, milestones and risks, one statement a kind (rows of a kind together)."""
    one_project(rows, project)
    made: list[Work] = []
    for model, group in groupby(rows, key=type):
        rule, action = _rule(model)
        require(by, rule, project)
        kept = keep_all(list(group))
        audit.record_many(by, action, [(one, {"project": project.pk, "added": True}) for one in kept])
        made += kept
    return made


@transaction.atomic
def change_work(*, obj: Work, changes: Mapping[str, Any], expected_version: int | None = None, by: User) -> Work:
    """Change columns of an activity, deliverable, milestone or risk. Raises `ValidationError` by field and `Stale`."""
    rule, action = _rule(type(obj))
    require(by, rule, obj)
    changed = change(obj, changes, allowed=columns_of(type(obj), "project"), expected_version=expected_version)
    audit.record(by, action, obj, changed=changed)
    return obj
