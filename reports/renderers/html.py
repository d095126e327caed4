"""HTML: one file that needs no other, for reading on any screen, printing, and for screen readers."""

from functools import cache
from pathlib import Path
from typing import BinaryIO

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from reports.catalogue.blocks import Document
from reports.catalogue.frozen import digest
from reports.renderers.registry import Renderer
from reports.renderers.wording import Words, wording

CSS = Path(__file__).parent / "assets" / "document.css"


@cache
def _css() -> SafeString:
    return mark_safe(CSS.read_text())  # noqa: S308 - the portal's own file


def page_words(document: Document) -> Words:
    """The document in words, with what a page needs beside: numbered sections, named rows, drawings ready to show."""
    words = wording(document, digest(document))
    sections: list[Words] = []
    for key in ("cover", "blocks"):
        for part in words[key]:
            _prepare(part, sections)
    return {**words, "sections": sections}


def _prepare(part: Words, sections: list[Words]) -> None:
    if part["is"] == "heading":
        _number(part, sections)
    elif part["is"] == "table":
        part["lines"] = _lines(part)
    elif part["is"] == "pairs":
        for inner in (*part["figures"], *part["voices"]):
            _prepare(inner, sections)


def _number(part: Words, sections: list[Words]) -> None:
    first = sum(1 for section in sections if section["level"] == 1) + (part["level"] == 1)
    part["number"] = str(first) if part["level"] == 1 else ""
    part["id"] = f"s-{len(sections) + 1}"
    sections.append(part)


def _lines(part: Words) -> list[Words]:
    columns = part["columns"]
    named = next((at for at, column in enumerate(columns) if column["kind"] == "text"), 0)
    rows = [*part["rows"], *([part["total"]] if part["total"] else [])]
    return [
        {
            "total": row is part["total"],
            "fields": [
                {"cell": cell, "head": at == named, "kind": columns[at]["kind"], "figure": columns[at]["figure"]}
                for at, cell in enumerate(row)
            ],
        }
        for row in rows
    ]


def write(document: Document, out: BinaryIO) -> None:
    """The document as one HTML file in UTF-8; every text is escaped, nothing in it is fetched from elsewhere."""
    with translation.override(document.language):
        page = render_to_string("reports/document/page.html", {"words": page_words(document), "css": _css()})
    out.write(page.encode())


RENDERER = Renderer("html", "HTML", "text/html; charset=utf-8", "1", write)
