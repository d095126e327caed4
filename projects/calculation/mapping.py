"""What categories became: cells under their new names, and the parts of one update that meet in one of them added up.

A category may become another one, none (NOWHERE: its cells are left out), or itself (kept, but not asked for any more).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from projects.calculation.cells import TOTAL, format_cell, parse_cell
from projects.calculation.combine import counts, is_nobody
from projects.calculation.values import ADDITIVE, ZERO, Measure, RawValue

NOWHERE = ""
Becomes: TypeAlias = Mapping[tuple[str, str], str]
"""The new category by (dimension, old category)."""


def mapped_cell(cell: str, becomes: Becomes) -> str:
    """The name of the cell after the change; NOWHERE where one of its categories became none. The total stays."""
    if cell == TOTAL:
        return TOTAL
    categories = {}
    for dimension, category in parse_cell(cell).items():
        new = becomes.get((dimension, category), category)
        if new == NOWHERE:
            return NOWHERE
        categories[dimension] = new
    return format_cell(categories)


def remapped(values: Iterable[RawValue], becomes: Becomes, *, measure: Measure) -> list[RawValue]:
    """The values under their new cells; those of one update that meet in one cell are one value, their parts added.

    Parts that can't be added (percentages without parts, ratings) say nothing together.
    """
    if not becomes:
        return list(values)
    met: defaultdict[tuple[object, str], list[RawValue]] = defaultdict(list)
    for one in values:
        cell = mapped_cell(one.cell, becomes)
        if cell != NOWHERE or one.cell == TOTAL:
            met[one.update, cell].append(replace(one, cell=cell))
    together = (met_in_one(members, measure=measure) for members in met.values())
    return [one for one in together if one is not None]


def met_in_one(members: list[RawValue], *, measure: Measure) -> RawValue | None:
    """The one value of an update's values in one cell; None where they can't be added, or say nothing."""
    numbers = [one for one in members if counts(one)]
    if not numbers:
        nobody = [one for one in members if is_nobody(one)]
        return next((one for one in nobody if one.denominator is not None), nobody[0]) if nobody else None
    if len(numbers) == 1:
        return numbers[0]
    bottoms = [one.denominator for one in numbers if one.denominator is not None]
    if measure not in ADDITIVE and len(bottoms) < len(numbers):
        return None
    top = sum((one.numerator or ZERO for one in numbers), ZERO)
    return replace(numbers[0], numerator=top, denominator=_sum(bottoms) if len(bottoms) == len(numbers) else None)


def _sum(numbers: list[Decimal]) -> Decimal:
    return sum(numbers, ZERO)
