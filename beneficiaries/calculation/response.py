"""How long people wait for an answer. Messages are counted here, never people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from beneficiaries.calculation.shares import Share
from projects.calculation.spread import median, nearest_rank


@dataclass(frozen=True, slots=True)
class Wait:
    """One message: the day it was received, and the day it was answered or None."""

    received: date
    answered: date | None = None


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """Response time of a set of messages; days are whole calendar days, None where nothing was answered.

    `within` is the share answered within the promised days among all whose promise is decided: those answered, and
    those still open past it. `overdue` counts the latter, `open` all that wait.
    """

    answered: int
    open: int
    overdue: int
    median: Decimal | None
    p90: Decimal | None
    within: Share


def response_time(waits: Iterable[Wait], *, promised_days: int, today: date) -> ResponseTime:
    """Median and 90th percentile (nearest rank) of the days from received to answered, and who had the promise kept.

    A message received today and answered today took 0 days. One still open on the last promised day is undecided.
    """
    all_waits = list(waits)
    days = [(one.answered - one.received).days for one in all_waits if one.answered is not None]
    still_open = [one for one in all_waits if one.answered is None]
    overdue = sum(is_overdue(one, promised_days=promised_days, today=today) for one in still_open)
    numbers = [Decimal(one) for one in days]
    return ResponseTime(
        answered=len(days),
        open=len(still_open),
        overdue=overdue,
        median=median(numbers) if numbers else None,
        p90=nearest_rank(numbers, 90) if numbers else None,
        within=Share(sum(one <= promised_days for one in days), len(days) + overdue),
    )


def is_overdue(wait: Wait, *, promised_days: int, today: date) -> bool:
    """Whether a message is open past its last promised day."""
    return wait.answered is None and promised_by(wait.received, promised_days) < today


def promised_by(received: date, promised_days: int) -> date:
    """The last day on which an answer keeps the promise."""
    return received + timedelta(days=promised_days)
