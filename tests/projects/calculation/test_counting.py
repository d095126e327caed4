"""People counted over parts: every bound holds whatever the people really are."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calculation.counting import (
    Pair,
    Part,
    PeopleCounted,
    PeopleMethod,
    overlap_is_possible,
    part_of,
    people_counted,
)
from projects.calculation.values import NOBODY_TO_COUNT, NOT_REPORTED, SUPPRESSED, Figure, ValueState

people = st.frozensets(st.integers(0, 9), max_size=8)


def bounds(made: PeopleCounted) -> tuple[D, D]:
    assert made.lower is not None
    assert made.upper is not None
    return made.lower, made.upper


@given(parts=st.lists(people, min_size=1, max_size=5), known=st.data())
def test_the_people_lie_within_the_range(parts: list[frozenset[int]], known: st.DataObject) -> None:
    pairs = [(i, j) for i in range(len(parts)) for j in range(i + 1, len(parts))]
    told = known.draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    overlaps: dict[Pair, D] = {frozenset(pair): D(len(parts[pair[0]] & parts[pair[1]])) for pair in told}
    given_parts = [Part(number, D(len(one))) for number, one in enumerate(parts)]
    made = people_counted(given_parts, PeopleMethod.DEDUCT, overlaps=overlaps)
    unknown = people_counted(given_parts, PeopleMethod.DEDUCT)
    really = len(frozenset().union(*parts))
    (lower, upper), (least, most) = bounds(made), bounds(unknown)
    assert least <= lower <= really <= upper <= most


@given(parts=st.lists(people, min_size=2, max_size=2))
def test_two_parts_with_known_overlap_are_exact(parts: list[frozenset[int]]) -> None:
    one, other = parts
    made = people_counted(
        [Part("a", D(len(one))), Part("b", D(len(other)))],
        PeopleMethod.DEDUCT,
        overlaps={frozenset("ab"): D(len(one & other))},
    )
    assert made.lower == made.upper == len(one | other)


@given(parts=st.lists(people, min_size=1, max_size=5), recorded=st.data())
def test_records_of_some_parts_narrow_the_range(parts: list[frozenset[int]], recorded: st.DataObject) -> None:
    keys = frozenset(recorded.draw(st.sets(st.sampled_from(range(len(parts))))))
    persons = frozenset().union(*(parts[key] for key in keys))
    given_parts = [Part(number, D(len(one))) for number, one in enumerate(parts)]
    made = people_counted(given_parts, PeopleMethod.UNIQUE, recorded=(keys, D(len(persons))))
    lower, upper = bounds(made)
    assert lower <= len(frozenset().union(*parts)) <= upper


def test_parts_without_a_number_are_named() -> None:
    made = people_counted([Part("a", D(5)), Part("b", None)], PeopleMethod.ENGAGEMENTS)
    assert made == PeopleCounted(PeopleMethod.ENGAGEMENTS, D(5), D(5), ("b",))
    assert not made.is_range


def test_an_overlap_with_a_part_that_did_not_report_changes_nothing() -> None:
    parts = [Part("a", D(5)), Part("b", D(4)), Part("c", None)]
    assert people_counted(parts, PeopleMethod.DEDUCT, overlaps={frozenset("ac"): D(3)}).upper == 9


@pytest.mark.parametrize(
    ("figure", "people"),
    [
        (Figure(ValueState.REPORTED, D(7)), 7),
        (NOBODY_TO_COUNT, 0),
        (NOT_REPORTED, None),
        (SUPPRESSED, None),
    ],
)
def test_a_figure_as_a_part(figure: Figure, people: int | None) -> None:
    assert part_of("a", figure) == Part("a", None if people is None else D(people))


@pytest.mark.parametrize(("both", "possible"), [(-1, False), (0, True), (4, True), (5, False)])
def test_an_overlap_is_no_larger_than_the_smaller_part(both: int, possible: bool) -> None:
    assert overlap_is_possible(D(9), D(4), D(both)) is possible


@given(parts=st.lists(st.lists(people, min_size=1, max_size=3), min_size=1, max_size=4))
def test_parts_that_are_ranges_themselves(parts: list[list[frozenset[int]]]) -> None:
    """Periods of each partner first, then the partners."""
    stages = []
    for number, periods in enumerate(parts):
        made = people_counted([Part(at, D(len(one))) for at, one in enumerate(periods)], PeopleMethod.DEDUCT)
        stages.append(Part(number, made.lower, made.upper))
    lower, upper = bounds(people_counted(stages, PeopleMethod.DEDUCT))
    assert lower <= len(frozenset().union(*(one for periods in parts for one in periods))) <= upper
