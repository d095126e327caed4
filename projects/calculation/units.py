"""Conversions between units of one kind: amounts times an exact fraction, and there and back is where one began.

Money is no such unit: its rates change with the day and stand on each row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from projects.calculation.values import Figure


@dataclass(frozen=True, slots=True)
class Conversion:
    """One `source` is `factor` of `target`: one km2 is 100 ha."""

    source: str
    target: str
    factor: Fraction

    @property
    def back(self) -> "Conversion":
        """The same the other way."""
        return Conversion(self.target, self.source, 1 / self.factor)


def _of(source: str, target: str, factor: str) -> Conversion:
    return Conversion(source, target, Fraction(factor))


# Definitions, not measurements: each factor is exact.
KNOWN = (
    _of("km2", "ha", "100"),
    _of("ha", "m2", "10000"),
    _of("stremma", "m2", "1000"),
    _of("acre", "m2", "4046.8564224"),
    _of("km", "m", "1000"),
    _of("mile", "m", "1609.344"),
    _of("m", "cm", "100"),
    _of("t", "kg", "1000"),
    _of("kg", "g", "1000"),
    _of("m3", "l", "1000"),
    _of("day", "h", "24"),
    _of("week", "day", "7"),
    _of("h", "min", "60"),
    _of("MWh", "kWh", "1000"),
    _of("GWh", "MWh", "1000"),
    _of("dozen", "piece", "12"),
)


def conversion(source: str, target: str, known: Iterable[Conversion] = KNOWN) -> Conversion | None:
    """The conversion from one unit to another over those known, directly or by steps; None where there is no way."""
    steps = [each for one in known for each in (one, one.back)]
    reached = {source: Fraction(1)}
    waiting = [source]
    while waiting and target not in reached:
        unit = waiting.pop(0)
        for one in steps:
            if one.source == unit and one.target not in reached:
                reached[one.target] = reached[unit] * one.factor
                waiting.append(one.target)
    return Conversion(source, target, reached[target]) if target in reached else None


def converted(amount: Decimal | Fraction, by: Conversion) -> Fraction:
    """The same amount in the other unit, exact."""
    return Fraction(amount) * by.factor


def in_other_unit(one: Figure, by: Conversion) -> Figure:
    """A figure in the other unit: its number over an exact denominator, so that nothing is rounded; other states stay.

    Only for figures of amounts and counts, whose denominators are those of averages.
    """
    if one.numerator is None or not one.is_reported:
        return one
    top = one.numerator * by.factor.numerator
    bottom = (1 if one.denominator is None else one.denominator) * by.factor.denominator
    return Figure(one.state, top, None if bottom == 1 else Decimal(bottom), one.text, one.per)
