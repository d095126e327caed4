"""A chain of boxes in columns, one leading to the next from left to right, with marks on what joins them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

from django.utils.safestring import SafeString

from kmop.shared.charts.pen import Pen

WIDE, GAP = 240, 112
HIGH, APART = 76, 20
LINES, SIGNS = 3, 36
HEAD = 28
EDGE = 1  # half a line's width more than the boxes
SIGN_WIDTH = 6.4
BADGE = 20


@dataclass(frozen=True)
class Box:
    """A box: its key, the column it stands in (0 at the left), the box it belongs to, its label and its words."""

    key: int
    column: int
    parent: int | None
    label: str
    words: str


@dataclass(frozen=True)
class Joint:
    """A mark on the way from one box to another; `look` is a class that says how it stands."""

    source: int
    target: int
    words: str
    look: str


Place = tuple[float, float]


def rows_of(boxes: Sequence[Box]) -> dict[int, float]:
    """The row of each box: boxes that nothing belongs to one below the other, any other amid those that belong to it.

    Boxes come in reading order, parents before what belongs to them. A box whose parent is not among them is a root.
    """
    known = {one.key for one in boxes}
    children: dict[int | None, list[int]] = {}
    for one in boxes:
        children.setdefault(one.parent if one.parent in known else None, []).append(one.key)
    found: dict[int, float] = {}
    _place(None, children, found, 0)
    return found


def _place(key: int | None, children: Mapping[int | None, Sequence[int]], found: dict[int, float], row: int) -> int:
    """Place what belongs to a box from `row` on, then the box itself; gives the next free row."""
    below = children.get(key, ())
    if key is not None and not below:
        found[key] = row
        return row + 1
    for one in below:
        row = _place(one, children, found, row)
    if key is not None:
        found[key] = (found[below[0]] + found[below[-1]]) / 2
    return row


def chain(heads: Sequence[str], boxes: Sequence[Box], joints: Sequence[Joint], *, title: str) -> SafeString:
    """The drawing; `heads` name the columns. A box that belongs to another is joined to it by a thin line."""
    rows = rows_of(boxes)
    corners = {one.key: _corner(one, rows[one.key]) for one in boxes}
    depth = max(rows.values(), default=0) + 1
    pen = Pen(standalone=False)
    for number, head in enumerate(heads):
        pen.text("t-b", EDGE + number * (WIDE + GAP), 14, head)
    for one in boxes:
        if one.parent in corners:
            _curve(pen, "c-tie", corners[one.key], corners[one.parent])
    _joints(pen, joints, corners)
    for one in boxes:
        _box(pen, one, corners[one.key])
    _marks(pen, joints, corners)
    width = 2 * EDGE + len(heads) * WIDE + (len(heads) - 1) * GAP
    return pen.finish("chart chain", (width, int(HEAD + depth * (HIGH + APART) - APART + EDGE)), title)


def _corner(box: Box, row: float) -> Place:
    return EDGE + box.column * (WIDE + GAP), HEAD + row * (HIGH + APART)


def _ends(source: Place, target: Place) -> tuple[Place, Place]:
    """Where a way leaves a box and where it arrives: side to side, or below and above within one column."""
    if source[0] == target[0]:
        down = source[1] < target[1]
        middle = source[0] + WIDE / 2
        return (middle, source[1] + (HIGH if down else 0)), (middle, target[1] + (0 if down else HIGH))
    right = source[0] < target[0]
    return (
        (source[0] + (WIDE if right else 0), source[1] + HIGH / 2),
        (target[0] + (0 if right else WIDE), target[1] + HIGH / 2),
    )


def _curve(pen: Pen, look: str, source: Place, target: Place) -> None:
    (x1, y1), (x2, y2) = _ends(source, target)
    if x1 == x2:
        pen.path(look, f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}")
        return
    middle = (x1 + x2) / 2
    pen.path(look, f"M{x1:.0f} {y1:.0f}C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}")


def _joints(pen: Pen, joints: Sequence[Joint], corners: Mapping[int, Place]) -> None:
    for source, target in dict.fromkeys((one.source, one.target) for one in joints):
        _curve(pen, "c-way", corners[source], corners[target])


def _marks(pen: Pen, joints: Sequence[Joint], corners: Mapping[int, Place]) -> None:
    """The marks of one way one below the other, around its middle."""
    ways: dict[tuple[int, int], list[Joint]] = {}
    for one in joints:
        ways.setdefault((one.source, one.target), []).append(one)
    for (source, target), marks in ways.items():
        (x1, y1), (x2, y2) = _ends(corners[source], corners[target])
        top = (y1 + y2) / 2 - len(marks) * (BADGE + 2) / 2
        for number, one in enumerate(marks):
            width = len(one.words) * SIGN_WIDTH + 14
            y = top + number * (BADGE + 2)
            pen.rect(f"c-mark {one.look}", f"{(x1 + x2 - width) / 2:.0f}", y, f"{width:.0f}", BADGE, BADGE / 2)
            pen.text("t-mid", (x1 + x2) / 2, y + 14, one.words)


def _box(pen: Pen, box: Box, corner: Place) -> None:
    x, y = corner
    pen.rect("c-box", f"{x:.0f}", y, str(WIDE), HIGH, 6)
    pen.text("t-b", x + 10, y + 18, shorten(box.label, SIGNS, placeholder="…"))
    for number, line in enumerate(wrap(box.words, SIGNS, max_lines=LINES, placeholder="…")):
        pen.text("", x + 10, y + 35 + number * 15, line)
