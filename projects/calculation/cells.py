"""Disaggregation: the names of cells, sums along a dimension, and whether a breakdown adds up.

A cell is named "dimension:category", crossed ones joined by "|" and sorted by dimension; "" is the total.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from projects.calculation.combine import added
from projects.calculation.values import ADDITIVE, NOT_REPORTED, Figure, Finding, Measure

TOTAL = ""
_JOINT = "|"
_COLON = ":"

Dimensions = tuple[str, ...]


class Adding(StrEnum):
    """Whether the parts of a breakdown give its total; "incomplete" is a state to show, not a fault."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way of breaking the total down; `difference` is total minus parts, None where they can't be compared."""

    dimensions: Dimensions
    adding: Adding
    difference: Decimal | None = None


def format_cell(categories: Mapping[str, str]) -> str:
    """The name of the cell of these categories by dimension; ValueError for an empty code or one with ":" or "|"."""
    for code in (*categories.keys(), *categories.values()):
        if not code or _JOINT in code or _COLON in code:
            raise ValueError(f"not a code of a dimension or category: {code!r}")
    return _JOINT.join(f"{dimension}{_COLON}{categories[dimension]}" for dimension in sorted(categories))


def parse_cell(cell: str) -> dict[str, str]:
    """The categories by dimension of a cell's name, in any order of its parts; ValueError where it is none."""
    categories: dict[str, str] = {}
    for part in cell.split(_JOINT) if cell else ():
        dimension, colon, category = part.partition(_COLON)
        if not colon or dimension in categories:
            raise ValueError(f"not a cell: {cell!r}")
        categories[dimension] = category
    format_cell(categories)
    return categories


def canonical(cell: str) -> str:
    """The same cell with its parts sorted by dimension."""
    return format_cell(parse_cell(cell))


def dimensions_of(cell: str) -> Dimensions:
    """The dimensions that a cell crosses, sorted; empty for the total."""
    return tuple(sorted(parse_cell(cell)))


def parse_groups(text: str) -> list[Dimensions]:
    """Groups of crossed dimensions from their short form "age|sex:disability"; none from an empty one."""
    return [tuple(group.split(_JOINT)) for group in text.split(_COLON)] if text else []


def format_groups(groups: Iterable[Iterable[str]]) -> str:
    """The short form of groups of dimensions; those without a dimension are left out."""
    return _COLON.join(_JOINT.join(sorted(group)) for group in map(list, groups) if group)


def grouped(dimensions: Sequence[str], groups: Iterable[Iterable[str]]) -> tuple[Dimensions, ...]:
    """How dimensions stand: those of a group are crossed, groups side by side; without groups all are crossed.

    A dimension that no group names stands alone, after the groups; what a group names beside these is left out.
    """
    named = [tuple(one for one in group if one in dimensions) for group in groups]
    kept = [tuple(sorted(one)) for one in named if one]
    if not kept:
        return (tuple(sorted(dimensions)),) if dimensions else ()
    taken = {one for group in kept for one in group}
    return (*kept, *((one,) for one in dimensions if one not in taken))


def by_dimensions(cells: Mapping[str, Figure]) -> dict[Dimensions, dict[str, Figure]]:
    """The cells grouped by the dimensions that they cross, the total left out."""
    groups: defaultdict[Dimensions, dict[str, Figure]] = defaultdict(dict)
    for cell, value in cells.items():
        if cell != TOTAL:
            groups[dimensions_of(cell)][cell] = value
    return dict(groups)


def marginal(cells: Mapping[str, Figure], dimension: str, *, measure: Measure) -> dict[str, Figure]:
    """One figure per category of a dimension: its own cells, or else the crossed ones added up.

    Only counts and amounts are added. Where several crossings hold the dimension, the one of fewest dimensions (then
    first by name) is taken, for adding two of them would count twice.
    """
    groups = by_dimensions(cells)
    if (dimension,) in groups:
        return groups[dimension,]
    crossings = sorted((one for one in groups if dimension in one), key=lambda one: (len(one), one))
    if not crossings or measure not in ADDITIVE:
        return {}
    parts: defaultdict[str, list[Figure]] = defaultdict(list)
    for cell, value in groups[crossings[0]].items():
        parts[format_cell({dimension: parse_cell(cell)[dimension]})].append(value)
    return {cell: added(values) for cell, values in parts.items()}


def retold(
    cells: Mapping[str, Figure], *, source: str, target: str, pairs: Mapping[str, str], measure: Measure
) -> dict[str, Figure]:
    """The cells of a count or amount with the categories of one dimension told as those of another one, and added.

    `pairs` are {category of `source`: category of `target`}; cells that don't cross `source` stay. Other measures
    can't be added: their cells of `source` are left out.
    """
    parts: defaultdict[str, list[Figure]] = defaultdict(list)
    for cell, value in cells.items():
        categories = parse_cell(cell)
        if source not in categories:
            parts[cell].append(value)
        elif measure in ADDITIVE and categories[source] in pairs:
            becomes = pairs[categories.pop(source)]
            parts[format_cell({**categories, target: becomes})].append(value)
    return {cell: values[0] if len(values) == 1 else added(values) for cell, values in parts.items()}


def total_of_cells(cells: Mapping[str, Figure], *, measure: Measure, exclusive: Collection[str]) -> Figure:
    """The total: as given, or else the sum of the cells where that is certain to be one.

    It is for counts and amounts whose cells all cross the same dimensions, each of which has categories that exclude
    each other (`exclusive`); else the total is not reported.
    """
    if TOTAL in cells:
        return cells[TOTAL]
    groups = by_dimensions(cells)
    if measure not in ADDITIVE or len(groups) != 1:
        return NOT_REPORTED
    [(dimensions, members)] = groups.items()
    return added(members.values()) if _excludes(dimensions, exclusive) else NOT_REPORTED


def breakdowns(cells: Mapping[str, Figure], *, measure: Measure, exclusive: Collection[str]) -> list[Breakdown]:
    """Whether each breakdown of the cells gives the total, sorted by its dimensions.

    Not comparable: measures that don't add up, categories that may overlap, or a total or all parts without a number.
    """
    total = cells.get(TOTAL, NOT_REPORTED).value
    return [
        _breakdown(dimensions, members, total if measure in ADDITIVE and _excludes(dimensions, exclusive) else None)
        for dimensions, members in sorted(by_dimensions(cells).items())
    ]


def _breakdown(dimensions: Dimensions, members: Mapping[str, Figure], total: Decimal | None) -> Breakdown:
    parts = added(members.values()).value
    if total is None or parts is None:
        return Breakdown(dimensions, Adding.NOT_COMPARABLE)
    return Breakdown(dimensions, Adding.COMPLETE if total == parts else Adding.INCOMPLETE, total - parts)


def parts_above_total(cells: Mapping[str, Figure], *, measure: Measure, exclusive: Collection[str]) -> list[Finding]:
    """A finding for each breakdown whose parts exceed the total, for counts and amounts of excluding categories.

    Elsewhere parts may differ from the total. Code "parts_above_total"; params: dimensions, parts, total.
    """
    total = cells.get(TOTAL, NOT_REPORTED).value
    return [
        Finding(
            "parts_above_total",
            {"dimensions": ", ".join(one.dimensions), "parts": total - one.difference, "total": total},
        )
        for one in breakdowns(cells, measure=measure, exclusive=exclusive)
        if total is not None and one.difference is not None and one.difference < 0
    ]


def _excludes(dimensions: Dimensions, exclusive: Collection[str]) -> bool:
    return all(one in exclusive for one in dimensions)
