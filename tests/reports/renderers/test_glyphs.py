"""What the PDF's fonts can draw."""

import struct

import pytest

from reports.renderers.glyphs import READERS, cleaned, drawable


@pytest.mark.parametrize("text", ["Ά ελληνικά και ΐ", "Ελ€ £ – — “” «» …", "العربية ١٢٣ ،؟", "Українська", "é ñ ß"])
def test_the_languages_of_the_portal_are_drawn_as_they_are(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "text, drawn",
    [
        ("a😀b", "a\ufffdb"),
        ("漢字", "\ufffd\ufffd"),
        ("a\x07b\r\nc\td", "ab\nc d"),
        ("a\U000e0001b\ue000", "ab\ufffd"),
        ("1\u30002", "1 2"),
    ],
)
def test_what_has_no_glyph_is_replaced_and_what_is_unseen_goes(text: str, drawn: str) -> None:
    assert cleaned(text) == drawn


def test_dictionaries_and_lists_are_cleaned_to_the_bottom() -> None:
    assert cleaned({"a": ["😀", ("b", 1)], "c": None, "d": 0.5}) == {"a": ["\ufffd", ["b", 1]], "c": None, "d": 0.5}


def test_the_replacement_itself_can_be_drawn() -> None:
    assert 0xFFFD in drawable()


def test_a_range_offset_of_format_4_leads_to_the_glyph() -> None:
    segments = struct.pack(">HHHHHHH", 4, 0, 0, 4, 0, 0, 0)
    ends, starts = struct.pack(">HHH", 66, 0xFFFF, 0), struct.pack(">HH", 65, 0xFFFF)
    deltas, ranges, glyphs = struct.pack(">HH", 0, 1), struct.pack(">HH", 4, 0), struct.pack(">HH", 9, 0)

    assert READERS[4](segments + ends + starts + deltas + ranges + glyphs, 0) == {65}


def test_groups_of_format_12_leave_out_glyph_nought() -> None:
    table = (
        struct.pack(">HHIII", 12, 0, 0, 0, 2)
        + struct.pack(">III", 65, 66, 0)
        + struct.pack(">III", 0x1F600, 0x1F600, 7)
    )

    assert READERS[12](table, 0) == {66, 0x1F600}
