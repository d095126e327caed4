"""Files of rows: data stays data, nothing runs."""

from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from kmop.shared import exports

ROW = ("text", Decimal("12.500000"), 3, True, None, date(2026, 11, 23), datetime(2026, 11, 23, 12, 31, tzinfo=UTC))


def as_text(rows: list[tuple[object, ...]]) -> list[str]:
    return b"".join(exports.csv_chunks(["a"], rows)).decode("utf-8-sig").splitlines()[1:]


def test_csv_is_plain() -> None:
    assert as_text([ROW]) == ["text,12.500000,3,true,,2026-11-23,2026-11-23T12:31:00+00:00"]


@pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@a", "\tx"])
def test_csv_never_starts_a_formula(risky: str) -> None:
    assert as_text([(risky,), (Decimal(-1),)]) == [f"'{risky}", "-1"]


def test_csv_begins_with_the_mark_that_excel_needs() -> None:
    assert b"".join(exports.csv_chunks(["Όνομα"], [])) == b"\xef\xbb\xbf" + "Όνομα\r\n".encode()


def test_csv_comes_in_pieces() -> None:
    pieces = list(exports.csv_chunks(["a"], ((number,) for number in range(1200))))
    assert [piece.count(b"\r\n") for piece in pieces] == [501, 500, 200]


def test_xlsx_has_real_numbers_and_dates() -> None:
    with exports.xlsx_file("A [sheet]: one/two", ["a", "b"], [ROW, ("=1+1",)]) as file:
        book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    assert book.sheetnames == ["A  sheet   one two"]
    assert [cell.value for cell in sheet[2]] == [
        *("text", 12.5, 3, True, None, datetime(2026, 11, 23), datetime(2026, 11, 23, 14, 31)),  # noqa: DTZ001 - Excel knows no zones
    ]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=1+1", "s")
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")


def test_xlsx_cuts_what_excel_can_not_hold() -> None:
    with exports.xlsx_file("", ["a"], [("x" * 40_000,)]) as file:
        sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert (sheet.title, len(str(sheet["A2"].value))) == ("1", 32_767)
