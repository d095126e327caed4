"""Quality flags: small rules that a reviewer sees first. A flag never refuses a value."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from projects.calculation.cells import Adding, breakdowns
from projects.calculation.spread import median
from projects.calculation.values import BY_PARTS, HUNDRED, ZERO, Figure, Flag, Measure

ENOUGH_HISTORY = 4
OUTLIER_LIMIT = Decimal("3.5")
JUMP_SHARE = Decimal("2.0")
LEAST = Decimal(10)
NEVER_ZERO_FROM = Decimal(3)
EARLY_SHARE = Decimal("0.5")

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


def late(submitted: date, due: date | None, *, grace: Decimal = ZERO) -> Flag | None:
    """Flags an update submitted more than `grace` days after the day it was due. Params: days."""
    if due is None or (submitted - due).days <= grace:
        return None
    return Flag("late", {"days": (submitted - due).days})


def above_denominator(figures: Mapping[str, Figure], *, measure: Measure) -> list[Flag]:
    """A flag for each value by parts above 1 (a percentage: above 100). Params: value, denominator (100 without parts).

    Where the numerator is part of the denominator entry refuses it; elsewhere it may be right.
    """
    found = []
    for cell, one in sorted(figures.items()):
        limit = one.denominator if one.denominator is not None else HUNDRED
        has_limit = one.denominator is not None or measure == Measure.PERCENTAGE
        if measure in BY_PARTS and has_limit and one.numerator is not None and one.numerator > limit:
            found.append(Flag("above_denominator", {"value": one.numerator, "denominator": limit}, cell))
    return found


def equal_to_last(value: Decimal, previous: Decimal | None, *, least: Decimal = LEAST) -> Flag | None:
    """Flags the very value of the period before, from `least` on: small numbers meet by chance. Params: value."""
    return Flag("equal_to_last", {"value": value}) if value == previous and abs(value) >= least else None


def zero_where_never_zero(
    value: Decimal, history: Sequence[Decimal], *, values: Decimal = NEVER_ZERO_FROM
) -> Flag | None:
    """Flags a 0 where `values` or more were reported before and none of them was 0. Params: count, median."""
    if value != 0 or len(history) < values or not all(history):
        return None
    return Flag("zero_where_never_zero", {"count": len(history), "median": median(history)})


def evidence_missing(files: int) -> Flag | None:
    """Flags a figure without any file."""
    return None if files else Flag("evidence_missing", {})


def target_passed_early(
    together: Decimal, target: Decimal | None, elapsed: Decimal | None, *, share: Decimal = EARLY_SHARE
) -> Flag | None:
    """Flags a partner that alone reached the target of the whole life before `share` of the time had gone.

    `elapsed` is the share of the indicator's time up to the end of the period. Params: value, target, percent.
    """
    if target is None or target <= 0 or elapsed is None or together < target or elapsed >= share:
        return None
    percent = (elapsed * HUNDRED).quantize(Decimal(1))
    return Flag("target_passed_early", {"value": together, "target": target, "percent": percent})


def elapsed_share(begins: date, ends: date, until: date) -> Decimal:
    """Which share of the days from `begins` to `ends`, both counted, lies up to `until`, counted too."""
    return Decimal((until - begins).days + 1) / Decimal((ends - begins).days + 1)


def double(value: Decimal, others: Collection[Decimal], *, least: Decimal = LEAST) -> Flag | None:
    """Flags a value that another partner reported for the same period, from `least` on. Params: value, count."""
    same = sum(one == value for one in others)
    return Flag("double", {"value": value, "count": same}) if same and abs(value) >= least else None


def reached(value: Decimal, before: Sequence[Decimal], *, cumulative: bool) -> Decimal:
    """How far a partner has come with this value: a running total says it itself, else all values are added."""
    return value if cumulative else sum(before, value)
