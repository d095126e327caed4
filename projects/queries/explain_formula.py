"""A formula explained: in words, with the numbers put in, and which of its inputs are missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kmop.shared.text import in_language
from projects.calculation.evaluation import Outcome
from projects.calculation.formula import Node, written
from projects.calculation.values import NOT_REPORTED, Figure
from projects.models import Indicator, Period
from projects.queries.figures import TOTAL, IndicatorFacts, figures_of
from projects.queries.formulas import UNREADABLE, cells_of, figure_within, periods_within, tree_of
from projects.validators import codes_in


@dataclass(frozen=True)
class ExplainInput:
    """What a formula names: the code, the indicator (None where there is none of it) and its figure."""

    code: str
    indicator: Indicator | None
    figure: Figure


@dataclass(frozen=True)
class FormulaExplained:
    """A formula with its inputs; `lacking` are the codes at the bottom for want of which there is no figure."""

    text: str
    tree: Node | None
    inputs: Sequence[ExplainInput]
    lacking: Sequence[str]
    facts: IndicatorFacts
    figure: Figure
    periods: Sequence[tuple[Period, Figure]]
    input_periods: Sequence[int]

    def written(self, say: Callable[[ExplainInput], str]) -> str:
        """The formula with each input as `say` tells it; the text as it stands where it can't be read."""
        told = {one.code: one for one in self.inputs}
        return self.text if self.tree is None else written(self.tree, lambda code: say(told[code]))

    @property
    def in_words(self) -> str:
        """The formula with the titles of the indicators, in the reader's language."""
        return self.written(lambda one: in_language(one.indicator.titles) if one.indicator else f"[{one.code}]")


def explain_formula(
    indicator: Indicator, *, day: date, period: Period | None, cell: str, as_of: date | None
) -> FormulaExplained:
    """A formula's figure of a period, or to date for no period, with its inputs. Seven statements at most."""
    codes = codes_in(indicator.formula)
    rows = {one.code: one for one in Indicator.objects.filter(project_id=indicator.project_id, code__in=codes)}
    others = [one for one in rows.values() if one.pk != indicator.pk]
    found = figures_of([indicator, *others], day=day, as_of=as_of)
    facts = found[indicator.pk]
    made = _outcome(facts, period, cell)
    inputs = [_input(code, rows.get(code), found, period, cell) for code in codes]
    begun = [one for one in facts.periods if one.period.starts_on <= day and period in (None, one.period)]
    return FormulaExplained(
        text=indicator.formula,
        tree=tree_of(indicator.formula),
        inputs=inputs,
        lacking=made.lacking,
        facts=facts,
        figure=made.figure,
        periods=[(one.period, one.actual if cell == TOTAL else one.cells.get(cell, NOT_REPORTED)) for one in begun],
        input_periods=_input_periods(facts, period, day),
    )


def _outcome(facts: IndicatorFacts, period: Period | None, cell: str) -> Outcome:
    if facts.formula is None:
        return UNREADABLE
    if period is None:
        return facts.formula.to_date() if cell == TOTAL else facts.formula.cell_to_date(cell)
    span = period.starts_on, period.ends_on
    return facts.formula.within(*span) if cell == TOTAL else facts.formula.cell_within(cell, *span)


def _input(
    code: str, row: Indicator | None, found: dict[int, IndicatorFacts], period: Period | None, cell: str
) -> ExplainInput:
    facts = found.get(row.pk) if row else None
    if facts is None:
        return ExplainInput(code, None, NOT_REPORTED)
    if facts.formula is not None:
        return ExplainInput(code, row, _outcome(facts, period, cell).figure)
    if cell != TOTAL:
        periods = facts.periods if period is None else periods_within(facts, period.starts_on, period.ends_on) or []
        return ExplainInput(code, row, cells_of(facts, periods).get(cell, NOT_REPORTED))
    told = facts.actual if period is None else figure_within(facts, period.starts_on, period.ends_on)
    return ExplainInput(code, row, told)


def _input_periods(facts: IndicatorFacts, period: Period | None, day: date) -> list[int]:
    """The periods of the reported indicators at the bottom that the figure is made of."""
    leaves: Iterable[IndicatorFacts] = facts.formula.facts.values() if facts.formula else ()
    if period is None:
        told = [one for leaf in leaves for one in leaf.periods if one.period.starts_on <= day]
    else:
        spans = [periods_within(leaf, period.starts_on, period.ends_on) or [] for leaf in leaves]
        told = [one for periods in spans for one in periods]
    return [one.period.pk for one in told]
