"""What a formula gives: its figure from the figures of indicators, exact to the end, and its unit from their units."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import TypeAlias

from projects.calculation.formula import Call, Name, Negative, Node, Number, Operation, codes_of, parts_of
from projects.calculation.validate import LARGEST
from projects.calculation.values import NOT_REPORTED, SUPPRESSED, Figure, Reason, ValueState

PER_CENT = "%"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figure of a formula, and the codes of the indicators that keep it from being a number."""

    figure: Figure
    lacking: tuple[str, ...] = ()


NOTHING = Outcome(NOT_REPORTED)


# ---------------------------------------------------------------- figures
def evaluate(tree: Node, figures: Mapping[str, Figure], formulas: Mapping[str, Node] | None = None) -> Outcome:
    """The figure of a formula from the figures of indicators by code; `formulas` are those that it may stand on.

    A formula that is named is computed from its own inputs, so that nothing is rounded on the way. Suppressed where an
    input is; else not reported where one is not, or has no figure (INPUT, or PERIODS where an input says so); else not
    applicable where one is, or has no number (INPUT), where something is divided by 0 (DIVIDED_BY_ZERO), where the
    result lies beyond what can be kept (TOO_LARGE), or where formulas name each other in a circle (CIRCLE).
    """
    order = _Order(formulas or {})
    if not order.look(tree):
        return _without(Reason.CIRCLE)
    hindered = _hindered({code: figures.get(code, NOT_REPORTED) for code in order.leaves})
    if hindered is not None:
        return hindered
    values = {code: exact(figures[code]) for code in order.leaves}
    try:
        for code in order.formulas:
            values[code] = _value(order.known[code], values)
        value = _value(tree, values)
    except ZeroDivisionError:
        return _without(Reason.DIVIDED_BY_ZERO)
    if abs(value) > LARGEST:
        return _without(Reason.TOO_LARGE)
    return Outcome(Figure(ValueState.REPORTED, Decimal(value.numerator) / Decimal(value.denominator)))


def exact(one: Figure) -> Fraction:
    """The number of a reported figure, before any division is rounded."""
    whole = Fraction(one.numerator or 0)
    return whole if one.denominator is None else whole * one.per / Fraction(one.denominator)


def _without(reason: Reason, lacking: tuple[str, ...] = ()) -> Outcome:
    return Outcome(Figure(ValueState.NOT_APPLICABLE, reason=reason), lacking)


class _Order:
    """What a formula stands on: `leaves`, the indicators at the bottom, and `formulas` in the order of computing."""

    def __init__(self, known: Mapping[str, Node]) -> None:
        self.known = known
        self.leaves: dict[str, None] = {}
        self.formulas: dict[str, None] = {}
        self._begun: set[str] = set()

    def look(self, tree: Node) -> bool:
        """Note what the tree names, the lowest first; False where formulas run in a circle."""
        return all(self._note(code) for code in codes_of(tree))

    def _note(self, code: str) -> bool:
        if code not in self.known:
            self.leaves[code] = None
        elif code not in self.formulas:
            if code in self._begun:
                return False
            self._begun.add(code)
            if not self.look(self.known[code]):
                return False
            self.formulas[code] = None
        return True


def _hindered(told: Mapping[str, Figure]) -> Outcome | None:
    def those(*states: ValueState) -> tuple[str, ...]:
        return tuple(code for code, one in told.items() if one.state in states)

    if hidden := those(ValueState.SUPPRESSED):
        return Outcome(SUPPRESSED, hidden)
    if silent := those(ValueState.NOT_REPORTED):
        reasons = {told[code].reason for code in silent}
        reason = Reason.PERIODS if Reason.PERIODS in reasons else Reason.INPUT
        return Outcome(Figure(ValueState.NOT_REPORTED, reason=reason), silent)
    empty = tuple(code for code, one in told.items() if one.value is None)
    return _without(Reason.INPUT, empty) if empty else None


def _value(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    """The value of a node. Raises ZeroDivisionError."""
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return values[node.code]
    parts = [_value(one, values) for one in parts_of(node)]
    if isinstance(node, Negative):
        return -parts[0]
    return _OPERATIONS[node.sign](*parts) if isinstance(node, Operation) else _called(node, parts)


_OPERATIONS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


def _called(node: Call, parts: list[Fraction]) -> Fraction:
    if node.function == "round":
        return rounded(parts[0], node.places)
    if node.function == "sum":
        return sum(parts, Fraction(0))
    return min(parts) if node.function == "min" else max(parts)


def rounded(value: Fraction, places: int) -> Fraction:
    """A number with so many decimals, half away from zero, as figures are rounded where they are shown."""
    steps: int = 10**places
    nearest = floor(abs(value) * steps + Fraction(1, 2))
    return Fraction(nearest if value >= 0 else -nearest, steps)


def leaves_of(tree: Node, formulas: Mapping[str, Node]) -> list[str] | None:
    """The codes of the indicators at the bottom of a formula; None where formulas run in a circle."""
    order = _Order(formulas)
    return list(order.leaves) if order.look(tree) else None


# ---------------------------------------------------------------- units
Powers: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """Units with their powers, sorted; `fits_all` is a plain number or an indicator of no declared unit."""

    powers: Powers = ()
    fits_all: bool = False
    is_plain: bool = False

    def __str__(self) -> str:
        over = [_power(name, power) for name, power in self.powers if power > 0]
        under = [_power(name, -power) for name, power in self.powers if power < 0]
        if not under:
            return " * ".join(over)
        return " / ".join([" * ".join(over) or "1", *under])


@dataclass(frozen=True, slots=True)
class UnitFault:
    """Two units that are added or compared and differ: their words, and where (a position from 1)."""

    left: str
    right: str
    at: int


@dataclass(slots=True)
class _Told:
    faults: list[UnitFault] = field(default_factory=list)


_PLAIN = Unit(fits_all=True, is_plain=True)
_UNDECLARED = Unit(fits_all=True)


def unit_of(tree: Node, units: Mapping[str, str]) -> tuple[Unit, list[UnitFault]]:
    """The unit of a formula from those of indicators by code ("" is undeclared), and the parts that don't fit.

    What is added, subtracted or compared must have one unit; times and divided by combine units. A plain number has
    none and fits everywhere; per cent counts as no unit where it is a factor.
    """
    told = _Told()
    return _unit(tree, units, told), told.faults


def _unit(node: Node, units: Mapping[str, str], told: _Told) -> Unit:
    if isinstance(node, Number):
        return _PLAIN
    if isinstance(node, Name):
        return Unit(((units[node.code], 1),)) if units.get(node.code) else _UNDECLARED
    parts = [_unit(one, units, told) for one in parts_of(node)]
    if isinstance(node, Operation) and node.sign in "*/":
        return _combined(parts[0], parts[1], 1 if node.sign == "*" else -1)
    return _same(parts, getattr(node, "at", 0), told)


def _same(parts: list[Unit], at: int, told: _Told) -> Unit:
    declared = [one for one in parts if not one.fits_all]
    for one in declared[1:]:
        if one.powers != declared[0].powers:
            told.faults.append(UnitFault(str(declared[0]), str(one), at))
            return _UNDECLARED
    if declared:
        return declared[0]
    return _PLAIN if all(one.is_plain for one in parts) else _UNDECLARED


def _combined(left: Unit, right: Unit, sign: int) -> Unit:
    if left.is_plain and right.is_plain:
        return _PLAIN
    if any(one.fits_all and not one.is_plain for one in (left, right)):
        return _UNDECLARED
    if right.is_plain:
        return left
    powers: dict[str, int] = {}
    for name, power in _factors(left, right, sign):
        powers[name] = powers.get(name, 0) + power
    return Unit(tuple(sorted((name, power) for name, power in powers.items() if power)))


def _factors(left: Unit, right: Unit, sign: int) -> Iterator[tuple[str, int]]:
    for unit, times in ((left, 1), (right, sign)):
        for name, power in unit.powers:
            if name != PER_CENT:
                yield name, power * times


def _power(name: str, power: int) -> str:
    return name if power == 1 else f"{name}^{power}"
