"""All quality rules on one update: what is known of it, and the flags that its indicator's settings let through."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects.calculation import flags
from projects.calculation.flag_rules import RuleSetting
from projects.calculation.values import ADDITIVE, BY_PARTS, Direction, Figure, Flag, Measure


@dataclass(frozen=True)
class Observed:
    """One update and what surrounds it.

    `before` are the same partner's approved totals, oldest first; `others` those of other partners for the period (None
    where nobody looked); `files` is None where nobody counted; `elapsed` is the share of the indicator's time by the
    end of the period; `target` that of the whole life.
    """

    figures: Mapping[str, Figure]
    measure: Measure
    direction: Direction
    cumulative: bool
    exclusive: Collection[str]
    submitted_on: date
    due_on: date | None
    before: Sequence[Decimal] = ()
    others: Collection[Decimal] | None = None
    files: int | None = None
    target: Decimal | None = None
    elapsed: Decimal | None = None
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)

    def number(self, code: str, name: str) -> Decimal:
        """A number that a rule turns on."""
        return self.rules[code].numbers[name]


def flags_for(one: Observed) -> list[Flag]:
    """The flags of the rules that are on, in the order of `flag_rules.RULES`."""
    found: list[Flag | None] = [flags.late(one.submitted_on, one.due_on, grace=one.number("late", "days"))]
    total = one.figures[""].value if "" in one.figures else None
    if total is not None:
        found += _of_total(one, total)
    found += flags.breakdown_does_not_add_up(one.figures, measure=one.measure, exclusive=one.exclusive)
    found += flags.above_denominator(one.figures, measure=one.measure)
    if total is not None:
        found += _of_surroundings(one, total)
    return [flag for flag in found if flag is not None and one.rules[flag.code].is_on]


def _of_total(one: Observed, total: Decimal) -> list[Flag | None]:
    previous = one.before[-1] if one.before else None
    found: list[Flag | None] = []
    if one.cumulative:
        found.append(flags.running_total_falls(total, previous))
    elif one.measure in ADDITIVE:
        found.append(flags.outlier(total, one.before, limit=one.number("outlier", "limit")))
    found.append(flags.jump(total, previous, share=one.number("jump", "share")))
    return found


def _of_surroundings(one: Observed, total: Decimal) -> list[Flag | None]:
    found: list[Flag | None] = []
    previous = one.before[-1] if one.before else None
    if one.measure in ADDITIVE | BY_PARTS and not one.cumulative:
        found.append(flags.equal_to_last(total, previous, least=one.number("equal_to_last", "least")))
    if one.measure in ADDITIVE:
        values = one.number("zero_where_never_zero", "values")
        found.append(flags.zero_where_never_zero(total, one.before, values=values))
    if one.files is not None:
        found.append(flags.evidence_missing(one.files))
    if one.measure in ADDITIVE and one.direction == Direction.ASCENDING:
        together = flags.reached(total, one.before, cumulative=one.cumulative)
        share = one.number("target_passed_early", "share")
        found.append(flags.target_passed_early(together, one.target, one.elapsed, share=share))
    if one.measure in ADDITIVE and one.others is not None:
        found.append(flags.double(total, one.others, least=one.number("double", "least")))
    return found
