"""Writes the framework template: instructions, two sheets with drop-downs, and an example that imports as it is."""

from datetime import date
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.interop.workbook.columns import COLUMNS, RESULTS, SHEETS, TARGETS, choice_labels

DATA_ROWS = 1000
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
_INSTRUCTIONS = {"en": "Instructions", "el": "Οδηγίες"}

EXAMPLE: dict[str, tuple[dict[str, Any], ...]] = {
    RESULTS: (
        {
            "level": "outcome",
            "result_code": "1",
            "result_en": "Young people find decent work (example)",
            "result_el": "Οι νέοι βρίσκουν αξιοπρεπή εργασία (παράδειγμα)",
            "code": "1.1",
            "title_en": "People employed six months after the training",
            "title_el": "Άτομα που εργάζονται έξι μήνες μετά την κατάρτιση",
            "unit": "people",
            "measure": "count",
            "direction": "ascending",
            "cumulative": "no",
            "dimensions": "sex",
            "baseline": 0,
            "baseline_year": 2025,
            "source": "Follow-up calls",
        },
        {
            "code": "1.2",
            "title_en": "Trainees who complete the course",
            "title_el": "Καταρτιζόμενοι που ολοκληρώνουν τα μαθήματα",
            "measure": "percentage",
            "direction": "ascending",
            "cumulative": "no",
            "baseline": 12,
            "baseline_of": 40,
            "baseline_year": 2025,
        },
    ),
    TARGETS: (
        {"code": "1.1", "start": date(2026, 1, 1), "end": date(2026, 6, 30), "due": date(2026, 7, 30), "target": 60},
        {"code": "1.1", "start": date(2026, 1, 1), "end": date(2026, 6, 30), "cell": "sex: female", "target": 35},
        {"code": "1.2", "start": date(2026, 1, 1), "end": date(2026, 6, 30), "target": 45, "target_of": 60},
        {"code": "1.2", "target": 90, "target_of": 100},
    ),
}


def write_template(out: BinaryIO, *, language: str = "en") -> None:
    """Write the template in English or Greek to a binary file; the drop-downs are in that language too."""
    with override(language), xlsxwriter.Workbook(out, OPTIONS) as workbook:
        formats = {
            "head": workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "text": workbook.add_format({"num_format": "@"}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        _instructions(workbook, formats, language)
        for key in (RESULTS, TARGETS):
            _sheet(workbook, formats, key, language)
        workbook.worksheets()[1].activate()


def _instructions(workbook: Any, formats: dict[str, Any], language: str) -> None:
    sheet = workbook.add_worksheet(_INSTRUCTIONS[language])
    sheet.set_column(0, 0, 110, formats["wrap"])
    lines = (
        _("Fill in the two sheets that follow; the rows in them are an example: replace them."),
        _("One row is one indicator. Leave the result's cells empty where it is the same as in the row above."),
        _("Codes are yours: letters, digits, dots and hyphens. A code that the project has already is left as it is."),
        _("Percentages and ratios by parts have two numbers: the number and what it is out of."),
        _("“Broken down by” holds names of breakdowns, separated by commas, such as: sex, age."),
        _("Periods: one row for each indicator and period; without days it is the target of the whole life."),
        _("A target of a part is written in “Breakdown” as: sex: female; age: 18-24."),
        _("Dates are date cells or YYYY-MM-DD; numbers have no thousands signs."),
        _("Nothing is saved before you have seen the preview, and nothing at all while a row is wrong."),
    )
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line, formats["wrap"])


def _sheet(workbook: Any, formats: dict[str, Any], key: str, language: str) -> None:
    sheet = workbook.add_worksheet(SHEETS[key][language])
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(COLUMNS[key]):
        is_day, is_code = column.key in ("start", "end", "due"), column.key in ("code", "result_code")
        style = formats["day"] if is_day else formats["text"] if is_code else None
        sheet.set_column(place, place, column.width, style)
        sheet.write_string(0, place, column.heading(language), formats["head"])
        labels = choice_labels(column, language)
        if labels:
            sheet.data_validation(
                1, place, DATA_ROWS, place, {"validate": "list", "source": list(labels.values()), "ignore_blank": True}
            )
        for number, example in enumerate(EXAMPLE[key], 1):
            _cell(sheet, number, place, example.get(column.key), labels, formats)


def _cell(
    sheet: Any, number: int, place: int, value: Any, labels: dict[str, str], formats: dict[str, Any]
) -> None:  # fmt: skip
    if isinstance(value, date):
        sheet.write_datetime(number, place, value, formats["day"])
    elif isinstance(value, str):
        sheet.write_string(number, place, labels.get(value, value))
    elif value is not None:
        sheet.write_number(number, place, value)
