"""XLSX: a cover sheet, one sheet for each table and chart, and sheets of the words; numbers and dates are real ones.

Written row by row (constant memory). Text is always written as text, so that nothing in it becomes a formula or a link.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kmop.shared import formats
from reports.catalogue import blocks as b
from reports.catalogue.frozen import digest
from reports.renderers.registry import Renderer
from reports.renderers.wording import FIGURES, direction, empty_word

LONGEST = 32_767  # letters in a cell
MOST_ROWS = 1_048_576
HEAD_TOTAL_NOTE = 3
WIDEST = 60
LINE_HEIGHT = 15
A4 = 9
FORMULA_SIGNS = ("=", "+", "-", "@")
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FONT = {"font_name": "Noto Sans", "font_size": 10, "valign": "top"}
INK, SOFT, ACCENT, LINE = "#16202a", "#586571", "#0b5a7d", "#d8dee2"
SERIES_COLOURS = {b.Role.ACTUAL: "#084a7c", b.Role.OTHER: "#c66f00", b.Role.PLAN: "#616d78"}
LOCALES = {"el": "408", "en": "809", "ar": "C01", "fr": "40C", "uk": "422", "fa": "429"}


def write(document: b.Document, out: BinaryIO) -> None:
    """The document as a workbook. Raises `ValueError` for a table with more rows than a sheet can hold."""
    for table in b.walk((*document.cover, *document.blocks)):
        if isinstance(table, b.Table) and len(table.rows) + HEAD_TOTAL_NOTE > MOST_ROWS:
            raise ValueError(f"The table {table.caption!r} has {len(table.rows)} rows: more than a sheet holds.")
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    workbook = xlsxwriter.Workbook(out, options)
    with translation.override(document.language), timezone.override(document.meta.zone):
        Book(workbook, document).fill()
    workbook.close()


class Book:
    """Fills the sheets of one workbook, each from top to bottom."""

    def __init__(self, workbook: xlsxwriter.Workbook, document: b.Document) -> None:
        self.workbook, self.document = workbook, document
        self.taken: set[str] = set()
        self.looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.blocks = list(b.walk((*document.cover, *document.blocks)))
        made = document.meta.frozen_at.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": document.title, "author": document.meta.frozen_by, "created": made})

    def fill(self) -> None:
        """Every sheet, in reading order. Sheets are made first, because the cover names them."""
        cover = self.sheet(_("Summary"))
        parts = [
            (self.sheet(part.name or _title(part)), part) for part in self.blocks if isinstance(part, b.Table | b.Chart)
        ]
        self.cover(cover, parts)
        for sheet, part in parts:
            self.table(sheet, part) if isinstance(part, b.Table) else self.chart(sheet, part)
        self.words()

    def sheet(self, wanted: str) -> Worksheet:
        """A new sheet under a name that a workbook allows and has not yet."""
        sheet = self.workbook.add_worksheet(sheet_name(wanted, self.taken))
        self.taken.add(sheet.get_name().lower())
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        if direction(self.document.language) == "rtl":
            sheet.right_to_left()
        return sheet

    def look(self, **properties: Any) -> Format:
        """A cell format, made once for the same properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.looks:
            self.looks[key] = self.workbook.add_format({**FONT, "font_color": INK, **properties})
        return self.looks[key]

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **look: Any) -> None:
        """Text as text, whatever it begins with."""
        if text.startswith(FORMULA_SIGNS):
            look["quote_prefix"] = True
        shown = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        sheet.write_string(row, column, shown, self.look(**look))

    def cover(self, sheet: Worksheet, parts: Sequence[tuple[Worksheet, b.Table | b.Chart]]) -> None:
        """Title, facts, figures, and the list of sheets with links."""
        document = self.document
        for at, width in enumerate((44, 70, 40, 44)):
            sheet.set_column(at, at, width)
        sheet.set_row(1, 2 * LINE_HEIGHT)
        self.text(sheet, 0, 0, document.kicker, bold=True, font_color=ACCENT)
        self.text(sheet, 1, 0, document.title, bold=True, font_size=16)
        self.text(sheet, 2, 0, document.subtitle, font_color=SOFT)
        row = self.facts(sheet, 4)
        row = self.tiles(sheet, row + 1)
        self.text(sheet, row + 1, 0, _("Sheets"), bold=True, bottom=1)
        for at, (target, part) in enumerate(parts, row + 2):
            name = target.get_name()
            sheet.write_url(at, 0, f"internal:'{name}'!A1", self.look(font_color=ACCENT, underline=1), name)
            self.text(sheet, at, 1, _title(part))

    def facts(self, sheet: Worksheet, row: int) -> int:
        """What stands beside the title, and of what the workbook was made; the next free row."""
        meta, language = self.document.meta, self.document.language
        given = [item for part in self.blocks if isinstance(part, b.KeyValues) for item in part.items]
        made = [
            b.KeyValue(_("Figures as of"), formats.day(meta.as_of, language)),
            b.KeyValue(_("Frozen"), formats.moment(meta.frozen_at, language)),
            b.KeyValue(_("Run"), meta.run),
            b.KeyValue(_("SHA-256 of the frozen data"), digest(self.document)),
        ]
        for item in (*given, *meta.parameters, *made):
            self.text(sheet, row, 0, item.label, font_color=SOFT)
            self.text(sheet, row, 1, item.value)
            row += 1
        return row

    def tiles(self, sheet: Worksheet, row: int) -> int:
        """The figures as real numbers with unit and remark; the next free row."""
        figures = [item for part in self.blocks if isinstance(part, b.Figures) for item in part.items]
        if not figures:
            return row
        for at, head in enumerate((_("Figure"), _("Value"), _("Unit"), _("Remark"))):
            self.text(sheet, row, at, head, bold=True, bottom=1)
        for figure in figures:
            row += 1
            self.text(sheet, row, 0, figure.label)
            self.cell(
                sheet, row, 1, figure.value, b.Column("", figure.kind, figure.unit, figure.decimals), align="left"
            )
            self.text(sheet, row, 2, figure.unit)
            self.text(sheet, row, 3, figure.under, text_wrap=True)
        return row + 1

    def table(self, sheet: Worksheet, table: b.Table) -> None:
        """A table with a frozen head and a filter over its rows; total and note stand under the filtered rows."""
        last = len(table.rows)
        widths = [min(len(column.label) + 4, 24) for column in table.columns]
        for at, column in enumerate(table.columns):
            unit = f" ({column.unit})" if column.unit else ""
            side = {"align": "right"} if column.kind in FIGURES else _indented(at)
            self.text(
                sheet, 0, at, f"{column.label}{unit}", bold=True, text_wrap=True, bottom=1, font_color=SOFT, **side
            )
        for at, cells in enumerate(table.rows, 1):
            self.row(sheet, at, cells, table.columns, widths)
        if table.total is not None:
            self.row(sheet, last + 1, table.total, table.columns, widths, bold=True, top=1)
        if table.note:
            self.text(sheet, last + 2, 0, table.note, font_color=SOFT)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, min(width, WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, last, len(table.columns) - 1)
        insert_bars(sheet, table)

    def row(
        self, sheet: Worksheet, at: int, cells: b.Row, columns: Sequence[b.Column], widths: list[int], **look: Any
    ) -> None:
        """One row of a table; `widths` grow with what is written, and a long text makes its row higher."""
        longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
        if longest > WIDEST:
            sheet.set_row(at, LINE_HEIGHT * min(-(-longest // WIDEST) + 1, 27))
        for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            widths[place] = max(widths[place], self.cell(sheet, at, place, cell, column, **look))

    def cell(self, sheet: Worksheet, row: int, at: int, cell: b.Cell, column: b.Column, **look: Any) -> int:
        """One typed cell; how wide it is, in letters."""
        if isinstance(cell, b.Bar):
            cell = b.Empty.NOT_REPORTED if cell.actual is None else cell.actual
            column = b.Column(column.label, b.Kind.PERCENT)
        if isinstance(cell, b.Percent):
            column = b.Column(column.label, b.Kind.PERCENT, decimals=cell.decimals)
            cell = cell.share
        if cell is None:
            if look:
                sheet.write_blank(row, at, None, self.look(**look))
            return 0
        if isinstance(cell, Decimal):
            code = number_code(cell, column, self.document.language)
            sheet.write_number(row, at, float(cell), self.look(num_format=code, **look))
            return len(f"{cell:,.2f}") + 4
        if isinstance(cell, date):
            sheet.write_datetime(row, at, _naive(cell), self.look(num_format=date_code(self.document.language), **look))
            return 13
        return self.worded(sheet, row, at, cell, **look)

    def worded(self, sheet: Worksheet, row: int, at: int, cell: str | b.Empty | b.Mark, **look: Any) -> int:
        """A cell that is a word: a text, a mark, or a kind of empty (grey and slanted, never a number)."""
        if isinstance(cell, b.Empty):
            words = empty_word(cell, self.document.meta.small_cell)
            self.text(sheet, row, at, words, italic=True, font_color=SOFT, **({"align": "right"} | look))
            return len(words)
        words = cell.text if isinstance(cell, b.Mark) else cell
        wrapped = {"text_wrap": True} if len(words) > WIDEST else {}
        self.text(sheet, row, at, words, **(_indented(at) | look | wrapped))
        return len(words) + 3

    def chart(self, sheet: Worksheet, chart: b.Chart) -> None:
        """The figures of a chart and the chart itself, with its description as alternative text."""
        self.text(sheet, 0, 0, chart.title, bold=True, bottom=1, font_color=SOFT)
        for at, series in enumerate(chart.series, 1):
            self.text(sheet, 0, at, series.label, bold=True, bottom=1, font_color=SOFT)
        for row, category in enumerate(chart.categories, 1):
            self.text(sheet, row, 0, category)
            for at, series in enumerate(chart.series, 1):
                value = series.values[row - 1]
                if value is not None:
                    self.cell(sheet, row, at, value, b.Column("", b.Kind.NUMBER))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, len(chart.series), 14)
        sheet.freeze_panes(1, 0)
        insert_chart(self.workbook, sheet, chart)

    def words(self) -> None:
        """Sheets for what is said in words: the text in reading order, the voices, what was changed."""
        text = [(part, words) for part in self.blocks for words in _paragraphs(part)]
        if text:
            self.list(_("Text"), (_("Kind"), _("Text")), [(_kind(part), words) for part, words in text])
        voices = [each for part in self.blocks if isinstance(part, b.Voices) for each in part.items]
        if voices:
            heads = (_("Voice"), _("Language"), _("Original"), _("Who"))
            rows = [(each.text, each.language, each.original, " · ".join(each.about)) for each in voices]
            self.list(_("Voices"), heads, rows)
        changes = [each for part in self.blocks if isinstance(part, b.Ledger) for each in part.changes]
        if changes:
            said = (_("You said"), _("People"), _("We decided"), _("Date"), _("We changed"))
            facts = [(each.said, each.people, each.decided, each.decided_on, each.changed) for each in changes]
            self.list(_("What we changed"), said, facts)

    def list(self, name: str, heads: Sequence[str], rows: Sequence[b.Row]) -> None:
        """A sheet of words as a table."""
        columns = tuple(b.Column(head, b.Kind.TEXT) for head in heads)
        self.table(self.sheet(name), b.Table(name, columns, tuple(rows)))


def insert_bars(sheet: Worksheet, table: b.Table) -> None:
    """A column of bars shows its shares as bars too."""
    for at, column in enumerate(table.columns):
        if column.kind == b.Kind.BAR and table.rows:
            rule = {"type": "data_bar", "bar_color": "#9fbfd3", "min_type": "num", "max_type": "num"}
            sheet.conditional_format(1, at, len(table.rows), at, {**rule, "min_value": 0, "max_value": 1})


def insert_chart(workbook: xlsxwriter.Workbook, sheet: Worksheet, chart: b.Chart) -> None:
    """A native chart beside its figures; a gap stays a gap."""
    kind = "column" if chart.form == b.Form.COLUMNS else "line"
    drawing = workbook.add_chart({"type": kind})
    name, last = sheet.get_name(), len(chart.categories)
    for at, series in enumerate(chart.series, 1):
        colour = {"color": SERIES_COLOURS[series.role]}
        dashed = {"dash_type": "dash"} if series.role == b.Role.PLAN else {}
        look = {"fill": colour} if kind == "column" else {"line": {**colour, **dashed, "width": 2}}
        ranges = {"categories": [name, 1, 0, last, 0], "values": [name, 1, at, last, at]}
        drawing.add_series({"name": series.label, **ranges, **look})
    drawing.set_title({"name": chart.title, "name_font": {"size": 11, "name": FONT["font_name"]}})
    drawing.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": LINE}}})
    drawing.set_legend({"position": "bottom"})
    drawing.show_blanks_as("gap")
    sheet.insert_chart(1, len(chart.series) + 2, drawing, {"description": chart.description})


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that a workbook allows: at most 31 letters, none of []:*?/\\', not in `taken` (lower case)."""
    name = " ".join(wanted.translate(NOT_IN_NAMES).split())[:31].strip() or _("Table")
    number = 1
    while name.lower() in taken:
        number += 1
        ending = f" {number}"
        name = f"{name[: 31 - len(ending)].removesuffix(f' {number - 1}')}{ending}"
    return name


def number_code(value: Decimal, column: b.Column, language: str) -> str:
    """The number format of a value. Digits are grouped as the reader's own system groups them."""
    if column.kind == b.Kind.PERCENT:
        return "0%" if not column.decimals else f"0.{'0' * column.decimals}%"
    decimals = column.decimals if column.decimals is not None else _decimals(value)
    if column.kind == b.Kind.MONEY:
        decimals = 0 if value == value.to_integral_value() else 2
    plain = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    if column.kind != b.Kind.MONEY or not column.unit:
        return plain
    return f'{plain} "{column.unit}"' if language != "en" else f'"{column.unit}" {plain}'


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(6, max(0, -exponent)) if isinstance(exponent, int) else 0


def date_code(language: str) -> str:
    """The date format: 23 Nov 2026, with the month's name in the document's language."""
    return f"[$-{LOCALES.get(language, LOCALES['en'])}]d mmm yyyy"


def _indented(at: int) -> dict[str, int]:
    """Words after the first column keep away from the figures before them."""
    return {"indent": 1} if at else {}


def _naive(day: date) -> date:
    return timezone.localtime(day).replace(tzinfo=None) if isinstance(day, datetime) else day


def _title(part: b.Table | b.Chart) -> str:
    return part.caption if isinstance(part, b.Table) else part.title


def _paragraphs(part: b.Block) -> Sequence[str]:
    if isinstance(part, b.Text):
        return part.paragraphs
    if isinstance(part, b.Bullets):
        return part.items
    return (part.text,) if isinstance(part, b.Heading | b.Note) else ()


def _kind(part: b.Block) -> str:
    if isinstance(part, b.Heading):
        return _("Heading")
    return _("Note") if isinstance(part, b.Note) else _("Text")


RENDERER = Renderer("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "1", write)
