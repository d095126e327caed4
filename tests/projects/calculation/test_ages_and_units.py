"""Ages and their bands, conversions of units. Cases: the tables of docs/indicators.md."""

from datetime import date
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.calculation.ages import FINEST, Band, BandFault, age_on, band, band_of, bands, check_mapping, mapped
from projects.calculation.units import KNOWN, Conversion, conversion, converted, in_other_unit
from projects.calculation.values import NOT_REPORTED, Figure, Measure, ValueState, figure

FINE = {one.code: one for one in bands()}


def test_the_finest_bands() -> None:
    assert list(FINE) == ["0-5", "6-14", "15-17", "18-24", "25-29", "30-54", "55-59", "60-64", "65+"]


@pytest.mark.parametrize(
    "code, made",
    [
        ("0-17", Band(0, 18)),
        ("65+", Band(65)),
        ("18-18", Band(18, 19)),
        ("18-17", None),
        ("not_stated", None),
        ("18", None),
    ],
)
def test_a_band_is_read_from_its_code(code: str, made: Band | None) -> None:
    assert band(code) == made


@pytest.mark.parametrize("year, age", [(2026, 0), (2008, 18), (1896, 130)])
def test_age_from_the_year_of_birth(year: int, age: int) -> None:
    assert age_on(date(2026, 3, 1), born_in=year) == age


@pytest.mark.parametrize("year", [2027, 1895])
def test_nobody_is_born_later_or_so_old(year: int) -> None:
    with pytest.raises(ValueError, match="nobody"):
        age_on(date(2026, 3, 1), born_in=year)


@given(st.integers(0, 130))
def test_every_age_belongs_to_one_band(age: int) -> None:
    found = [one for one in bands() if one.holds(age)]
    assert [band_of(age, bands())] == found
    assert band_of(-1, bands()) is None


@given(st.lists(st.sampled_from(FINEST[1:]), unique=True))
def test_bands_cut_at_some_of_the_finest_are_possible_and_take_every_part_once(cuts: list[int]) -> None:
    wanted = {one.code: one for one in bands([0, *sorted(cuts)])}
    mapping, faults = mapped(wanted, FINE)
    assert (faults, sorted(mapping)) == ([], sorted(FINE))
    assert check_mapping(mapping, wanted=wanted, present=FINE) == []


@pytest.mark.parametrize(
    "mapping, faults",
    [
        ({"0-5": "c", "6-14": "c", "15-17": "c", "x": "rest"}, []),
        ({"0-5": "c", "15-17": "c"}, [BandFault("gap", "c", "6-14")]),
        ({"0-5": "c", "6-14": "c", "15-17": "c", "18-24": "c"}, [BandFault("outside", "c", "18-24")]),
        ({}, [BandFault("gap", "c", "0-17")]),
    ],
)
def test_a_mapping_must_make_each_band_exactly(mapping: dict[str, str], faults: list[BandFault]) -> None:
    assert check_mapping(mapping, wanted={"c": Band(0, 18)}, present=FINE) == faults


# ---------------------------------------------------------------- units
factors = st.fractions(min_value=Fraction(1, 10**6), max_value=10**6)


@given(st.decimals(-(10**9), 10**9, places=6), factors)
def test_there_and_back_is_where_one_began(amount: D, factor: Fraction) -> None:
    there = Conversion("a", "b", factor)
    assert converted(converted(amount, there), there.back) == Fraction(amount)


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(KNOWN))
def test_every_known_conversion_leads_back(amount: D, known: Conversion) -> None:
    there, back = conversion(known.source, known.target), conversion(known.target, known.source)
    assert there is not None
    assert back is not None
    assert converted(converted(amount, there), back) == Fraction(amount)


def test_figures_keep_their_states_and_lose_nothing() -> None:
    acre = conversion("acre", "ha")
    assert acre is not None
    made = in_other_unit(figure(Measure.AMOUNT, D(10)), acre)
    assert made.value == D("4.0468564224")
    assert in_other_unit(made, acre.back).value == 10
    assert in_other_unit(NOT_REPORTED, acre) == NOT_REPORTED
    mean = Figure(ValueState.REPORTED, D(10), D(3))
    km = Conversion("km", "m", Fraction(1000))
    assert in_other_unit(mean, km) == Figure(ValueState.REPORTED, D(10000), D(3))
    assert in_other_unit(figure(Measure.AMOUNT, D(2)), km) == figure(Measure.AMOUNT, D(2000))
