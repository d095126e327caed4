"""Figures with what is submitted: the very ways in which approved ones are combined."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from projects.calculation.values import AcrossPartners, AcrossTime, Measure, RawValue, ValueState
from projects.calculation.would_be import Method, Span, would_be

SPANS = [Span(1, date(2026, 1, 1), date(2026, 1, 31)), Span(2, date(2026, 2, 1), date(2026, 2, 28))]
LATER = Span(3, date(2026, 3, 1), date(2026, 3, 31))


def said(update: int, month: int, number: int, *, partner: str = "a") -> tuple[int, RawValue]:
    end = SPANS[month - 1].end
    moment = datetime(2026, month, 20, tzinfo=UTC)
    return month, RawValue(partner, None, update, end, moment, update, "", ValueState.REPORTED, D(number))


@pytest.mark.parametrize(
    "cumulative, values, by_period, to_date",
    [
        (False, [said(1, 1, 10), said(2, 1, 5, partner="b"), said(3, 2, 7)], [15, 7], 22),
        (True, [said(1, 1, 10), said(2, 1, 5, partner="b"), said(3, 2, 12)], [15, 17], 17),
        (False, [], [None, None], None),
    ],
)
def test_values_are_combined_as_approved_ones_are(
    cumulative: bool, values: list[tuple[int, RawValue]], by_period: list[int | None], to_date: int | None
) -> None:
    method = Method(AcrossPartners.SUM, AcrossTime.SUM, cumulative, Measure.COUNT)
    found, figure = would_be(values, [*SPANS, LATER], method, day=date(2026, 2, 15))
    assert [one.value for one in found.values()] == by_period
    assert list(found) == [1, 2]
    assert figure.value == to_date
