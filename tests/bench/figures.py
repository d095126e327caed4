"""What a benchmark says: a figure, its limit, and in words what was counted."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias


@dataclass(frozen=True)
class Figure:
    """One figure; it is right up to its limit. `unit` is a count, "MB", "s" or "times".

    `goal` is what is aimed at where the limit only holds what is reached today; None where both are the same.
    """

    name: str
    value: float
    limit: float
    unit: str
    detail: str = ""
    goal: float | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit

    def as_json(self) -> dict[str, object]:
        """The figure as it stands in the JSON object."""
        shown = float(Decimal(str(self.value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        told = {"value": shown, "limit": self.limit, "unit": self.unit, "ok": self.is_ok, "detail": self.detail}
        return told if self.goal is None else {**told, "goal": self.goal}


Measure: TypeAlias = Callable[[bool], list[Figure]]
