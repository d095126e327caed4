"""How a project's figures are reviewed: its steps of approval, and the quality rules of its indicators."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Sentence, Stale
from kmop.shared.models import bump
from projects.calculation.flag_rules import RULES, wrong_settings
from projects.calculation.steps import first_open, in_order
from projects.choices import Action, ApprovalStep
from projects.models import Indicator, Project, Update
from projects.services.updates.steps import steps_under_way, taken_steps, tell_next

CHANGED = _("Somebody changed this in the meantime. Load it again and repeat your change.")
WRONG: dict[str, Sentence] = {
    "unknown_rule": _("There is no such rule. Known: %(known)s."),
    "invalid": _("Say whether the rule is on, and its numbers."),
    "unknown_number": _("The rule has no such number."),
    "out_of_range": _("Enter a number from %(lowest)s to %(highest)s."),
}


@transaction.atomic
def set_approval_steps(
    *, project: Project, steps: Sequence[str], expected_version: int | None = None, by: User
) -> Project:
    """Say which steps an update of the project passes before it counts.

    Updates under way go on from the first of the new steps that was not taken since they were handed in. Raises
    `ValidationError` at "steps", `Stale`, and `RuleBroken` "under_way" where an update has passed all that is left.
    """
    require(by, "projects.change_project", project)
    waiting = steps_under_way(project)
    row = Project.objects.select_for_update().get(pk=project.pk)
    if expected_version is not None and row.version != expected_version:
        raise Stale(CHANGED)
    if not in_order(steps, ApprovalStep.values):
        said = _("Choose at least one step. They are taken in this order: %(steps)s.")
        told = said % {"steps": ", ".join(ApprovalStep.values)}
        raise ValidationError({"steps": ValidationError(told, code="invalid")})
    moved = _moved(waiting, steps)
    before, row.approval_steps = row.approval_steps, list(steps)
    bump(row, "approval_steps")
    for step, rows in moved.items():
        ids = [one.pk for one in rows]
        Update.objects.filter(pk__in=ids).update(step=step, version=F("version") + 1, updated_at=timezone.now())
    count = sum(map(len, moved.values()))
    audit.record(by, Action.APPROVAL_STEPS_SET, row, before=before, after=list(steps), moved=count)
    _tell(moved, row)
    return row


def _moved(waiting: Sequence[Update], steps: Sequence[str]) -> dict[str, list[Update]]:
    """The updates that wait for another step now, by that step."""
    found: defaultdict[str, list[Update]] = defaultdict(list)
    passed = 0
    for one in waiting:
        step = first_open(steps, taken_steps(one))
        if step is None:
            passed += 1
        elif step != one.step:
            found[step].append(one)
    if passed:
        said = ngettext(
            "%(n)s update has passed every step that would be left. Decide about it first.",
            "%(n)s updates have passed every step that would be left. Decide about them first.",
            passed,
        )
        raise RuleBroken(said % {"n": passed}, "under_way")
    return dict(found)


def _tell(moved: Mapping[str, list[Update]], project: Project) -> None:
    rows = []
    for step, updates in moved.items():
        for one in updates:
            one.step, one.indicator.project = step, project
            rows.append(one)
    if rows:
        tell_next(rows)


@transaction.atomic
def set_flag_rules(
    *, indicator: Indicator, rules: Mapping[str, Mapping[str, Any]], expected_version: int | None = None, by: User
) -> Indicator:
    """Keep an indicator's own quality rules, {code: {"on": bool, number: value}}; what is not said stands by default.

    Nothing said is a reset. Updates that were handed in keep their flags. Raises `ValidationError` at
    "rules/<code>/<number>" and `Stale`.
    """
    require(by, "projects.manage_framework", indicator)
    row = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if expected_version is not None and row.version != expected_version:
        raise Stale(CHANGED)
    problems = {}
    for one in wrong_settings(rules):
        params = {"known": ", ".join(RULES), "lowest": one.lowest, "highest": one.highest}
        problems[f"rules/{one.path}"] = ValidationError(WRONG[one.code] % params, code=one.code)
    if problems:
        raise ValidationError(problems)
    row.flag_rules = {
        code: {name: value if name == "on" else str(value) for name, value in own.items()}
        for code, own in rules.items()
        if own
    }
    bump(row, "flag_rules")
    audit.record(by, Action.FLAG_RULES_SET, row, rules=sorted(row.flag_rules))
    return row
