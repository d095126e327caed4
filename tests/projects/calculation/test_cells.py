from collections.abc import Mapping
from decimal import Decimal as D

import pytest

from projects.calculation.cells import (
    TOTAL,
    Adding,
    Breakdown,
    breakdowns,
    by_dimensions,
    canonical,
    dimensions_of,
    format_cell,
    marginal,
    parse_cell,
    parts_above_total,
    retold,
    total_of_cells,
)
from projects.calculation.values import NOT_REPORTED, SUPPRESSED, Figure, Finding, Measure, figure
from tests.factories_calculation import counted

COUNT = Measure.COUNT
EXCLUSIVE = {"sex", "age"}


def figures(cells: Mapping[str, int | None]) -> dict[str, Figure]:
    return {cell: counted(one)[0] for cell, one in cells.items()}


@pytest.mark.parametrize(
    "categories, cell",
    [
        ({}, TOTAL),
        ({"sex": "f"}, "sex:f"),
        ({"sex": "f", "age": "18-24"}, "age:18-24|sex:f"),
        ({"place": "gr-i", "age": "0-5", "sex": "m"}, "age:0-5|place:gr-i|sex:m"),
    ],
)
def test_a_cell_is_named_by_its_categories(categories: dict[str, str], cell: str) -> None:
    assert (format_cell(categories), parse_cell(cell)) == (cell, categories)


def test_the_order_of_the_dimensions_makes_no_other_cell() -> None:
    assert canonical("sex:f|age:18-24") == "age:18-24|sex:f"
    assert dimensions_of("sex:f|age:18-24") == ("age", "sex")
    assert dimensions_of(TOTAL) == ()


@pytest.mark.parametrize("cell", ["sex", "sex:", ":f", "sex:f|", "|", "sex:f|sex:m", "sex:f:g"])
def test_what_is_no_cell_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="^not a "):
        parse_cell(cell)


@pytest.mark.parametrize("categories", [{"": "f"}, {"sex": ""}, {"se:x": "f"}, {"sex": "f|m"}])
def test_codes_that_would_break_a_name_are_refused(categories: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="^not a code of a dimension or category: "):
        format_cell(categories)


def test_cells_are_grouped_by_their_dimensions() -> None:
    cells = figures({TOTAL: 10, "sex:f": 6, "sex:m": 4, "age:0-17|sex:f": 2})
    assert by_dimensions(cells) == {
        ("sex",): figures({"sex:f": 6, "sex:m": 4}),
        ("age", "sex"): figures({"age:0-17|sex:f": 2}),
    }


CROSSED = {"age:a|sex:f": 1, "age:a|sex:m": 2, "age:b|sex:f": 4, "age:b|sex:m": None}


@pytest.mark.parametrize(
    "cells, expected",
    [
        (CROSSED, {"sex:f": 5, "sex:m": 2}),
        ({**CROSSED, "sex:f": 9}, {"sex:f": 9}),
        ({**CROSSED, "age:a|place:x|sex:f": 100}, {"sex:f": 5, "sex:m": 2}),
        ({**CROSSED, "place:x|sex:f": 100}, {"sex:f": 5, "sex:m": 2}),
        ({"age:a|sex:m": None}, {"sex:m": None}),
        ({"age:a": 3}, {}),
        ({}, {}),
    ],
)
def test_a_dimension_read_out_of_crossed_cells(cells: dict[str, int | None], expected: dict[str, int | None]) -> None:
    assert marginal(figures(cells), "sex", measure=COUNT) == figures(expected)


def test_only_what_adds_up_is_read_out_of_crossed_cells() -> None:
    assert marginal(figures(CROSSED), "sex", measure=Measure.PERCENTAGE) == {}
    assert marginal(figures({"sex:f": 40}), "sex", measure=Measure.PERCENTAGE) == figures({"sex:f": 40})


def test_a_sum_over_a_suppressed_cell_is_suppressed() -> None:
    cells = {**figures(CROSSED), "age:b|sex:m": SUPPRESSED}
    assert marginal(cells, "sex", measure=COUNT) == {**figures({"sex:f": 5}), "sex:m": SUPPRESSED}


@pytest.mark.parametrize(
    "cells, measure, total",
    [
        ({TOTAL: 12, "sex:f": 6, "sex:m": 4}, COUNT, 12),
        ({TOTAL: None, "sex:f": 6, "sex:m": 4}, COUNT, None),
        ({"sex:f": 6, "sex:m": 4}, COUNT, 10),
        ({"sex:f": 6, "sex:m": None}, COUNT, 6),
        ({"sex:f": 0}, COUNT, 0),
        (CROSSED, Measure.AMOUNT, 7),
        ({"sex:f": 6, "age:a": 6}, COUNT, None),
        ({"service:x": 6, "service:y": 4}, COUNT, None),
        ({"service:x|sex:f": 6}, COUNT, None),
        ({"sex:f": 6, "sex:m": 4}, Measure.PERCENTAGE, None),
        ({}, COUNT, None),
    ],
)
def test_the_total_is_given_or_certain_or_not_reported(
    cells: dict[str, int | None], measure: Measure, total: int | None
) -> None:
    made = total_of_cells(figures(cells), measure=measure, exclusive=EXCLUSIVE)
    assert made == counted(total)[0]


SEX, SERVICE = ("sex",), ("service",)


@pytest.mark.parametrize(
    "cells, expected",
    [
        ({TOTAL: 10}, []),
        ({TOTAL: 10, "sex:f": 6, "sex:m": 4}, [Breakdown(SEX, Adding.COMPLETE, D(0))]),
        ({TOTAL: 10, "sex:f": 6}, [Breakdown(SEX, Adding.INCOMPLETE, D(4))]),
        ({TOTAL: 10, "sex:f": 6, "sex:m": 9}, [Breakdown(SEX, Adding.INCOMPLETE, D(-5))]),
        ({TOTAL: 0, "sex:f": 0}, [Breakdown(SEX, Adding.COMPLETE, D(0))]),
        ({TOTAL: 10, "sex:f": None}, [Breakdown(SEX, Adding.NOT_COMPARABLE)]),
        ({TOTAL: None, "sex:f": 6}, [Breakdown(SEX, Adding.NOT_COMPARABLE)]),
        ({"sex:f": 6}, [Breakdown(SEX, Adding.NOT_COMPARABLE)]),
        ({TOTAL: 10, "service:x": 9, "service:y": 8}, [Breakdown(SERVICE, Adding.NOT_COMPARABLE)]),
        (
            {TOTAL: 10, "sex:f": 6, "sex:m": 4, "age:a|sex:f": 6},
            [Breakdown(("age", "sex"), Adding.INCOMPLETE, D(4)), Breakdown(SEX, Adding.COMPLETE, D(0))],
        ),
    ],
)
def test_whether_a_breakdown_gives_the_total(cells: dict[str, int | None], expected: list[Breakdown]) -> None:
    assert breakdowns(figures(cells), measure=COUNT, exclusive=EXCLUSIVE) == expected


def test_the_parts_of_a_percentage_never_have_to_add_up() -> None:
    made = breakdowns(figures({TOTAL: 40, "sex:f": 30}), measure=Measure.PERCENTAGE, exclusive=EXCLUSIVE)
    assert made == [Breakdown(SEX, Adding.NOT_COMPARABLE)]


def above(dimensions: str, parts: int, total: int) -> Finding:
    return Finding("parts_above_total", {"dimensions": dimensions, "parts": D(parts), "total": D(total)})


@pytest.mark.parametrize(
    "cells, measure, expected",
    [
        ({TOTAL: 10, "sex:f": 6, "sex:m": 4}, COUNT, []),
        ({TOTAL: 10, "sex:f": 6}, COUNT, []),
        ({TOTAL: 10, "sex:f": 6, "sex:m": 5}, COUNT, [above("sex", 11, 10)]),
        ({TOTAL: 10, "sex:f": 6, "sex:m": 5}, Measure.AMOUNT, [above("sex", 11, 10)]),
        ({TOTAL: 0, "sex:f": 1}, COUNT, [above("sex", 1, 0)]),
        ({TOTAL: 10, "age:a|sex:f": 6, "age:b|sex:f": 5}, COUNT, [above("age, sex", 11, 10)]),
        ({TOTAL: 10, "service:x": 9, "service:y": 8}, COUNT, []),
        ({TOTAL: 40, "sex:f": 30, "sex:m": 50}, Measure.PERCENTAGE, []),
        ({TOTAL: 4, "sex:f": 3, "sex:m": 5}, Measure.SCALE, []),
        ({"sex:f": 6, "sex:m": 5}, COUNT, []),
        ({TOTAL: None, "sex:f": 6}, COUNT, []),
    ],
)
def test_parts_above_the_total_are_found(
    cells: dict[str, int | None], measure: Measure, expected: list[Finding]
) -> None:
    assert parts_above_total(figures(cells), measure=measure, exclusive=EXCLUSIVE) == expected


def test_no_cells_have_no_total() -> None:
    assert total_of_cells({}, measure=COUNT, exclusive=EXCLUSIVE) == NOT_REPORTED


@pytest.mark.parametrize(
    "measure, said, told",
    [
        (
            Measure.COUNT,
            {"": 10, "age:0-5": 3, "age:6-17": 2, "age:18+": 5},
            {"": 10, "donor:child": 5, "donor:adult": 5},
        ),
        (
            Measure.COUNT,
            {"age:0-5|sex:f": 3, "age:6-17|sex:f": 2, "age:0-5|sex:m": 1, "sex:f": 5},
            {"donor:child|sex:f": 5, "donor:child|sex:m": 1, "sex:f": 5},
        ),
        (Measure.COUNT, {"age:0-5": 3, "age:unsaid": 2}, {"donor:child": 3}),
        (Measure.PERCENTAGE, {"": 40, "age:0-5": 3}, {"": 40}),
    ],
)
def test_cells_are_told_by_a_donors_bands(measure: Measure, said: dict[str, int], told: dict[str, int]) -> None:
    pairs = {"0-5": "child", "6-17": "child", "18+": "adult"}
    cells = {cell: figure(measure, D(one)) for cell, one in said.items()}
    made = retold(cells, source="age", target="donor", pairs=pairs, measure=measure)
    assert {cell: one.value for cell, one in made.items()} == told
