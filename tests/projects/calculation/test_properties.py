"""What holds for all values, tried on many."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from projects.calculation.cells import canonical, format_cell, marginal, parse_cell, total_of_cells
from projects.calculation.combine import across_time, added, components_of, figure_of, latest_by_key, running
from projects.calculation.progress import progress
from projects.calculation.values import (
    NOBODY_TO_COUNT,
    NOT_REPORTED,
    AcrossPartners,
    AcrossTime,
    Direction,
    Measure,
    RawValue,
    ValueState,
    figure,
)
from tests.factories_calculation import raw

millionths = st.integers(-(10**12), 10**12).map(lambda one: D(one) / 10**6)
people = st.integers(0, 10**6)
parts = st.tuples(people, people).map(sorted)
partners = st.sampled_from(["A", "B", "C"])
places = st.sampled_from(["Athens", "Patras", None])


@st.composite
def updates(draw: st.DrawFn, *, by_parts: bool = False) -> list[RawValue]:
    """Values of as many updates, of several partners, places and periods, some "not reported"."""
    values = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        top, bottom = draw(parts)
        is_told = draw(st.booleans())
        values.append(
            raw(
                top if is_told else None,
                bottom if by_parts and is_told else None,
                partner=draw(partners),
                place=draw(places),
                period=draw(st.integers(1, 12)),
                number=number,
            )
        )
    return values


@given(updates(by_parts=True), st.randoms(use_true_random=False))
def test_the_order_of_updates_never_matters(values: list[RawValue], chance: object) -> None:
    shuffled = list(values)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert components_of(shuffled) == components_of(values)
    assert components_of(latest_by_key(shuffled)) == components_of(latest_by_key(values))


@given(updates(), st.integers(0, 1000), st.integers(0, 1000))
def test_splitting_a_place_in_two_changes_no_sum(values: list[RawValue], here: int, there: int) -> None:
    one = [*values, raw(here + there, partner="D", place="Athens", number=90)]
    two = [
        *values,
        raw(here, partner="D", place="Athens north", number=90),
        raw(there, partner="D", place="Athens south", number=91),
    ]
    for way in (list, latest_by_key):
        sums = [figure_of(components_of(way(all_)), AcrossPartners.SUM, Measure.COUNT).value for all_ in (one, two)]
        assert sums[0] == sums[1]


@given(st.lists(parts, min_size=1))
def test_a_ratio_by_parts_is_the_ratio_of_the_sums(pairs: list[list[int]]) -> None:
    values = [raw(top, bottom, number=number) for number, (top, bottom) in enumerate(pairs)]
    made = figure_of(components_of(values), AcrossPartners.WEIGHTED_RATIO, Measure.RATIO)
    top, bottom = (sum(pair[side] for pair in pairs) for side in (0, 1))
    assert made == figure(Measure.RATIO, D(top), D(bottom))


@given(st.lists(parts, min_size=1), st.integers(0, 20))
def test_parts_may_be_combined_in_any_grouping(pairs: list[list[int]], cut: int) -> None:
    def together(some: list[list[int]]) -> tuple[D, D]:
        return sum((D(one[0]) for one in some), D(0)), sum((D(one[1]) for one in some), D(0))

    groups = [figure(Measure.PERCENTAGE, *together(some)) for some in (pairs[:cut], pairs[cut:])]
    made = across_time(groups, AcrossTime.WEIGHTED_RATIO, cumulative=False, measure=Measure.PERCENTAGE)
    assert made == figure(Measure.PERCENTAGE, *together(pairs))


@given(millionths, millionths)
def test_an_indicator_at_its_target_is_all_done_and_at_its_baseline_not_begun(baseline: D, target: D) -> None:
    start, end = (figure(Measure.AMOUNT, one) for one in (baseline, target))
    for direction in Direction:
        at_end = progress(end, start, end, measure=Measure.AMOUNT, direction=direction)
        at_start = progress(start, start, end, measure=Measure.AMOUNT, direction=direction)
        reached = None if baseline == target else D(1)
        assert (at_end.value, at_start.value) == (reached, None if reached is None else D(0))


@given(updates(by_parts=True), st.integers(1, 12))
def test_adding_not_reported_changes_nothing(values: list[RawValue], period: int) -> None:
    more = [*values, raw(None, period=period, number=99)]
    assert components_of(more) == components_of(values)
    assert components_of(latest_by_key(more)) == components_of(latest_by_key(values))


@given(st.lists(st.integers(1, 1000), min_size=1))
def test_adding_a_true_zero_lowers_an_average_and_leaves_a_sum(numbers: list[int]) -> None:
    values = [raw(one, number=number) for number, one in enumerate(numbers)]
    before, after = components_of(values), components_of([*values, raw(0, number=10**6)])
    sums = [figure_of(one, AcrossPartners.SUM, Measure.COUNT).value for one in (before, after)]
    averages = [figure_of(one, AcrossPartners.AVERAGE, Measure.COUNT).value for one in (before, after)]
    assert sums[0] == sums[1] == D(sum(numbers))
    assert averages == [D(sum(numbers)) / len(numbers), D(sum(numbers)) / (len(numbers) + 1)]


@given(st.lists(st.one_of(st.none(), millionths)), st.sampled_from(AcrossTime), st.booleans())
def test_periods_without_a_report_change_nothing_across_time(
    numbers: list[D | None], method: AcrossTime, cumulative: bool
) -> None:
    figures = [figure(Measure.AMOUNT, one) for one in numbers]
    told = [one for one in figures if one.is_reported]
    whole = across_time(figures, method, cumulative=cumulative, measure=Measure.AMOUNT)
    assert whole == across_time(told, method, cumulative=cumulative, measure=Measure.AMOUNT)
    if told:
        empty = [*figures, NOBODY_TO_COUNT, NOT_REPORTED]
        assert whole == across_time(empty, method, cumulative=cumulative, measure=Measure.AMOUNT)


@given(st.lists(millionths, min_size=1))
def test_running_sums_end_in_the_sum(numbers: list[D]) -> None:
    figures = [figure(Measure.AMOUNT, one) for one in numbers]
    steps = running(figures, AcrossTime.SUM, cumulative=False, measure=Measure.AMOUNT)
    assert steps[-1].value == sum(numbers, D(0))
    assert len(steps) == len(numbers)


@given(updates())
def test_a_running_total_holds_one_update_for_each_partner_and_place(values: list[RawValue]) -> None:
    kept = latest_by_key(values)
    keys = [(one.partner, one.place) for one in kept]
    assert sorted(map(str, keys)) == sorted({str((one.partner, one.place)) for one in values})
    for one in kept:
        rivals = [two for two in values if (two.partner, two.place) == (one.partner, one.place)]
        told = [two for two in rivals if two.state is ValueState.REPORTED] or rivals
        assert one == max(told, key=lambda two: (two.period_end, two.tie))


codes = st.text("abcdefgh0123456789-_", min_size=1, max_size=6)


@given(st.dictionaries(codes, codes, max_size=4))
def test_a_cell_is_read_as_it_was_named(categories: dict[str, str]) -> None:
    cell = format_cell(categories)
    assert parse_cell(cell) == categories
    assert canonical("|".join(reversed(cell.split("|")))) == cell


@given(st.dictionaries(st.tuples(st.sampled_from("fmx"), st.sampled_from("abc")), people, min_size=1))
def test_crossed_cells_give_the_same_total_along_every_dimension(crossed: dict[tuple[str, str], int]) -> None:
    cells = {
        format_cell({"sex": sex, "age": age}): figure(Measure.COUNT, D(number))
        for (sex, age), number in crossed.items()
    }
    total = total_of_cells(cells, measure=Measure.COUNT, exclusive={"sex", "age"})
    assert total.value == D(sum(crossed.values()))
    for dimension in ("sex", "age"):
        assert added(marginal(cells, dimension, measure=Measure.COUNT).values()) == total
