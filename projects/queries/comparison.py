"""An update beside the one before it: by each dimension, by each cell, together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.calculation.cells import TOTAL, format_cell, marginal
from projects.calculation.values import NOT_REPORTED, Figure, Measure
from projects.queries.framework import DimensionFacts
from projects.queries.updates import UpdateDetail, cell_words, figures_by_cell


@dataclass(frozen=True)
class Compared:
    """One row: its words, the figure before and now, and their difference where both are numbers."""

    words: str
    before: Figure
    now: Figure
    is_flagged: bool = False

    @property
    def change(self) -> Decimal | None:
        """Now minus before; None where one of them is no number."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True)
class Comparison:
    """`groups` by the title of a dimension, `cells` of crossed dimensions one by one, `total` of all."""

    groups: list[tuple[str, list[Compared]]]
    cells: list[Compared]
    total: Compared


def comparison(detail: UpdateDetail) -> Comparison:
    """An update beside its partner's one before, without a further statement."""
    now = figures_by_cell(detail.update)
    before = figures_by_cell(detail.previous.update) if detail.previous else {}
    measure = Measure(detail.update.indicator.measure)
    flagged = {one["cell"] for one in detail.update.flags}
    groups = [
        (one.title, rows) for one in detail.dimensions if (rows := _by_category(one, before, now, measure, flagged))
    ]
    cells = sorted({*now, *before} - {TOTAL})
    crossed = [one for one in cells if "|" in one]
    rows = [_compared(cell, cell_words(cell, detail.dimensions), before, now, flagged) for cell in crossed]
    return Comparison(groups, rows, _compared(TOTAL, "", before, now, flagged))


def _by_category(
    dimension: DimensionFacts,
    before: Mapping[str, Figure],
    now: Mapping[str, Figure],
    measure: Measure,
    flagged: Collection[str],
) -> list[Compared]:
    was, is_now = (marginal(cells, dimension.code, measure=measure) for cells in (before, now))
    named: Sequence[tuple[str, str]] = [
        (format_cell({dimension.code: one.code}), one.title) for one in dimension.categories
    ]
    return [_compared(cell, title, was, is_now, flagged) for cell, title in named if cell in was or cell in is_now]


def _compared(
    cell: str, words: str, before: Mapping[str, Figure], now: Mapping[str, Figure], flagged: Collection[str]
) -> Compared:
    is_flagged = cell in flagged
    return Compared(words, before.get(cell, NOT_REPORTED), now.get(cell, NOT_REPORTED), is_flagged)
