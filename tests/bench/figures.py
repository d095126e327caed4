"""What a benchmark says: a figure, its limit, and in words what was counted."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias


@dataclass(frozen=True)
class Figure:
    """One figure; it is right up to its limit. `unit` is a count, "MB" or "times"."""

    name: str
    value: float
    limit: float
    unit: str
    detail: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit

    def as_json(self) -> dict[str, object]:
        """The figure as it stands in the JSON object."""
        shown = float(Decimal(str(self.value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
        return {"value": shown, "limit": self.limit, "unit": self.unit, "ok": self.is_ok, "detail": self.detail}


Measure: TypeAlias = Callable[[bool], list[Figure]]
