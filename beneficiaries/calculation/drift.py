"""Where the plan and the people's own account part."""

from decimal import Decimal
from enum import StrEnum

from projects.calculation.progress import PlanAnswer

HALF = Decimal("0.5")


class Drift(StrEnum):
    """Nothing to flag; on plan but unfelt by people; or behind plan and unfelt ("late and unheard")."""

    NONE = "none"
    DRIFT = "drift"
    LATE_AND_UNHEARD = "late_and_unheard"


def drift(answer: PlanAnswer, people: Decimal | None, *, half: Decimal = HALF) -> Drift:
    """Compares a project's plan with `people`, the share (0 to 1) of people whose first need is met.

    At or above plan with the share below half is drift; below plan and below half is "late and unheard". Without a
    plan, with a partner's figure missing, or without people asked there is nothing to compare.
    """
    if people is None or people >= half:
        return Drift.NONE
    if answer == PlanAnswer.YES:
        return Drift.DRIFT
    if answer in (PlanAnswer.PARTLY, PlanAnswer.NO):
        return Drift.LATE_AND_UNHEARD
    return Drift.NONE
