"""Middles and ranks of a set of values."""

from collections.abc import Sequence
from decimal import Decimal


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value, or the mean of the two middle ones; ValueError for no values."""
    if not values:
        raise ValueError("no values have no median")
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def nearest_rank(values: Sequence[Decimal], percent: int) -> Decimal:
    """The smallest of the values that at least `percent` (1 to 100) per cent of them don't exceed.

    Always one of the values, never between two; ValueError for no values or another percent.
    """
    if not values or not 1 <= percent <= 100:
        raise ValueError("a rank needs values and a percent from 1 to 100")
    return sorted(values)[-(-len(values) * percent // 100) - 1]
