"""How far each figure of a period's page is: empty, filled, to check, sent, approved, returned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count

from projects.calculation.cells import TOTAL
from projects.calculation.values import NOT_REPORTED, Figure, ValueState
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Evidence, Indicator, Project, ProjectRole
from projects.queries.entry import EntryRow
from projects.queries.flags import sentence, sentences

EDITABLE = (UpdateState.DRAFT, UpdateState.RETURNED)


class StepState(StrEnum):
    """Where one figure stands for the partner."""

    EMPTY = "empty"
    NOT_COUNTED = "not_counted"
    FILLED = "filled"
    ZERO = "zero"
    NOT_APPLICABLE = "not_applicable"
    TO_CHECK = "to_check"
    FILE_MISSING = "file_missing"
    RETURNED = "returned"
    SENT = "sent"
    APPROVED = "approved"
    LOCKED = "locked"


READY = (StepState.FILLED, StepState.ZERO, StepState.NOT_APPLICABLE)
DONE = (*READY, StepState.NOT_COUNTED, StepState.SENT, StepState.APPROVED)


@dataclass(frozen=True)
class Question:
    """A rule that speaks up on a draft: what it says, and what was answered ("" where nothing was)."""

    code: str
    sentence: str
    answer: str


@dataclass(frozen=True)
class Step:
    """One figure of the page: its row, state, the total it says, its flags in words, how many files it has.

    `is_ready` says that it may be sent together with others; one that came back is looked at and sent by itself.
    """

    row: EntryRow
    state: StepState
    total: Figure
    warnings: list[str]
    questions: list[Question]
    files: int
    is_ready: bool

    @property
    def pk(self) -> int:
        """The obligation's id: the address of the step."""
        return int(self.row.obligation.pk)

    @property
    def indicator(self) -> Indicator:
        """What is asked."""
        indicator: Indicator = self.row.obligation.indicator
        return indicator

    @property
    def is_editable(self) -> bool:
        """Whether the figure may still be changed."""
        return not self.row.is_locked and (self.row.update is None or self.row.update.state in EDITABLE)

    @property
    def is_done(self) -> bool:
        """Nothing is left to do but sending."""
        return self.state in DONE


def steps_of(rows: Sequence[EntryRow], *, flags: Mapping[int, Iterable[Mapping[str, Any]]]) -> list[Step]:
    """The steps of a page, in one statement for the files.

    `flags` are those of the drafts, by update; that it is late is nothing to check.
    """
    ids = [one.update.pk for one in rows if one.update]
    counted = Evidence.objects.filter(update_id__in=ids).values_list("update_id").annotate(Count("pk")).order_by()
    files = dict(counted)
    return [_step(one, flags, files.get(one.update.pk, 0) if one.update else 0) for one in rows]


def _step(row: EntryRow, flags: Mapping[int, Iterable[Mapping[str, Any]]], files: int) -> Step:
    total = row.figures.get(TOTAL, NOT_REPORTED)
    said_of_it = flags.get(row.update.pk, ()) if row.update else ()
    doubted = [one for one in said_of_it if one["code"] != "late"]
    warnings, questions = sentences(doubted), _questions(row, doubted)
    state = _state(row, total, [one for one in questions if not one.answer], files)
    said = total.state != ValueState.NOT_REPORTED and state != StepState.FILE_MISSING
    is_draft = row.update is not None and row.update.state == UpdateState.DRAFT and not row.is_locked
    return Step(row, state, total, warnings, questions, files, bool(said and is_draft))


def _questions(row: EntryRow, flags: Iterable[Mapping[str, Any]]) -> list[Question]:
    """One a rule, however often it speaks up."""
    said: dict[str, list[str]] = {}
    for one in flags:
        said.setdefault(one["code"], []).append(sentence(one))
    answers = row.update.flag_answers if row.update else {}
    return [
        Question(code, " ".join(each), answers[code][-1]["text"] if answers.get(code) else "")
        for code, each in said.items()
    ]


def _state(row: EntryRow, total: Figure, unanswered: Sequence[Question], files: int) -> StepState:
    update = row.update
    if update is not None and update.state in (UpdateState.SUBMITTED, UpdateState.APPROVED):
        return StepState.SENT if update.state == UpdateState.SUBMITTED else StepState.APPROVED
    if row.is_locked:
        return StepState.LOCKED
    if update is None:
        return StepState.EMPTY
    if total.state == ValueState.NOT_REPORTED:
        return StepState.NOT_COUNTED if update.narrative and not row.figures else StepState.EMPTY
    if row.obligation.indicator.evidence_required and not files:
        return StepState.FILE_MISSING
    if update.state == UpdateState.RETURNED:
        return StepState.RETURNED
    return _said(total, bool(unanswered) and not update.flag_answer)


def _said(total: Figure, is_to_check: bool) -> StepState:
    if is_to_check:
        return StepState.TO_CHECK
    if total.state == ValueState.NOT_APPLICABLE:
        return StepState.NOT_APPLICABLE
    return StepState.ZERO if total.value == 0 else StepState.FILLED


def checker_of(project: Project) -> str:
    """The name of the officer who looks at what this project's partners send; empty where there is none."""
    roles = ProjectRole.objects.filter(project=project, role=ProjectRoleName.ME_OFFICER, user__is_active=True)
    first = roles.select_related("user").order_by("pk").first()
    return str(first.user) if first else ""
