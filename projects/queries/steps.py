"""The steps of an update's approval: taken, waited for, to come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from projects.choices import ApprovalStep, UpdateState
from projects.models import Update, UpdateDecision

DECISIONS = Prefetch("decisions", UpdateDecision.objects.select_related("by").order_by("at", "pk"))


@dataclass(frozen=True)
class StepLine:
    """One step: its number from 1, its name, and what was decided, if anything was; `waits` where it is the next."""

    number: int
    step: str
    label: str
    decision: UpdateDecision | None
    waits: bool


def step_lines(update: Update) -> list[StepLine]:
    """The steps of the round an update is in; its decisions should be read. A step since taken away stays if taken."""
    taken = {one.step: one for one in update.decisions.all() if one.round == update.round}
    steps = update.indicator.project.approval_steps
    shown = [one for one in ApprovalStep.values if one in steps or one in taken]
    waits = update.step if update.state == UpdateState.SUBMITTED else ""
    return [
        StepLine(number, step, str(ApprovalStep(step).label), taken.get(step), step == waits)
        for number, step in enumerate(shown, 1)
    ]


def earlier_decisions(update: Update) -> Sequence[UpdateDecision]:
    """What was decided in earlier rounds, oldest first."""
    return [one for one in update.decisions.all() if one.round < update.round]
