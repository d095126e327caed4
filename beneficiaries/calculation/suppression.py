"""Small cells: what is hidden before a count of people is published or exported, so that nobody is recognised."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from projects.calculation.cells import format_cell, parse_cell

MINIMUM = 5


@dataclass(frozen=True, slots=True)
class Sum:
    """One addition that a reader can do: the parts give the whole."""

    whole: str
    parts: tuple[str, ...]


def hidden_cells(cells: Mapping[str, int], *, minimum: int = MINIMUM) -> frozenset[str]:
    """The names of the cells to suppress in a table of people, by cell name ("" is the total).

    Hidden is each cell with 1 to `minimum` - 1 people (0 holds nobody and stays "reported zero"), and then what
    would give one away by subtraction: in each addition of a whole and its parts either nothing is hidden, or at least
    two cells, and what the open ones leave over is at least `minimum`. What an incomplete breakdown leaves unsaid is
    one of the hidden, so its difference is not to be published beside them. The smallest open part goes first, the
    whole last.
    """
    hidden = {cell for cell, people in cells.items() if 0 < people < minimum}
    sums = _sums(cells)
    while True:
        more = {_second(one, cells, hidden) for one in sums if _gives_away(one, cells, hidden, minimum)}
        if not more:
            return frozenset(hidden)
        hidden |= more


def _sums(cells: Mapping[str, int]) -> list[Sum]:
    """Every addition within the table: a cell, and the cells that split it by one more dimension."""
    parts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in cells:
        for whole, dimension in _wholes(cell):
            if whole in cells:
                parts[whole, dimension].append(cell)
    return [Sum(whole, tuple(sorted(members))) for (whole, _), members in sorted(parts.items())]


def _wholes(cell: str) -> Iterator[tuple[str, str]]:
    categories = parse_cell(cell)
    for dimension in categories:
        rest = {one: category for one, category in categories.items() if one != dimension}
        yield format_cell(rest), dimension


def _gives_away(one: Sum, cells: Mapping[str, int], hidden: set[str], minimum: int) -> bool:
    unsaid = cells[one.whole] - sum(cells[part] for part in one.parts)
    if unsaid < 0:
        return False  # the parts overlap, so there is nothing to subtract
    unknown = [cells[part] for part in one.parts if part in hidden]
    if unsaid:
        unknown.append(unsaid)
    if one.whole in hidden:
        return not unknown
    if not any(part in hidden for part in one.parts):
        return False
    return len(unknown) == 1 or sum(unknown) < minimum


def _second(one: Sum, cells: Mapping[str, int], hidden: set[str]) -> str:
    """The cell to hide next: the smallest open part with people, else the whole."""
    candidates = [part for part in one.parts if part not in hidden and cells[part]]
    return min(candidates, key=lambda part: (cells[part], part)) if candidates else one.whole
