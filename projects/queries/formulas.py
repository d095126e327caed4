"""Figures of formulas, computed on reading from the facts of the indicators at their bottom.

Only `with_inputs` and `inputs_known` ask the database.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from kmop.shared.text import fold, in_language
from projects.calculation.evaluation import PER_CENT, Outcome, evaluate, leaves_of
from projects.calculation.formula import FormulaFault, Node, codes_of, parse
from projects.calculation.periods import PeriodFigures, actual_to_date, composed
from projects.calculation.values import NOT_REPORTED, AcrossTime, Figure, Measure, Reason, ValueState
from projects.models import Indicator, Project
from projects.validators import Input

if TYPE_CHECKING:
    from projects.queries.figures import IndicatorFacts, Missing, PeriodFacts

UNREADABLE = Outcome(Figure(ValueState.NOT_APPLICABLE, reason=Reason.METHOD))
NO_SUCH_PERIODS = Figure(ValueState.NOT_REPORTED, reason=Reason.PERIODS)
HEAVY = ("definitions", "source", "search_text", "created_at", "updated_at")
_Key = tuple[int, str]


@lru_cache(maxsize=2000)
def tree_of(text: str) -> Node | None:
    """The tree of a formula; None for a text that can't be read (which saving refuses)."""
    try:
        return parse(text)
    except FormulaFault:
        return None


def is_formula(indicator: Indicator) -> bool:
    """Whether it is computed from others."""
    return indicator.measure == Measure.FORMULA


# ---------------------------------------------------------------- which indicators are needed
def with_inputs(indicators: Sequence[Indicator]) -> dict[int, Indicator]:
    """These indicators and those that their formulas stand on, by id.

    One statement where inputs are not among those given, none else.
    """
    given = {one.pk: one for one in indicators}
    by_code = {(one.project_id, one.code): one for one in indicators}
    if _is_whole(by_code):
        return given
    projects = {one.project_id for one in indicators if is_formula(one)}
    for one in Indicator.objects.filter(project_id__in=projects).exclude(pk__in=given).defer(*HEAVY):
        by_code[one.project_id, one.code] = one
    return {**given, **{one.pk: one for one in _reached(indicators, by_code)}}


def _is_whole(by_code: Mapping[_Key, Indicator]) -> bool:
    return all(key in by_code for one in by_code.values() for key in _inputs(one))


def _inputs(one: Indicator) -> list[_Key]:
    tree = tree_of(one.formula) if is_formula(one) else None
    return [(one.project_id, code) for code in codes_of(tree)] if tree else []


def _reached(indicators: Sequence[Indicator], by_code: Mapping[_Key, Indicator]) -> list[Indicator]:
    found: dict[int, Indicator] = {}
    waiting = list(indicators)
    while waiting:
        one = waiting.pop()
        if one.pk not in found:
            found[one.pk] = one
            waiting += [by_code[key] for key in _inputs(one) if key in by_code]
    return list(found.values())


# ---------------------------------------------------------------- the figures of one formula
@dataclass(frozen=True)
class FormulaFigures:
    """A formula with the facts of the indicators at its bottom, by code, and the formulas between.

    `inputs` are the codes that the formula itself names; `leaves` those at the bottom, `facts` those that there are.
    """

    tree: Node
    formulas: Mapping[str, Node]
    leaves: tuple[str, ...]
    facts: Mapping[str, "IndicatorFacts"]

    @property
    def inputs(self) -> list[str]:
        """The codes that the formula itself names."""
        return codes_of(self.tree)

    def of(self, say: Callable[["IndicatorFacts"], Figure]) -> Outcome:
        """The figure from what `say` tells of each indicator at the bottom."""
        return evaluate(self.tree, {code: say(one) for code, one in self.facts.items()}, self.formulas)

    def to_date(self) -> Outcome:
        """From the whole lives of the inputs."""
        return self.of(lambda one: one.actual)

    def within(self, start: date, end: date) -> Outcome:
        """From the inputs' figures of exactly these days."""
        return self.of(lambda one: figure_within(one, start, end))

    def until(self, day: date) -> Outcome:
        """From the inputs' figures up to the end of `day`."""
        return self.of(lambda one: figure_until(one, day))

    def cells_within(self, start: date, end: date) -> dict[str, Figure]:
        """The figures of the cells that every input has for these days."""
        return self._cells({code: _cells_within(one, start, end) for code, one in self.facts.items()})

    def cells_to_date(self) -> dict[str, Figure]:
        """The figures of the cells that every input has, over the whole life."""
        return self._cells({code: cells_of(one, one.periods) for code, one in self.facts.items()})

    def cell_within(self, cell: str, start: date, end: date) -> Outcome:
        """The figure of one cell for these days, not reported where an input lacks it."""
        return self.of(lambda one: _cells_within(one, start, end).get(cell, NOT_REPORTED))

    def cell_to_date(self, cell: str) -> Outcome:
        """The figure of one cell over the whole life, not reported where an input lacks it."""
        return self.of(lambda one: cells_of(one, one.periods).get(cell, NOT_REPORTED))

    def _cells(self, told: Mapping[str, Mapping[str, Figure]]) -> dict[str, Figure]:
        if not self.leaves or set(told) != set(self.leaves):
            return {}
        shared = set.intersection(*(set(cells) for cells in told.values()))
        return {
            cell: evaluate(self.tree, {code: cells[cell] for code, cells in told.items()}, self.formulas).figure
            for cell in sorted(shared)
        }

    def missing_within(self, start: date, end: date) -> list["Missing"]:
        """What partners owe of the inputs for these days; of a running total only its last period."""
        found = [_missing(one, periods_within(one, start, end) or []) for one in self.facts.values()]
        return [each for missing in found for each in missing]

    def missing_until(self, day: date) -> int:
        """How many figures partners owe of what `until` is made of."""
        ended = [(one, [each for each in one.periods if each.period.ends_on <= day]) for one in self.facts.values()]
        return sum(len(_missing(one, periods)) for one, periods in ended)


def formulas_of(indicators: Iterable[Indicator], facts: Mapping[_Key, "IndicatorFacts"]) -> dict[int, FormulaFigures]:
    """The formulas among indicators, by id, with what they stand on; those that can't be read or run in a circle not.

    `facts` are those of the indicators that are reported, by project and code.
    """
    rows = [one for one in indicators if is_formula(one)]
    trees: dict[int, dict[str, Node]] = {}
    for one in rows:
        tree = tree_of(one.formula)
        if tree is not None:
            trees.setdefault(one.project_id, {})[one.code] = tree
    found = {}
    for one in rows:
        known = trees.get(one.project_id, {})
        leaves = leaves_of(known[one.code], known) if one.code in known else None
        if leaves is not None:
            told = {code: facts[one.project_id, code] for code in leaves if (one.project_id, code) in facts}
            found[one.pk] = FormulaFigures(known[one.code], known, tuple(leaves), told)
    return found


# ---------------------------------------------------------------- an input's figures
def combined(facts: "IndicatorFacts", told: Sequence[tuple["PeriodFacts", Figure]]) -> Figure:
    """Figures of periods combined across time by the indicator's own method."""
    indicator = facts.indicator
    return actual_to_date(
        [PeriodFigures(one.period.ends_on, value, start=one.period.starts_on) for one, value in told],
        AcrossTime(indicator.across_time),
        cumulative=indicator.is_cumulative,
        measure=Measure(indicator.measure),
    )


def figure_within(facts: "IndicatorFacts", start: date, end: date) -> Figure:
    """The figure of exactly these days; not reported with the reason PERIODS where its periods don't make them."""
    periods = periods_within(facts, start, end)
    if periods is None:
        return NO_SUCH_PERIODS
    return combined(facts, [(one, one.actual) for one in periods])


def figure_until(facts: "IndicatorFacts", day: date) -> Figure:
    """The figure up to the end of a day; not reported with the reason PERIODS where that cuts through a period."""
    spans = [(one.period.starts_on, one.period.ends_on) for one in facts.periods]
    if any(start <= day < end and composed(spans, start, day) is None for start, end in spans):
        return NO_SUCH_PERIODS
    return combined(facts, [(one, one.actual) for one in facts.periods if one.period.ends_on <= day])


def cells_of(facts: "IndicatorFacts", periods: Sequence["PeriodFacts"]) -> dict[str, Figure]:
    """Each cell of these periods combined across time by the indicator's own method."""
    cells = sorted({cell for one in periods for cell in one.cells})
    return {cell: combined(facts, [(one, one.cells[cell]) for one in periods if cell in one.cells]) for cell in cells}


def periods_within(facts: "IndicatorFacts", start: date, end: date) -> list["PeriodFacts"] | None:
    """The fewest of its periods that make exactly these days; None where they don't."""
    by_span = {(one.period.starts_on, one.period.ends_on): one for one in facts.periods}
    spans = composed(list(by_span), start, end)
    return None if spans is None else [by_span[span] for span in spans]


def _cells_within(facts: "IndicatorFacts", start: date, end: date) -> dict[str, Figure]:
    return cells_of(facts, periods_within(facts, start, end) or [])


def _missing(facts: "IndicatorFacts", periods: Sequence["PeriodFacts"]) -> list["Missing"]:
    is_last_only = facts.indicator.is_cumulative or facts.indicator.across_time == AcrossTime.LATEST
    return [each for one in (periods[-1:] if is_last_only else periods) for each in one.missing]


# ---------------------------------------------------------------- what formulas may name
def inputs_known(project: Project, rows: Iterable[Indicator] = ()) -> dict[str, Input]:
    """The indicators of a project by code, with `rows` that are to be or to change in their place. One statement."""
    there = Indicator.objects.filter(project=project).only("code", "measure", "units", "formula", "project_id")
    words: dict[str, str] = {}
    return {one.code: Input(_unit(one, words), one.formula) for one in [*there.order_by("order", "pk"), *rows]}


def _unit(one: Indicator, words: dict[str, str]) -> str:
    """The unit in English, written as it was first; percentages have their own."""
    if one.measure == Measure.PERCENTAGE:
        return PER_CENT
    said = in_language(one.units, "en").strip()
    return words.setdefault(fold(said), said)
