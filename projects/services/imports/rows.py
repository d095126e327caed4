"""What a framework workbook says, row by row, whatever the file was: the input of `import_framework`.

Every row knows where it stood (`Spot`), so that a problem found later is told by sheet, row and column.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a workbook: the sheet's name, the row from 1, the column's heading ("" for the whole row)."""

    sheet: str
    row: int = 0
    column: str = ""

    def at(self, column: str) -> "Spot":
        """Another column of the same row."""
        return Spot(self.sheet, self.row, column)


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """Something wrong in a workbook; a warning is told and what it is about is kept."""

    spot: Spot
    code: str
    detail: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result: `level` is impact, outcome or output; texts by language."""

    spot: Spot
    code: str
    level: str
    titles: dict[str, str]
    assumptions: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator of the result named by code; methods are "" where the measure's own are meant."""

    spot: Spot
    result_code: str
    code: str
    titles: dict[str, str]
    measure: str
    direction: str
    definition: str = ""
    unit: str = ""
    is_cumulative: bool = False
    across_partners: str = ""
    across_time: str = ""
    dimensions: tuple[str, ...] = ()
    source: str = ""
    baseline: Decimal | None = None
    baseline_denominator: Decimal | None = None
    baseline_year: int | None = None
    formula: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A period of an indicator, with or without a target; without days it is the target of the whole life.

    `pairs` are (dimension, category) names; none is the total.
    """

    spot: Spot
    indicator_code: str
    start: date | None = None
    end: date | None = None
    due: date | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""

    @property
    def has_target(self) -> bool:
        """Whether the row says anything to aim at."""
        return self.numerator is not None or bool(self.text)


@dataclass(slots=True)
class FrameworkRows:
    """A whole workbook as it was understood, and what could not be understood."""

    results: list[ResultRow] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)
