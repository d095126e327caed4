"""Quality flags: small rules that a reviewer sees first. A flag never refuses a value."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from projects.calculation.cells import Adding, breakdowns
from projects.calculation.spread import median
from projects.calculation.values import ZERO, Figure, Flag, Measure

ENOUGH_HISTORY = 4
OUTLIER_LIMIT = Decimal("3.5")
JUMP_SHARE = Decimal("2.0")

# 0.6745 makes the median absolute deviation comparable with a standard deviation of normally spread values
# (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993; they propose the limit of 3.5 too).
_CONSISTENCY = Decimal("0.6745")


def outlier(
    value: Decimal, history: Sequence[Decimal], *, limit: Decimal = OUTLIER_LIMIT, cell: str = ""
) -> Flag | None:
    """Flags a value far from the median of the same partner's own history, from four earlier values on.

    Far is beyond `limit` median absolute deviations (made comparable with standard deviations). A history whose
    deviation is 0 says nothing about spread, so it flags nothing; `jump` sees such a value. Params: value, median,
    lowest, highest (the range that would not be flagged).
    """
    if len(history) < ENOUGH_HISTORY:
        return None
    middle = median(history)
    deviation = median([abs(one - middle) for one in history])
    reach = limit * deviation / _CONSISTENCY
    if deviation == 0 or abs(value - middle) <= reach:
        return None
    params = {"value": value, "median": middle, "lowest": middle - reach, "highest": middle + reach}
    return Flag("outlier", params, cell)


def jump(value: Decimal, previous: Decimal | None, *, share: Decimal = JUMP_SHARE, cell: str = "") -> Flag | None:
    """Flags a change from the previous value by more than `share` of it (2.0: more than three times as much).

    From 0 no share can be taken, so nothing is flagged. Params: value, previous.
    """
    if not previous or abs(value - previous) <= share * abs(previous):
        return None
    return Flag("jump", {"value": value, "previous": previous}, cell)


def running_total_falls(value: Decimal, previous: Decimal | None, *, cell: str = "") -> Flag | None:
    """Flags a running total below the same partner's and place's previous one. Params: value, previous."""
    if previous is None or value >= previous:
        return None
    return Flag("running_total_falls", {"value": value, "previous": previous}, cell)


def breakdown_does_not_add_up(
    cells: Mapping[str, Figure], *, measure: Measure, exclusive: Collection[str]
) -> list[Flag]:
    """A flag for each breakdown of a count or amount that does not give the total.

    Params: dimensions, difference (total minus parts).
    """
    return [
        Flag(
            "breakdown_does_not_add_up", {"dimensions": ", ".join(one.dimensions), "difference": one.difference or ZERO}
        )
        for one in breakdowns(cells, measure=measure, exclusive=exclusive)
        if one.adding == Adding.INCOMPLETE
    ]


def late(submitted: date, due: date | None) -> Flag | None:
    """Flags an update submitted after the day it was due. Params: days."""
    if due is None or submitted <= due:
        return None
    return Flag("late", {"days": (submitted - due).days})
