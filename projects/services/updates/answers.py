"""Answers to quality flags: why a figure is right though a rule spoke up. An answered flag stays, open no more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.models import bump
from projects.calculation.flag_rules import RULES
from projects.choices import Action
from projects.models import RaisedFlag, Update
from projects.services.updates.rows import locked_update, require_all
from projects.services.updates.steps import read_decisions

LONGEST = 1000
Flags = Sequence[Mapping[str, Any]]


def accept_answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answers without blank ones. Raises `ValidationError` at "flag_answers/<code>"."""
    problems: dict[str, Any] = {}
    for code, text in given.items():
        if code not in RULES:
            said = _("There is no such rule. Known: %(known)s.") % {"known": ", ".join(RULES)}
            problems[f"flag_answers/{code}"] = ValidationError(said, code="unknown_rule")
        elif len(text) > LONGEST:
            said = _("At most %(n)s characters are taken.") % {"n": LONGEST}
            problems[f"flag_answers/{code}"] = ValidationError(said, code="too_long")
    if problems:
        raise ValidationError(problems)
    return {code: text.strip() for code, text in given.items() if text.strip()}


def texts_of(update: Update) -> dict[str, str]:
    """What the partner last answered, by rule."""
    return {code: said[-1]["text"] for code, said in update.flag_answers.items() if said}


def kept_answers(update: Update, given: Mapping[str, str], *, by: User, at: datetime) -> dict[str, Any]:
    """The answers as they are kept; one that says the same as before keeps its author and moment."""
    found = {}
    for code, text in accept_answers(given).items():
        before = update.flag_answers.get(code, [])
        is_same = bool(before) and before[-1]["text"] == text
        found[code] = before[-1:] if is_same else [_answer(text, by, at)]
    return found


def _answer(text: str, by: User, at: datetime) -> dict[str, Any]:
    return {"text": text, "by": by.pk, "at": at.isoformat()}


def put_flags(update: Update, flags: Flags) -> None:
    """Set the flags of an unsaved or locked update, the answered ones apart."""
    update.flags = [one for one in flags if not update.flag_answers.get(one["code"])]
    update.answered_flags = [one for one in flags if update.flag_answers.get(one["code"])]


def remember_flags(rows: Collection[Update], *, at: datetime) -> None:
    """Keep which rules spoke up, in one statement; what this round of an update knows already stays."""
    raised = [
        RaisedFlag(
            update=one, round=one.round, code=code, raised_at=at, answered_at=at if one.flag_answers.get(code) else None
        )
        for one in rows
        for code in dict.fromkeys(flag["code"] for flag in [*one.flags, *one.answered_flags])
    ]
    if raised:
        RaisedFlag.objects.bulk_create(raised, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def answer_flag(*, update: Update, code: str, text: str, expected_version: int | None = None, by: User) -> Update:
    """Say, as the one who takes the next step, why the figure is right though a rule spoke up.

    Raises `NotAllowed`, `RuleBroken` "wrong_state", `Stale`, and `ValidationError` without words or without that flag.
    """
    require(by, "projects.approve_update", update)
    row = locked_update(update, expected_version)
    read_decisions([row])
    require_all(by, "projects.approve_update", [row])
    if not text.strip():
        raise ValidationError({"text": ValidationError(_("Say in a sentence why it is right."), code="required")})
    accept_answers({code: text})
    if all(one["code"] != code for one in [*row.flags, *row.answered_flags]):
        raise ValidationError({"code": ValidationError(_("This update has no such flag."), code="does_not_exist")})
    now = timezone.now()
    row.flag_answers = {**row.flag_answers, code: [*row.flag_answers.get(code, []), _answer(text.strip(), by, now)]}
    put_flags(row, [*row.flags, *row.answered_flags])
    bump(row, "flags", "answered_flags", "flag_answers")
    RaisedFlag.objects.filter(update=row, round=row.round, code=code, answered_at=None).update(answered_at=now)
    audit.record(by, Action.FLAG_ANSWERED, row, rule=code)
    return row
