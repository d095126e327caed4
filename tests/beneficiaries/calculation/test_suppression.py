import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.calculation.suppression import hidden_cells

SEX_BY_AGE = {
    "": 100,
    "sex:f": 60,
    "sex:m": 40,
    "age:a": 50,
    "age:b": 50,
    "age:a|sex:f": 40,
    "age:b|sex:f": 20,
    "age:a|sex:m": 10,
    "age:b|sex:m": 30,
}


@pytest.mark.parametrize(
    "cells, hidden",
    [
        ({}, set()),
        ({"": 0}, set()),
        ({"": 5}, set()),
        ({"": 4}, {""}),
        ({"": 20, "sex:f": 12, "sex:m": 8}, set()),
        ({"": 20, "sex:f": 17, "sex:m": 3}, {"sex:f", "sex:m"}),
        ({"": 30, "sex:f": 17, "sex:m": 10, "sex:x": 3}, {"sex:m", "sex:x"}),
        ({"": 14, "sex:f": 10, "sex:m": 2, "sex:x": 2}, {"sex:f", "sex:m", "sex:x"}),
        ({"": 17, "sex:f": 10, "sex:m": 4, "sex:x": 3}, {"sex:m", "sex:x"}),
        ({"": 20, "sex:f": 20, "sex:m": 0}, set()),
        ({"": 3, "sex:f": 3, "sex:m": 0}, {"", "sex:f"}),
        ({"": 20, "sex:f": 10, "sex:m": 3}, {"sex:m"}),
        ({"": 14, "sex:f": 10, "sex:m": 3}, {"sex:f", "sex:m"}),
        ({"": 10, "service:x": 10, "service:y": 3}, {"service:y"}),
        ({"": 5, "sex:f": 4, "sex:m": 0}, {"sex:f"}),
        ({"": 3, "sex:m": 0}, {""}),
        ({"": 4, "service:x": 6}, {""}),
        ({"": 9, "service:x": 0, "service:y": 3}, {"service:y"}),
        ({"": 7, "service:x": 4, "service:y": 4}, {"service:x", "service:y"}),
        ({"": 6, "service:x": 2, "service:y": 2, "service:z": 2}, {"service:x", "service:y", "service:z"}),
        ({"sex:f": 17, "sex:m": 3}, {"sex:m"}),
        (SEX_BY_AGE, set()),
    ],
)
def test_small_cells_are_hidden_with_a_second_one(cells: dict[str, int], hidden: set[str]) -> None:
    assert hidden_cells(cells) == hidden


def test_a_whole_is_hidden_where_all_its_people_are_in_one_hidden_part() -> None:
    cells = {
        "": 60,
        "sex:f": 20,
        "sex:m": 40,
        "age:a": 23,
        "age:b": 37,
        "age:a|sex:f": 20,
        "age:a|sex:m": 3,
        "age:b|sex:f": 0,
        "age:b|sex:m": 37,
    }
    assert hidden_cells(cells) == cells.keys() - {"", "age:b|sex:f"}


def test_in_a_crossed_table_no_row_and_no_column_gives_a_cell_away() -> None:
    cells = {**SEX_BY_AGE, "age:a|sex:m": 3, "age:b|sex:m": 37, "age:a|sex:f": 47, "age:b|sex:f": 13}
    assert hidden_cells(cells) == {"age:a|sex:m", "age:b|sex:m", "age:a|sex:f", "age:b|sex:f"}


def test_a_hidden_whole_is_not_given_away_by_its_parts() -> None:
    cells = {
        "": 23,
        "sex:f": 20,
        "sex:m": 3,
        "age:a|sex:f": 12,
        "age:b|sex:f": 8,
        "age:a|sex:m": 3,
        "age:b|sex:m": 0,
    }
    assert hidden_cells(cells) == {"sex:f", "sex:m", "age:b|sex:f", "age:a|sex:m"}


def test_the_minimum_is_a_setting() -> None:
    assert hidden_cells({"": 20, "sex:f": 12, "sex:m": 8}, minimum=10) == {"sex:f", "sex:m"}


@given(st.dictionaries(st.sampled_from([f"group:{one}" for one in "abcdef"]), st.integers(0, 40), min_size=1))
def test_subtraction_never_tells_a_small_number(parts: dict[str, int]) -> None:
    cells = {"": sum(parts.values()), **parts}
    hidden = hidden_cells(cells)
    assert {cell for cell, people in cells.items() if 0 < people < 5} <= hidden
    unknown = [cells[cell] for cell in parts if cell in hidden]
    if unknown and "" not in hidden:
        assert len(unknown) >= 2
        assert sum(unknown) >= 5
    assert not any(cells[cell] == 0 for cell in hidden)
