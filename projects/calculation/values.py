"""The words of the arithmetic: what is measured, how it is combined, and what a figure is."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Measure(StrEnum):
    """What kind of number an indicator asks for."""

    COUNT = "count"
    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    RATIO = "ratio"
    SCALE = "scale"
    YES_NO = "yes_no"
    QUALITATIVE = "qualitative"
    FORMULA = "formula"


BY_PARTS = frozenset({Measure.PERCENTAGE, Measure.RATIO})
ADDITIVE = frozenset({Measure.COUNT, Measure.AMOUNT})


class Direction(StrEnum):
    """Whether more is better (ascending) or less is (descending)."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


class AcrossPartners(StrEnum):
    """How the values of several partners and places become the figure of one period."""

    SUM = "sum"
    AVERAGE = "average"
    WEIGHTED_RATIO = "weighted_ratio"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    LATEST = "latest"
    NONE = "none"


class AcrossTime(StrEnum):
    """How the figures of several periods become one figure."""

    SUM = "sum"
    AVERAGE = "average"
    LATEST = "latest"
    MAXIMUM = "maximum"
    WEIGHTED_RATIO = "weighted_ratio"
    NONE = "none"


class ValueState(StrEnum):
    """A number (0 is "reported zero") or one of the three ways to have none; never mixed."""

    REPORTED = "reported"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


class Reason(StrEnum):
    """Why a figure or a progress is not applicable, or a formula not reported; empty where nothing needs to be said."""

    UNSAID = ""
    NOBODY_TO_COUNT = "nobody_to_count"
    NO_PARTS = "no_parts"
    APART = "apart"
    METHOD = "method"
    NO_TARGET = "no_target"
    NO_BASELINE = "no_baseline"
    TARGET_IS_BASELINE = "target_is_baseline"
    INPUT = "input"
    DIVIDED_BY_ZERO = "divided_by_zero"
    TOO_LARGE = "too_large"
    PERIODS = "periods"
    CIRCLE = "circle"


@dataclass(frozen=True, slots=True)
class Components:
    """What one stored total holds: one indicator, period and cell over all partners and places.

    `count` is the number of updates with a reported number. `numerator` is the sum of their numerators and is None
    where nobody answered; a "not applicable" answer (0 of 0 too) adds 0 to it and nothing to `count`, so `count == 0`
    with a numerator says "answered, nobody to count". `denominator` is the sum of the denominators, and None as soon
    as one reported number came without one. `latest` and `latest_denominator` are the parts of the newest number.
    """

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    count: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    latest: Decimal | None = None
    latest_denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its state. Parts travel to the last moment; `per` is 100 for percentages by parts, else 1."""

    state: ValueState
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    per: int = 1
    reason: Reason = Reason.UNSAID

    @property
    def value(self) -> Decimal | None:
        """The unrounded number (percent points for a percentage), or None unless the figure is reported."""
        if self.state != ValueState.REPORTED or self.numerator is None:
            return None
        if self.denominator is None:
            return self.numerator
        return self.numerator * self.per / self.denominator

    @property
    def is_reported(self) -> bool:
        """Whether there is a number (or, for a qualitative answer, a text)."""
        return self.state == ValueState.REPORTED


NOT_REPORTED = Figure(ValueState.NOT_REPORTED)
NOT_APPLICABLE = Figure(ValueState.NOT_APPLICABLE)
SUPPRESSED = Figure(ValueState.SUPPRESSED)
NOBODY_TO_COUNT = Figure(ValueState.NOT_APPLICABLE, reason=Reason.NOBODY_TO_COUNT)


def figure(measure: Measure, numerator: Decimal | None, denominator: Decimal | None = None, text: str = "") -> Figure:
    """The figure of one plain value: an update's, a baseline's or a target's.

    No number and no text is "not reported"; 0 of 0 is "nobody to count". Raises ValueError for a numerator over 0,
    which entry refuses. Denominators of measures without parts are left out.
    """
    if numerator is None:
        return Figure(ValueState.REPORTED, text=text) if text else NOT_REPORTED
    if measure not in BY_PARTS or denominator is None:
        return Figure(ValueState.REPORTED, numerator, text=text)
    if denominator == 0:
        if numerator != 0:
            raise ValueError("a numerator over a denominator of 0")
        return NOBODY_TO_COUNT
    per = 100 if measure == Measure.PERCENTAGE else 1
    return Figure(ValueState.REPORTED, numerator, denominator, text, per)


@dataclass(frozen=True, slots=True)
class RawValue:
    """One value of one approved update, as it was entered: the input of the recomputation in Python.

    `partner`, `place` and `update` are keys of any kind (a place of None is "no place"). Newest is decided by
    `period_end`, then `moment` (submitted, or else created), then `tie` (the update's key as a whole number).
    """

    partner: Hashable
    place: Hashable
    update: Hashable
    period_end: date
    moment: datetime
    tie: int
    cell: str
    state: ValueState
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A quality remark on a value: a code, the numbers its sentence needs, and the cell ("" is the total)."""

    code: str
    params: Mapping[str, Decimal | int | str]
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to refuse a value: a code, the numbers its sentence needs, and the cell ("" is the total)."""

    code: str
    params: Mapping[str, Decimal | int | str]
    cell: str = ""
