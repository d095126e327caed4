"""The totals once more, written apart from the roll-up in the database and from `combine`: the nightly check.

Updates are replayed in the order of time, one value after the other, and each adds to running tallies. Nothing is
grouped, sorted by rank or taken from the other two; a fault would have to be made twice to stay unseen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

Row: TypeAlias = tuple[
    Decimal | None, Decimal | None, int, Decimal | None, Decimal | None, Decimal | None, Decimal | None
]
Rows: TypeAlias = dict[int, dict[str, Row]]
When: TypeAlias = tuple[date, datetime, int]


class Said(NamedTuple):
    """One value of one counted update, as it was entered; `moment` is when it was submitted, or else created."""

    update: int
    period: int
    ends_on: date
    moment: datetime
    partner: int
    place: int | None
    cell: str
    state: str
    top: Decimal | None
    bottom: Decimal | None

    @property
    def when(self) -> When:
        """What decides which of two is newer."""
        return self.ends_on, self.moment, self.update


class Tally:
    """What one period and cell holds so far."""

    __slots__ = ("bottom", "count", "greatest", "least", "newest", "nobody", "nobody_of_none", "top", "whole")

    def __init__(self) -> None:
        self.top = self.bottom = Decimal(0)
        self.count = self.whole = 0
        self.least: Decimal | None = None
        self.greatest: Decimal | None = None
        self.newest: tuple[When, Decimal, Decimal | None] | None = None
        self.nobody = self.nobody_of_none = False

    def take(self, said: Said) -> None:
        """Add one value: a number counts, "nobody to count" is remembered, anything else says nothing."""
        if said.state == "not_applicable":
            self.nobody = True
            self.nobody_of_none |= said.bottom is not None
        elif said.state == "reported" and said.top is not None:
            self._number(said, said.top)

    def _number(self, said: Said, top: Decimal) -> None:
        if said.bottom is not None and not said.bottom:
            if not top:
                self.nobody = self.nobody_of_none = True
            return
        self.count += 1
        self.top += top
        if said.bottom is not None:
            self.whole += 1
            self.bottom += said.bottom
        if self.least is None or top < self.least:
            self.least = top
        if self.greatest is None or top > self.greatest:
            self.greatest = top
        if self.newest is None or said.when > self.newest[0]:
            self.newest = (said.when, top, said.bottom)

    def row(self) -> Row | None:
        """Numerator, denominator, count, smallest, largest, newest numerator and denominator; None for no row."""
        if self.newest is not None:
            bottom = self.bottom if self.whole == self.count else None
            return self.top, bottom, self.count, self.least, self.greatest, self.newest[1], self.newest[2]
        if self.nobody:
            return Decimal(0), Decimal(0) if self.nobody_of_none else None, 0, None, None, None, None
        return None


class _Sheet:
    """The tallies of one period by cell."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}

    def take(self, said: Said) -> None:
        self.tallies.setdefault(said.cell, Tally()).take(said)

    def rows(self) -> dict[str, Row]:
        told = ((cell, tally.row()) for cell, tally in self.tallies.items())
        return {cell: row for cell, row in told if row is not None}


class Renaming(NamedTuple):
    """What categories became, by dimension and category ("" is none); `adds`: values of this measure add up as such."""

    categories: Mapping[tuple[str, str], str]
    adds: bool

    def of(self, values: Iterable[Said]) -> Iterator[Said]:
        """The values of one update as they stand now: those that meet in one cell are one."""
        met: dict[str, list[Said]] = {}
        for one in values:
            cell = self._cell(one.cell)
            if cell is not None:
                met.setdefault(cell, []).append(one._replace(cell=cell))
        for members in met.values():
            yield from self._one(members)

    def _cell(self, cell: str) -> str | None:
        parts = [part.split(":", 1) for part in cell.split("|") if part]
        new = [(dimension, self.categories.get((dimension, code), code)) for dimension, code in parts]
        return "|".join(":".join(one) for one in new) if all(code for _dimension, code in new) else None

    def _one(self, members: list[Said]) -> Iterator[Said]:
        numbers = [one for one in members if _has_number([one])]
        if len(numbers) < 2:
            yield from numbers or members
            return
        bottoms = [one.bottom for one in numbers if one.bottom is not None]
        if self.adds or len(bottoms) == len(numbers):
            bottom = sum(bottoms, Decimal(0)) if len(bottoms) == len(numbers) else None
            yield numbers[0]._replace(top=sum((one.top or Decimal(0) for one in numbers), Decimal(0)), bottom=bottom)


def recount(
    periods: Sequence[tuple[int, date]], said: Iterable[Said], *, cumulative: bool, renaming: Renaming | None = None
) -> Rows:
    """The rows that the totals of one indicator must consist of, by period and cell; periods are (id, last day).

    Of running totals (and where categories changed) all values are held at once, else only the tallies.
    """
    return _running(periods, said, renaming) if cumulative else _each(periods, said, renaming)


def _each(periods: Sequence[tuple[int, date]], said: Iterable[Said], renaming: Renaming | None) -> Rows:
    sheets = {period: _Sheet() for period, _ends_on in periods}
    if renaming is not None:
        said = [one for values in _updates(said) for one in renaming.of(values)]
    for one in said:
        sheets[one.period].take(one)
    return {period: sheet.rows() for period, sheet in sheets.items()}


def _running(periods: Sequence[tuple[int, date]], said: Iterable[Said], renaming: Renaming | None) -> Rows:
    """Replay the updates in the order of time; each partner and place stands where its last number left it."""
    waiting = _updates(said)
    standing: dict[tuple[int, int | None], list[Said]] = {}
    found: Rows = {}
    for period, ends_on in sorted(periods, key=lambda one: (one[1], one[0])):
        while waiting and waiting[-1][0].ends_on <= ends_on:
            values = waiting.pop()
            key = values[0].partner, values[0].place
            if _has_number(values) or not _has_number(standing.get(key, [])):
                standing[key] = values
        sheet = _Sheet()
        for values in standing.values():
            for one in renaming.of(values) if renaming else values:
                sheet.take(one)
        found[period] = sheet.rows()
    return found


def _updates(said: Iterable[Said]) -> list[list[Said]]:
    """The values of each update together, the newest update first."""
    by_update: dict[int, list[Said]] = {}
    for one in said:
        by_update.setdefault(one.update, []).append(one)
    return sorted(by_update.values(), key=lambda values: values[0].when, reverse=True)


def _has_number(values: Sequence[Said]) -> bool:
    return any(one.state == "reported" and one.top is not None and one.bottom != 0 for one in values)
