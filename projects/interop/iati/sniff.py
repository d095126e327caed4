"""Looks at the first bytes of an upload, never at its name: is this an IATI activity file that can be read?"""

import re
from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

from projects.interop.iati.problems import FileRefused, refuse

LOOK_AHEAD = 65_536
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WEB_PAGE = re.compile(rb"<(!doctype\s+html|html)[\s>]", re.IGNORECASE)


class Readable(Protocol):
    """What gives bytes in pieces."""

    def read(self, size: int = -1, /) -> bytes: ...


class LineFeeds:
    """Reads a file whose lines end with CR alone as if they ended with LF, which XML takes for the same."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        return self._file.read(size).replace(b"\r", b"\n")


def opened(file: BinaryIO) -> Readable:
    """The file from its beginning, ready for the XML parser; raises FileRefused where it is no XML at all."""
    file.seek(0)
    head = file.read(LOOK_AHEAD)
    refusal = _not_xml(head)
    if refusal is not None:
        raise refusal
    file.seek(0)
    return LineFeeds(file) if b"\r" in head and b"\n" not in head and b"\x00" not in head else file


def _not_xml(head: bytes) -> FileRefused | None:
    if not head.strip(b" \t\r\n\x00"):
        return refuse("empty", _("The file is empty."))
    for magic, code, sentence in _known_formats():
        if head.startswith(magic):
            return refuse(code, sentence)
    text = _without_mark(head).replace(b"\x00", b"")
    if _WEB_PAGE.match(text.lstrip()):
        return refuse("web-page", _("This is a web page, not an IATI file: save the XML file itself."), line=1)
    if not text.lstrip().startswith(b"<"):
        return refuse("not-xml", _("This is not XML: the file does not begin with “<”."), line=1)
    if text[:1].isspace() and text.lstrip().startswith(b"<?xml"):
        lines = len(re.findall(rb"\r\n|\r|\n", text[: text.index(b"<")]))
        sentence = _("Something stands before the XML declaration: remove the blanks or empty lines before “<?xml”.")
        return refuse("not-well-formed", sentence, line=lines + 1)
    return None


def _without_mark(head: bytes) -> bytes:
    for mark in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return head[len(mark) :]
    return head


def _known_formats() -> tuple[tuple[bytes, str, str], ...]:
    return (
        (
            b"PK\x03\x04",
            "zip",
            _("This is an Excel workbook or a zip archive, not XML: unpack it, or import it as a framework workbook."),
        ),
        (b"\xd0\xcf\x11\xe0", "old-office", _("This is an old Office file (.xls or .doc), not XML.")),
        (b"%PDF", "pdf", _("This is a PDF, not XML.")),
        (b"\x1f\x8b", "gzip", _("This file is compressed (gzip): unpack it first.")),
        (b"\xff\xfe\x00\x00", "utf-32", _("The file is in UTF-32: save it as UTF-8.")),
        (b"\x00\x00\xfe\xff", "utf-32", _("The file is in UTF-32: save it as UTF-8.")),
    )
