"""Looks at a workbook before anything opens it: a few kilobytes can claim a sheet of gigabytes.

A reader that lays out rows x columns from the largest cell it meets is aborted by such a sheet, without an exception
to catch. So every part is streamed out of the archive with a ceiling, and the largest cell reference is looked for.
"""

import re
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from projects.services.imports.rows import SheetProblem, Spot

LARGEST_PART = 60_000_000
LARGEST_WHOLE = 150_000_000
MOST_ROWS, MOST_CELLS = 20_000, 4_000_000
"""A sheet is laid out to its last row and column; office programs leave styled cells to column AMJ (1,024)."""
PIECE = 1_000_000
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_OVERLAP = 400


class WorkbookRefused(Exception):
    """The workbook as a whole can't be read; carries the one problem that says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = SheetProblem(Spot(""), code, detail)


def check_workbook(file: BinaryIO) -> None:
    """Raises WorkbookRefused for what is no XLSX workbook, or one whose sheets are larger than any framework is."""
    file.seek(0)
    head = file.read(8)
    if not head:
        raise WorkbookRefused("empty", _("The file is empty."))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookRefused(
            "old-office", _("This is an old .xls file, or it has a password: save it as .xlsx without.")
        )
    if not head.startswith(b"PK\x03\x04"):
        raise WorkbookRefused("not-a-workbook", _("This is not an Excel workbook (.xlsx)."))
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise WorkbookRefused("broken", _("The workbook is damaged and can't be opened.")) from error
    finally:
        file.seek(0)


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if not any(name.lower() == "xl/workbook.xml" for name in names):
        raise WorkbookRefused("not-a-workbook", _("This is not an Excel workbook (.xlsx)."))
    whole = 0
    for name in names:
        extent = _Extent() if _SHEET.fullmatch(name) else None
        size, before = 0, b""
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                size, whole = size + len(piece), whole + len(piece)
                if size > LARGEST_PART or whole > LARGEST_WHOLE:
                    raise WorkbookRefused("too-large", _("The workbook is too large for a framework."))
                if extent is not None:
                    extent.widen(before + piece)
                    before = piece[-_OVERLAP:]


class _Extent:
    """How far a sheet reaches, as its cells say."""

    def __init__(self) -> None:
        self.rows = self.columns = 0

    def widen(self, text: bytes) -> None:
        """Look at the cells in a piece of the sheet; WorkbookRefused beyond what is read."""
        for match in _CELL.finditer(text):
            self.rows = max(self.rows, int(match[2]))
            self.columns = max(self.columns, _number_of(match[1]))
        if self.rows > MOST_ROWS or self.rows * self.columns > MOST_CELLS:
            facts = {"rows": self.rows, "columns": self.columns, "most": MOST_ROWS}
            detail = (
                _("A sheet reaches to row %(rows)d and column %(columns)d; at most %(most)d rows are read.") % facts
            )
            raise WorkbookRefused("too-large", detail)


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
