"""One row of a sheet, cell by cell, with what can't be understood told by row and column."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from projects.interop.workbook.columns import Column, choice_of
from projects.services.imports.rows import SheetProblem, Spot
from projects.services.imports.texts import code_of

_GROUPS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")
_DAY_TEXT = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
DECIMALS = 6


class Row:
    """One row under its headings; `number` is the row's number in the sheet, from 1."""

    def __init__(
        self, sheet: str, number: int, columns: dict[str, tuple[Column, str]], cells: dict[str, Any],
        problems: list[SheetProblem],
    ) -> None:  # fmt: skip
        self.spot = Spot(sheet, number)
        self._columns, self._cells, self._problems = columns, cells, problems

    @property
    def is_empty(self) -> bool:
        """Whether no cell says anything."""
        return not any(_text(value) for value in self._cells.values())

    def tell(self, key: str, code: str, detail: str, *, is_warning: bool = False) -> None:
        """A problem of one cell, by the heading that stands in the sheet."""
        self._problems.append(SheetProblem(self.at(key), code, detail, is_warning))

    def at(self, key: str) -> Spot:
        """The place of a cell of this row."""
        return self.spot.at(self._columns[key][1] if key in self._columns else key)

    def text(self, key: str) -> str:
        """The cell as text, blanks at its ends and `_x000D_` remains taken away; "" where it is empty or absent."""
        return _text(self._cells.get(key))

    def number(self, key: str) -> Decimal | None:
        """The cell as a number of at most six decimals; None where it is empty or not one (told)."""
        value = self._cells.get(key)
        if not _text(value):
            return None
        found = _number(value)
        if found is None:
            self.tell(key, "not-a-number", _not_a_number(_text(value)))
        return found

    def day(self, key: str) -> date | None:
        """The cell as a day; None where it is empty or not one (told)."""
        value = self._cells.get(key)
        if not _text(value):
            return None
        found = _day(value)
        if found is None:
            detail = _("“%(text)s” is not a date: use a date cell, or YYYY-MM-DD.") % {"text": _text(value)[:80]}
            self.tell(key, "not-a-date", detail)
        return found

    def choice(self, key: str, otherwise: str) -> str:
        """The value that a word of either language means; `otherwise` where the cell is empty or unknown (told)."""
        text = self.text(key)
        if not text:
            return otherwise
        known = choice_of(self._columns[key][0])
        found = known.get(code_of(text))
        if found is None:
            allowed = ", ".join(dict.fromkeys(known.values()))
            detail = _("“%(text)s” is not among the choices: %(allowed)s.") % {"text": text[:80], "allowed": allowed}
            self.tell(key, "unknown-choice", detail)
            return otherwise
        return found


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).replace("_x000D_", "").replace("\xa0", " ").strip()


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool | date):
        return None
    text = _text(value)
    if not isinstance(value, float | int) and (_GROUPS.fullmatch(text) or "," in text):
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return round(found, DECIMALS) if found.is_finite() else None


def _not_a_number(text: str) -> str:
    if re.fullmatch(r"[+-]?[\d.,]+", text):
        return _("“%(text)s” can be read in two ways: write the number without thousands signs, as 1234.5.") % {
            "text": text[:80]
        }
    return _("“%(text)s” is not a number.") % {"text": text[:80]}


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    match = _DAY_TEXT.fullmatch(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    except ValueError:
        return None
