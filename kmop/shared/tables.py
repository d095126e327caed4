"""What a list page is made of: columns declared by the page, rows made of them, badges."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kmop.shared.errors import Sentence


@dataclass(frozen=True)
class Badge:
    """A state said by icon, word and colour. `state` is ok, warn, bad, info or empty (quiet)."""

    word: Sentence
    state: str = ""
    icon: str = ""

    def __str__(self) -> str:
        return str(self.word)


@dataclass(frozen=True)
class Column:
    """A column: its head, what stands in a row's cell, and by which fields it sorts.

    `cell` gives text, number, date, bool, `Badge`, safe HTML or None; `export` the file's value where that differs.
    """

    name: str
    label: Sentence
    cell: Callable[[Any], object]
    sort: Sequence[str] = ()
    numeric: bool = False
    export: Callable[[Any], object] | None = None

    def exported(self, row: Any) -> object:
        """The value for a file: numbers and dates stay what they are, all else is text."""
        value = (self.export or self.cell)(row)
        return str(value) if isinstance(value, Badge) else value


@dataclass(frozen=True)
class Head:
    """The head of a column on the page; `direction` is ascending, descending or empty."""

    label: Sentence
    numeric: bool
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell: what it shows, and the head it stands under (told again where rows become blocks)."""

    value: object
    label: Sentence
    numeric: bool


@dataclass(frozen=True)
class Row:
    """One row; the first cell leads to `url`."""

    url: str
    cells: Sequence[Cell]
    source: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Link:
    """A word and where it leads; `current` is where the reader is; a gap has no address; `code` is for programs."""

    label: Sentence
    url: str = ""
    current: bool = False
    icon: str = ""
    code: str = ""
