"""Reads a framework workbook: sheets and columns by name, in English or Greek; blank results mean "as above"."""

from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from projects.choices import Direction, Measure, ResultLevel
from projects.interop.workbook.cells import Row
from projects.interop.workbook.columns import COLUMNS, RESULTS, SHEETS, TARGETS, Column, sheet_named
from projects.interop.workbook.guard import WorkbookRefused, check_workbook
from projects.services.imports.rows import FrameworkRows, IndicatorRow, ResultRow, SheetProblem, Spot, TargetRow

HEADING_ROWS = 15
LONGEST_CODE = 40


def read_framework(file: BinaryIO) -> FrameworkRows:
    """What the workbook says, row by row, with every problem told; an unreadable workbook is one problem."""
    found = FrameworkRows()
    try:
        check_workbook(file)
        sheets = _sheets(file)
        _read_results(sheets[RESULTS], found)
        if TARGETS in sheets:
            _read_targets(sheets[TARGETS], found)
    except WorkbookRefused as refused:
        found.problems.append(refused.problem)
    return found


class _Sheet:
    """A sheet's name and cells; rows are numbered as people see them, from 1."""

    def __init__(self, key: str, name: str, cells: list[list[Any]], first: int) -> None:
        self.key, self.name, self.cells, self.first = key, name, cells, first

    def rows(self, problems: list[SheetProblem]) -> list[Row]:
        """The rows under the headings that say anything. Raises WorkbookRefused where no headings are found."""
        heading, columns = self._headings()
        found = []
        for index in range(heading + 1, len(self.cells)):
            cells = {key: self.cells[index][place] for key, (place, _column, _said) in columns.items()}
            named = {key: (column, said) for key, (_place, column, said) in columns.items()}
            row = Row(self.name, self.first + index, named, cells, problems)
            if not row.is_empty:
                found.append(row)
        return found

    def _headings(self) -> tuple[int, dict[str, tuple[int, Column, str]]]:
        best: tuple[int, dict[str, tuple[int, Column, str]]] = (0, {})
        for index, cells in enumerate(self.cells[:HEADING_ROWS]):
            columns = self._columns(cells)
            if len(columns) > len(best[1]):
                best = index, columns
        if len(best[1]) < 2:
            wanted = ", ".join(column.english for column in COLUMNS[self.key][:6])
            detail = _("The sheet “%(sheet)s” has no row of headings such as: %(wanted)s.")
            raise WorkbookRefused("no-headings", detail % {"sheet": self.name, "wanted": wanted})
        return best

    def _columns(self, cells: list[Any]) -> dict[str, tuple[int, Column, str]]:
        found: dict[str, tuple[int, Column, str]] = {}
        for place, cell in enumerate(cells):
            said = str(cell).strip() if cell else ""
            column = next((one for one in COLUMNS[self.key] if said and one.named(said)), None)
            if column is not None:
                found.setdefault(column.key, (place, column, said))
        return found


def _sheets(file: BinaryIO) -> dict[str, _Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        found: dict[str, _Sheet] = {}
        for name in workbook.sheet_names:
            key = sheet_named(name)
            if key and key not in found:
                sheet = workbook.get_sheet_by_name(name)
                first = sheet.start[0] + 1 if sheet.start else 1
                found[key] = _Sheet(key, name, [list(row) for row in sheet.to_python()], first)
    except CalamineError as error:
        raise WorkbookRefused("broken", _("The workbook is damaged and can't be opened.")) from error
    if RESULTS not in found:
        detail = _("The workbook has no sheet “%(english)s” (or “%(greek)s”). Use the template.")
        raise WorkbookRefused("no-sheet", detail % {"english": SHEETS[RESULTS]["en"], "greek": SHEETS[RESULTS]["el"]})
    return found


# ---------------------------------------------------------------- results and indicators


def _read_results(sheet: _Sheet, found: FrameworkRows) -> None:
    current = ""
    known: dict[str, ResultRow] = {}
    for row in sheet.rows(found.problems):
        code = _code(row, "result_code") or (_new_code(known) if _says_result(row) else "")
        if code and code.casefold() not in known:
            result = _result(row, code)
            known[code.casefold()] = result
            found.results.append(result)
        current = code or current
        if row.text("code") or row.text("title_en") or row.text("title_el"):
            _add_indicator(row, current, found)


def _says_result(row: Row) -> bool:
    return bool(row.text("result_en") or row.text("result_el"))


def _new_code(known: dict[str, ResultRow]) -> str:
    """The next number for a result without a code of its own."""
    number = 1
    while str(number) in known:
        number += 1
    return str(number)


def _code(row: Row, key: str) -> str:
    code = row.text(key)
    if len(code) > LONGEST_CODE:
        detail = _("A code has at most %(limit)d characters.") % {"limit": LONGEST_CODE}
        row.tell(key, "too-long", detail)
    return code[:LONGEST_CODE]


def _result(row: Row, code: str) -> ResultRow:
    titles = _titles(row, "result")
    if not titles:
        row.tell("result_en", "missing", _("The result %(code)s has no title.") % {"code": code})
    if not row.text("level"):
        detail = _("The level of result %(code)s is not stated: taken for an output.") % {"code": code}
        row.tell("level", "missing", detail, is_warning=True)
    return ResultRow(row.spot, code, row.choice("level", ResultLevel.OUTPUT.value), titles, row.text("assumptions"))


def _titles(row: Row, key: str) -> dict[str, str]:
    said = {language: row.text(f"{key}_{language}") for language in ("en", "el")}
    return {language: text for language, text in said.items() if text}


def _add_indicator(row: Row, result_code: str, found: FrameworkRows) -> None:
    code, titles = _code(row, "code"), _titles(row, "title")
    if not result_code:
        row.tell("result_code", "missing", _("The indicator stands under no result."))
        return
    if not code:
        number = 1 + sum(one.result_code == result_code for one in found.indicators)
        code = f"{result_code}.{number}"
    if not titles:
        row.tell("title_en", "missing", _("The indicator %(code)s has no title.") % {"code": code})
    found.indicators.append(
        IndicatorRow(
            spot=row.spot,
            result_code=result_code,
            code=code,
            titles=titles,
            measure=row.choice("measure", Measure.COUNT.value),
            formula=row.text("formula"),
            direction=row.choice("direction", Direction.ASCENDING.value),
            definition=row.text("definition"),
            unit=row.text("unit"),
            is_cumulative=row.choice("cumulative", "no") == "yes",
            across_partners=row.choice("partners", ""),
            across_time=row.choice("time", ""),
            dimensions=_names(row.text("dimensions")),
            source=row.text("source"),
            baseline=row.number("baseline"),
            baseline_denominator=row.number("baseline_of"),
            baseline_year=_year(row),
        )
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.replace(";", ",").replace("\n", ",").split(",") if name.strip())


def _year(row: Row) -> int | None:
    number = row.number("baseline_year")
    if number is None:
        return None
    if number != int(number) or not 1950 <= number <= 2200:
        row.tell("baseline_year", "not-a-year", _("This is not a year."))
        return None
    return int(number)


# ---------------------------------------------------------------- periods and targets


def _read_targets(sheet: _Sheet, found: FrameworkRows) -> None:
    current = ""
    for row in sheet.rows(found.problems):
        current = row.text("code") or current
        if not current:
            row.tell("code", "missing", _("The indicator's code is missing."))
            continue
        target = _target(row, current)
        if target is not None:
            found.targets.append(target)


def _target(row: Row, code: str) -> TargetRow | None:
    start, end = row.day("start"), row.day("end")
    if (start is None) != (end is None):
        if not (row.text("start") and row.text("end")):
            row.tell("end" if end is None else "start", "missing", _("A period needs a first and a last day."))
        return None
    if start and end and end < start:
        row.tell("end", "period-reversed", _("The period ends before it starts."))
        return None
    return TargetRow(
        spot=Spot(row.spot.sheet, row.spot.row),
        indicator_code=code,
        start=start,
        end=end,
        due=row.day("due"),
        pairs=_pairs(row),
        numerator=row.number("target"),
        denominator=row.number("target_of"),
        text=row.text("words"),
    )


def _pairs(row: Row) -> tuple[tuple[str, str], ...]:
    """From "sex: female; age: 18-24" to pairs of names."""
    found = []
    for part in row.text("cell").replace("|", ";").replace("\n", ";").split(";"):
        name, colon, value = part.partition(":" if ":" in part else "=")
        if colon and name.strip() and value.strip():
            found.append((name.strip(), value.strip()))
        elif part.strip():
            detail = _("Write a breakdown as “sex: female; age: 18-24”.")
            row.tell("cell", "not-a-breakdown", detail)
    return tuple(found)
