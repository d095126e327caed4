"""Which characters the fonts of the PDF can draw: for one without a glyph the standard would refuse the report."""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "assets" / "fonts"
REGULAR = ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf")
TAB, LINE_END = 0x09, 0x0A
UNKNOWN = "\N{REPLACEMENT CHARACTER}"


@cache
def drawable() -> frozenset[int]:
    """The code points that one of the fonts has a glyph for."""
    return frozenset().union(*(code_points((FONTS / name).read_bytes()) for name in REGULAR))


def code_points(font: bytes) -> set[int]:
    """The code points of a TrueType font's character map (formats 4 and 12)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = (struct.unpack_from(">4sIII", font, 12 + 16 * at) for at in range(count))
    start = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    points: set[int] = set()
    for at in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">HHI", font, start + 4 + 8 * at)[2]
        kind = struct.unpack_from(">H", font, offset)[0]
        if kind in READERS:
            points |= READERS[kind](font, offset)
    return points


def _format_4(font: bytes, offset: int) -> set[int]:
    """Segments of the basic plane: ends, a pad, starts, deltas, range offsets."""
    count = struct.unpack_from(">H", font, offset + 6)[0] // 2
    shape = f">{count}H"
    ends = struct.unpack_from(shape, font, offset + 14)
    starts = struct.unpack_from(shape, font, offset + 16 + 2 * count)
    deltas = struct.unpack_from(shape, font, offset + 16 + 4 * count)
    table = offset + 16 + 6 * count
    ranges = struct.unpack_from(shape, font, table)
    points = set()
    for at in range(count):
        for point in range(starts[at], min(ends[at], 0xFFFE) + 1):
            glyph = point
            if ranges[at]:
                glyph = struct.unpack_from(">H", font, table + 2 * at + ranges[at] + 2 * (point - starts[at]))[0]
            if glyph and (glyph + deltas[at]) & 0xFFFF:
                points.add(point)
    return points


def _format_12(font: bytes, offset: int) -> set[int]:
    """Groups of the whole of Unicode: first, last, first glyph."""
    count = struct.unpack_from(">I", font, offset + 12)[0]
    groups = (struct.unpack_from(">III", font, offset + 16 + 12 * at) for at in range(count))
    return {point for first, last, glyph in groups for point in range(first, last + 1) if glyph + point - first}


READERS = {4: _format_4, 12: _format_12}


class _Table(dict[int, str]):
    """A table for `str.translate` that is filled as characters come."""

    def __missing__(self, point: int) -> str:
        self[point] = _drawn(point)
        return self[point]


def _drawn(point: int) -> str:
    kind = unicodedata.category(chr(point))
    if point == LINE_END or (kind != "Cc" and point in drawable()):
        return chr(point)
    if kind in ("Zs", "Zl", "Zp") or point == TAB:
        return " "
    return "" if kind in ("Cc", "Cf") else UNKNOWN


TABLE = _Table()


def cleaned(value: Any) -> Any:
    """The same dictionaries, lists and texts; a character without a glyph is U+FFFD, an unseen one without is gone."""
    if isinstance(value, str):
        return value.translate(TABLE)
    if isinstance(value, dict):
        return {key: cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(each) for each in value]
    return value
