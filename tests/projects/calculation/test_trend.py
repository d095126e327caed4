"""What came each period, and shares."""

from decimal import Decimal

import pytest

from projects.calculation.trend import came, share_of

D = Decimal


@pytest.mark.parametrize(
    "values, cumulative, expected",
    [
        ([D(3), None, D(5)], False, [D(3), None, D(5)]),
        ([D(3), None, D(5)], True, [D(3), None, D(2)]),
        ([None, D(4), D(4)], True, [None, D(4), D(0)]),
        ([], True, []),
    ],
)
def test_came(values: list[Decimal | None], cumulative: bool, expected: list[Decimal | None]) -> None:
    assert came(values, cumulative=cumulative) == expected


def test_share_of() -> None:
    assert [share_of(D(1), D(4)), share_of(None, D(4)), share_of(D(1), D(0)), share_of(D(1), None)] == [
        D("0.25"),
        *[None] * 3,
    ]
