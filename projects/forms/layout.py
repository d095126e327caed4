"""How a breakdown lies on the page: one dimension as rows, two as a matrix, more as rows of what they cross."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from django.utils.translation import gettext as _

from projects.calculation.cells import format_cell, grouped
from projects.queries.framework import DimensionFacts

MOST_FIELDS = 400


@dataclass(frozen=True)
class Place:
    """One field: the cell it stands for, and its words for those who hear the page."""

    cell: str
    words: str


@dataclass(frozen=True)
class Line:
    """One row of fields."""

    label: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Layout:
    """The rows and columns of a breakdown. `is_whole` says that the fields of an exclusive breakdown give the total."""

    corner: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    is_whole: bool
    title: str = ""

    @property
    def cells(self) -> list[Place]:
        """All fields in reading order."""
        return [place for line in self.lines for place in line.places]


def layouts_of(dimensions: Sequence[DimensionFacts], groups: Iterable[Iterable[str]]) -> list[Layout]:
    """One layout for each group of dimensions that are crossed, side by side."""
    known = {one.code: one for one in dimensions if one.categories}
    found = [layout_of([known[code] for code in group]) for group in grouped(list(known), groups)]
    return [one for one in found if one is not None]


def layout_of(dimensions: Sequence[DimensionFacts]) -> Layout | None:
    """The layout for an indicator's dimensions, the one with fewest categories across; None without a breakdown.

    Where all crossings would be more than 400 fields each dimension is asked for by itself.
    """
    asked = (replace(one, categories=tuple(each for each in one.categories if each.is_asked)) for one in dimensions)
    known = [one for one in asked if one.categories]
    if not known:
        return None
    fields = 1
    for one in known:
        fields *= len(one.categories)
    if len(known) == 1 or fields > MOST_FIELDS:
        return _apart(known)
    in_order = sorted(known, key=lambda one: len(one.categories))
    return _crossed(in_order[0], in_order[1:])


def _apart(dimensions: Sequence[DimensionFacts]) -> Layout:
    lines = [
        Line(each.title, (Place(format_cell({one.code: each.code}), each.title),))
        for one in dimensions
        for each in one.categories
    ]
    corner = ", ".join(one.title for one in dimensions)
    is_whole = len(dimensions) == 1 and dimensions[0].is_exclusive
    return Layout(corner, (_("Number"),), tuple(lines), is_whole, corner)


def _crossed(across: DimensionFacts, down: Sequence[DimensionFacts]) -> Layout:
    lines = []
    for row in product(*(one.categories for one in down)):
        codes = {one.code: each.code for one, each in zip(down, row, strict=True)}
        label = ", ".join(each.title for each in row)
        places = [
            Place(format_cell({**codes, across.code: each.code}), f"{each.title}, {label}")
            for each in across.categories
        ]
        lines.append(Line(label, tuple(places)))
    return Layout(
        corner=_titles(down),
        heads=tuple(each.title for each in across.categories),
        lines=tuple(lines),
        is_whole=all(one.is_exclusive for one in (across, *down)),
        title=_titles(sorted((across, *down), key=lambda one: one.code)),
    )


def _titles(dimensions: Iterable[DimensionFacts]) -> str:
    return ", ".join(one.title for one in dimensions)
