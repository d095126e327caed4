"""Rows as a CSV or Excel file that opens as data and never runs as a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

RISKY = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # so that Excel reads Greek right
LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
CHUNK = 500
Row = Sequence[object]


def csv_chunks(header: Sequence[str], rows: Iterable[Row], *, mark: str = BYTE_ORDER_MARK) -> Iterator[bytes]:
    """A CSV file in pieces (UTF-8 with byte order mark). What a spreadsheet would run gets a leading apostrophe."""
    buffer = io.StringIO()
    buffer.write(mark)
    writer = csv.writer(buffer)
    writer.writerow([_safe(word) for word in header])
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(cell) for cell in row])
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (Decimal, int, float)):
        return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return _safe(str(cell))


def xlsx_file(sheet: str, header: Sequence[str], rows: Iterable[Row]) -> BinaryIO:
    """An Excel file with real numbers and dates, frozen header and filters, written row by row to a temporary file.

    Returns the open file, at its beginning; closing it removes it.
    """
    target = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer closes it when it is sent
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(target.name, options)
    page = book.add_worksheet(
        "".join(" " if mark in "[]:*?/\\" else mark for mark in sheet)[:LONGEST_SHEET_NAME] or "1"
    )
    bold, day, moment = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    page.freeze_panes(1, 0)
    page.set_column(0, max(len(header) - 1, 0), 18)
    for column, word in enumerate(header):
        page.write_string(0, column, word, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(page, (last, column), cell, day, moment)
    page.autofilter(0, 0, last, max(len(header) - 1, 0))
    book.close()
    return target  # type: ignore[return-value]  # the wrapper has every method of a file


def _write(page: Any, place: tuple[int, int], cell: object, day: Any, moment: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_boolean(*place, cell)
    elif isinstance(cell, (Decimal, int, float)):
        page.write_number(*place, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(*place, timezone.make_naive(cell) if timezone.is_aware(cell) else cell, moment)
    elif isinstance(cell, date):
        page.write_datetime(*place, cell, day)
    else:
        page.write_string(*place, str(cell)[:LONGEST_CELL])
