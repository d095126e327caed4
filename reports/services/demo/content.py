"""The texts of the demo portfolio, and the one source of chance."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

FOLDER = Path(__file__).parent / "content"


@cache
def texts(name: str) -> Any:
    """The content of one file of the folder."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Stage:
    """On which day the portfolio stands, and its chance: each part draws from its own stream."""

    day: date
    seed: int

    @property
    def now(self) -> datetime:
        """The first moment of the day: nothing in the portfolio happened later, at whatever hour it is built."""
        return timezone.make_aware(datetime.combine(self.day, time.min))

    def chance(self, part: str) -> Random:
        """A stream of chance for one part, the same for the same seed."""
        return Random(f"{self.seed}:{part}")  # noqa: S311  # a demo, no secret


def month_start(day: date, months_ago: int) -> date:
    """The first day of the month `months_ago` months before `day`'s (negative: after)."""
    count = day.year * 12 + day.month - 1 - months_ago
    return date(count // 12, count % 12 + 1, 1)
