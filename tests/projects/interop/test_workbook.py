"""The framework workbook: the template imports as it is, in both languages; every cell at fault is told."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from projects.interop.workbook.columns import COLUMNS, RESULTS, TARGETS
from projects.interop.workbook.guard import LARGEST_PART, WorkbookRefused, check_workbook
from projects.interop.workbook.reader import read_framework
from projects.interop.workbook.template import write_template
from projects.services.imports.rows import FrameworkRows, ResultRow, Spot

RESULT_HEADS = [column.english for column in COLUMNS[RESULTS]]
TARGET_HEADS = [column.english for column in COLUMNS[TARGETS]]
FIRST, SECOND = "Results and indicators", "Periods and targets"


def book(
    results: list[list[Any]], targets: list[list[Any]] | None = None, names: tuple[str, str] = (FIRST, SECOND)
) -> io.BytesIO:
    """A workbook of rows as they are, headings included."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as workbook:
        for name, rows in zip(names, (results, targets), strict=True):
            if rows is None:
                continue
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    sheet.write(number, place, value)
    out.seek(0)
    return out


def row(heads: list[str], **cells: Any) -> list[Any]:
    """A row of cells by key."""
    keys = [column.key for column in COLUMNS[RESULTS if heads is RESULT_HEADS else TARGETS]]
    return [cells.get(key) for key in keys]


def told(rows: FrameworkRows) -> list[tuple[str, int, str, str]]:
    """Sheet, row, column and code of the problems."""
    return [(one.spot.sheet, one.spot.row, one.spot.column, one.code) for one in rows.problems]


def with_cells(*cells: dict[str, Any], targets: list[dict[str, Any]] | None = None) -> FrameworkRows:
    """What is read of rows under the English headings."""
    results = [RESULT_HEADS, *(row(RESULT_HEADS, **one) for one in cells)]
    second = None if targets is None else [TARGET_HEADS, *(row(TARGET_HEADS, **one) for one in targets)]
    return read_framework(book(results, second))


GOOD = {"level": "output", "result_code": "1", "result_en": "R", "code": "1.1", "title_en": "I", "measure": "count"}


@pytest.mark.parametrize("language", ["en", "el"])
def test_the_template_is_read_without_a_problem(language: str) -> None:
    out = io.BytesIO()
    write_template(out, language=language)
    out.seek(0)
    rows = read_framework(out)
    assert rows.problems == []
    assert [(one.code, one.level) for one in rows.results] == [("1", "outcome")]
    assert [(one.code, one.result_code, one.measure) for one in rows.indicators] == [
        ("1.1", "1", "count"), ("1.2", "1", "percentage"),
    ]  # fmt: skip
    assert (rows.indicators[0].dimensions, rows.indicators[0].titles["el"][:5]) == (("sex",), "Άτομα")
    assert (rows.indicators[1].baseline, rows.indicators[1].baseline_denominator) == (Decimal(12), Decimal(40))
    assert [(one.indicator_code, str(one.start), one.pairs, one.numerator) for one in rows.targets] == [
        ("1.1", "2026-01-01", (), Decimal(60)),
        ("1.1", "2026-01-01", (("sex", "female"),), Decimal(35)),
        ("1.2", "2026-01-01", (), Decimal(45)),
        ("1.2", "None", (), Decimal(90)),
    ]


def test_the_template_has_its_sheets_and_headings() -> None:
    out = io.BytesIO()
    write_template(out, language="el")
    out.seek(0)
    workbook = CalamineWorkbook.from_filelike(out)
    assert workbook.sheet_names == ["Οδηγίες", "Αποτελέσματα και δείκτες", "Περίοδοι και στόχοι"]
    heads = workbook.get_sheet_by_name("Περίοδοι και στόχοι").to_python()[0]
    assert heads == [column.greek for column in COLUMNS[TARGETS]]


def test_columns_go_by_heading_whatever_order_case_and_blanks() -> None:
    rows = read_framework(
        book([["A title row"], [], [" RESULT ", "Τίτλος", "ΚΩΔΙΚΟΣ  αποτελέσματος", "type"], ["R", "?", "1", "Εκροή"]])
    )
    assert [(one.code, one.titles, one.spot) for one in rows.results] == [("1", {"en": "R"}, Spot(FIRST, 4))]


def test_blank_results_mean_as_above_and_missing_codes_are_numbered() -> None:
    rows = with_cells(
        {"level": "impact", "result_en": "A", "title_en": "x"},
        {"title_en": "y"},
        {"level": "output", "result_en": "B"},
        {"title_en": "z"},
    )
    assert [one.code for one in rows.results] == ["1", "2"]
    assert [one.code for one in rows.indicators] == ["1.1", "1.2", "2.1"]
    assert rows.problems == []


@pytest.mark.parametrize(
    "change, column, code",
    [
        ({"level": "goal"}, "Level", "unknown-choice"),
        ({"level": None}, "Level", "missing"),
        ({"result_en": None}, "Result (English)", "missing"),
        ({"title_en": None}, "Indicator (English)", "missing"),
        ({"measure": "kilos"}, "Measure", "unknown-choice"),
        ({"direction": "sideways"}, "Direction", "unknown-choice"),
        ({"cumulative": "perhaps"}, "Running totals", "unknown-choice"),
        ({"baseline": "twelve"}, "Baseline", "not-a-number"),
        ({"baseline": "1.234,5"}, "Baseline", "not-a-number"),
        ({"baseline": "20,854"}, "Baseline", "not-a-number"),
        ({"baseline": True}, "Baseline", "not-a-number"),
        ({"baseline_year": 19.5}, "Baseline year", "not-a-year"),
        ({"code": "x" * 41}, "Indicator code", "too-long"),
    ],
)
def test_cells_at_fault_are_told_by_sheet_row_and_column(change: dict[str, Any], column: str, code: str) -> None:
    assert told(with_cells({**GOOD, **change})) == [(FIRST, 2, column, code)]


@pytest.mark.parametrize(
    "cells, column, code",
    [
        ({"code": "1.1", "start": "2026-01-01"}, "End", "missing"),
        ({"code": "1.1", "start": "2026-13-01", "end": "2026-12-31"}, "Start", "not-a-date"),
        ({"code": "1.1", "start": "2026-12-31", "end": "2026-01-01"}, "End", "period-reversed"),
        ({"code": "1.1", "cell": "female", "target": 1}, "Breakdown", "not-a-breakdown"),
        ({"target": 1}, "Indicator code", "missing"),
        ({"code": "1.1", "target": "> 400"}, "Target", "not-a-number"),
    ],
)
def test_targets_at_fault_are_told(cells: dict[str, Any], column: str, code: str) -> None:
    assert told(with_cells(GOOD, targets=[cells])) == [(SECOND, 2, column, code)]


def test_dates_numbers_and_codes_as_people_write_them() -> None:
    rows = with_cells(
        GOOD | {"code": 1.1, "result_code": 1, "baseline": " 12.5 ", "baseline_year": 2024, "assumptions": "a_x000D_"},
        targets=[
            {"code": 1.1, "start": "1/2/2026", "end": "2026-02-28", "cell": "sex = female | age: 18-24", "words": "x"}
        ],
    )
    assert rows.problems == []
    assert (rows.results[0], rows.indicators[0].code) == (
        ResultRow(Spot(FIRST, 2), "1", "output", {"en": "R"}, "a"),
        "1.1",
    )
    assert (rows.indicators[0].baseline, rows.indicators[0].baseline_year) == (Decimal("12.5"), 2024)
    target = rows.targets[0]
    assert (str(target.start), target.pairs, target.text) == (
        "2026-02-01", (("sex", "female"), ("age", "18-24")), "x",
    )  # fmt: skip


def zipped(**parts: bytes) -> bytes:
    """An archive with a workbook part and one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", parts["sheet"])
    return out.getvalue()


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"),
        (b"a,b,c\n1,2,3\n", "not-a-workbook"),
        (b"PK\x03\x04 nothing", "broken"),
        (zipped(sheet=b'<c r="A1"/><c s="1" r="BXY200001"/>'), "too-large"),
        (zipped(sheet=b"<x:c t='n' r='A20001'/>"), "too-large"),
        (zipped(sheet=b" " * (LARGEST_PART + 1)), "too-large"),
    ],
)
def test_hostile_and_wrong_files_are_refused_before_they_are_opened(content: bytes, code: str) -> None:
    with pytest.raises(WorkbookRefused) as seen:
        check_workbook(io.BytesIO(content))
    assert seen.value.problem.code == code
    assert told(read_framework(io.BytesIO(content))) == [("", 0, "", code)]


def test_a_zip_that_is_no_workbook_and_books_without_our_sheets() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert told(read_framework(out)) == [("", 0, "", "not-a-workbook")]
    assert told(read_framework(book([["x"]], names=("Sheet1", SECOND)))) == [("", 0, "", "no-sheet")]
    assert told(read_framework(book([["x", "y"]]))) == [("", 0, "", "no-headings")]
    assert told(read_framework(io.BytesIO(zipped(sheet=b"<c/>")))) == [("", 0, "", "broken")]
