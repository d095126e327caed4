"""Formats are found by their files; names of files are for people."""

import pytest

from reports.renderers.naming import human_name
from reports.renderers.registry import renderer_of, renderers
from tests import factories_documents as made


def test_every_format_is_found_by_its_file() -> None:
    assert {name: each.content_type for name, each in renderers().items()} == {
        "html": "text/html; charset=utf-8",
        "pdf": "application/pdf",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    assert renderer_of("pdf").format == "pdf"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(LookupError, match="no renderer for 'odt'"):
        renderer_of("odt")


def test_a_file_name_says_project_report_day_and_language() -> None:
    assert human_name(made.english(), "Progress report", "pdf") == "STR-25 Progress report 2026-10-31 en.pdf"
    assert human_name(made.greek(), "Έκθεση: 1/2", "xlsx") == "STR-25 Έκθεση 1-2 2026-10-31 el.xlsx"
