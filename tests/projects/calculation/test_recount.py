"""The second road to the totals: what it makes of a value, and that it agrees with the arithmetic of the figures."""

import ast
import inspect
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calculation import recount as second
from projects.calculation.combine import components_by_cell, latest_by_key
from projects.calculation.recount import Row, Said, recount
from projects.calculation.values import RawValue, ValueState

D = Decimal
PERIODS = [(number, date(2026, number, 28)) for number in (1, 2, 3)]
NOBODY = (D(0), None, 0, None, None, None, None)


def said(
    top: Any, bottom: Any = None, *, number: int = 1, month: int = 1, partner: int = 1, state: str = "", cell: str = ""
) -> Said:
    """A value of an update; without number "not reported"."""
    told = state or ("not_reported" if top is None else "reported")
    tops = (None if one is None else D(one) for one in (top, bottom))
    moment = datetime(2026, month, 28, tzinfo=UTC)
    return Said(number, month, date(2026, month, 28), moment, partner, None, cell, told, *tops)


@pytest.mark.parametrize(
    "values, row",
    [
        ([said(10), said(25, number=2)], (D(35), None, 2, D(10), D(25), D(25), None)),
        ([said(0)], (D(0), None, 1, D(0), D(0), D(0), None)),
        ([said(80, 200), said(40, 100, number=2)], (D(120), D(300), 2, D(40), D(80), D(40), D(100))),
        ([said(80, 200), said(41, number=2)], (D(121), None, 2, D(41), D(80), D(41), None)),
        ([said(80, 200), said(0, 0, number=2)], (D(80), D(200), 1, D(80), D(80), D(80), D(200))),
        ([said(0, 0)], (D(0), D(0), 0, None, None, None, None)),
        ([said(None, state="not_applicable")], NOBODY),
        ([said(10), said(None, number=2)], (D(10), None, 1, D(10), D(10), D(10), None)),
        ([said(3, number=7), said(4, number=2)], (D(7), None, 2, D(3), D(4), D(3), None)),
        ([said(None)], None),
        ([said(9, state="suppressed")], None),
        ([said(5, 0)], None),
        ([], None),
    ],
)
def test_one_period(values: list[Said], row: Row | None) -> None:
    made = recount(PERIODS[:1], values, cumulative=False)
    assert made == {1: {} if row is None else {"": row}}


def test_running_totals_are_replayed_in_time() -> None:
    values = [
        said(12, number=3, month=2),
        said(10, number=1),
        said(7, number=2, partner=2, cell="sex:f"),
        said(None, number=4, month=3),
    ]
    assert recount(PERIODS, values, cumulative=True) == {
        1: {"": (D(10), None, 1, D(10), D(10), D(10), None), "sex:f": (D(7), None, 1, D(7), D(7), D(7), None)},
        2: {"": (D(12), None, 1, D(12), D(12), D(12), None), "sex:f": (D(7), None, 1, D(7), D(7), D(7), None)},
        3: {"": (D(12), None, 1, D(12), D(12), D(12), None), "sex:f": (D(7), None, 1, D(7), D(7), D(7), None)},
    }


numbers = st.none() | st.integers(-3, 9)
updates = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),
        st.sampled_from([1, 2]),
        st.dictionaries(
            st.sampled_from(["", "sex:f"]),
            st.tuples(st.sampled_from([one.value for one in ValueState]), numbers, st.none() | st.integers(0, 4)),
            min_size=1,
        ),
    ),
    max_size=8,
)


@given(updates, st.booleans())
def test_it_agrees_with_the_arithmetic_of_the_figures(given_updates: list[Any], cumulative: bool) -> None:
    values = [
        said(top, bottom, number=number, month=month, partner=partner, state=state, cell=cell)
        for number, (month, partner, cells) in enumerate(given_updates, start=1)
        for cell, (state, top, bottom) in cells.items()
    ]
    made = recount(PERIODS, reversed(values), cumulative=cumulative)
    for period, ends_on in PERIODS:
        chosen = [_raw(one) for one in values if (one.ends_on <= ends_on if cumulative else one.period == period)]
        expected = components_by_cell(latest_by_key(chosen) if cumulative else chosen)
        assert made[period] == {cell: _row(one) for cell, one in expected.items()}


def _raw(one: Said) -> RawValue:
    key = (one.partner, one.place, one.update, one.ends_on, one.moment, one.update, one.cell)
    return RawValue(*key, ValueState(one.state), one.top, one.bottom)


def _row(one: Any) -> Row:
    names = ("numerator", "denominator", "count", "minimum", "maximum", "latest", "latest_denominator")
    return tuple(getattr(one, name) for name in names)


def test_it_shares_nothing_with_the_rest_of_the_house() -> None:
    tree = ast.parse(inspect.getsource(second))
    names = {one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    assert names == {"collections.abc", "datetime", "decimal", "typing"}
