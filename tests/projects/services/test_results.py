"""The results framework: results, indicators, baselines, targets, dimensions; one by one and as sets."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed
from projects.models import Baseline, Dimension, Indicator, Result, Target
from projects.services.inputs import IndicatorInput
from projects.services.results import (
    add_baseline,
    add_dimension,
    add_indicator,
    add_indicators,
    add_result,
    add_results,
    set_targets,
)
from tests.factories import Cast, fresh, make_cast, make_dimension, make_indicator, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_results_stand_below_higher_ones(cast: Cast) -> None:
    outcome = add_result(project=cast.project, level="outcome", code="A", titles={"en": "A"}, by=cast.alice)
    output = add_result(
        project=cast.project, level="output", code="A.1", titles={"en": "A.1"}, parent=outcome, order=2, by=cast.alice
    )
    assert (output.parent, output.order) == (outcome, 2)
    for parent in (output, make_result(cast.other)):
        with pytest.raises(ValidationError) as error:
            add_result(project=cast.project, level="output", code="X", titles={"en": "X"}, parent=parent, by=cast.alice)
        said = "A result belongs to one of a higher level in the same project."
        assert error.value.message_dict == {"parent": [said]}
    with pytest.raises(NotAllowed):
        add_result(project=cast.project, level="output", code="Y", titles={"en": "Y"}, by=cast.bob)


def test_an_indicator_begins_with_the_methods_of_its_measure(cast: Cast) -> None:
    result = make_result(cast.project)
    sex = make_dimension("sex")
    share = add_indicator(
        result=result,
        code="S",
        titles={"en": "Share", "el": "Μερίδιο"},
        measure="percentage",
        dimensions=[sex],
        by=cast.alice,
    )
    assert (share.across_partners, share.across_time, share.search_text) == (
        "weighted_ratio",
        "latest",
        "s share μεριδιο",
    )
    assert list(share.dimensions.all()) == [sex]
    running = add_indicator(result=result, code="R", titles={"en": "R"}, is_cumulative=True, by=cast.alice)
    assert (running.across_partners, running.across_time) == ("sum", "latest")
    with pytest.raises(ValidationError) as error:
        add_indicator(
            result=result,
            code="B",
            titles={"en": "B"},
            measure="percentage",
            across_partners="sum",
            across_time="sum",
            by=cast.alice,
        )
    assert sorted(error.value.message_dict) == ["across_partners", "across_time"]


def test_sets_are_added_in_a_few_statements(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    results = [Result(project=cast.project, level="outcome", code=f"R{one}", titles={"en": "R"}) for one in range(4)]
    made = add_results(project=cast.project, rows=results, by=cast.alice)
    sex = make_dimension("sex")
    rows = [
        IndicatorInput(
            Indicator(project=cast.project, result=one, code=f"{one.code}.1", titles={"en": "I"}),
            (sex,),
            (Baseline(numerator=Decimal(5), year=2025),),
        )
        for one in made
    ]
    alice = fresh(cast.alice)
    with django_assert_num_queries(14):
        indicators = add_indicators(project=cast.project, rows=rows, by=alice)
    assert Indicator.objects.filter(dimensions=sex).count() == 4
    assert list(Baseline.objects.values_list("numerator", flat=True)) == [Decimal(5)] * 4
    assert Entry.objects.filter(action="indicator.created").count() == len(indicators) == 4


def test_rows_that_do_not_fit_are_told_by_number(cast: Cast) -> None:
    long = [Result(project=cast.project, level="outcome", code="x" * 41, titles={"en": "R"})]
    with pytest.raises(ValidationError) as error:
        add_results(project=cast.project, rows=long, by=cast.alice)
    assert list(error.value.message_dict) == ["rows/0/code"]
    with pytest.raises(ValueError, match="another project"):
        add_results(project=cast.project, rows=[Result(project=cast.other, code="1")], by=cast.alice)
    assert add_results(project=cast.project, rows=[], by=cast.alice) == []


def test_targets_take_the_place_of_those_before(cast: Cast) -> None:
    def target(number: int, cell: str = "") -> Target:
        return Target(indicator=cast.indicator, period=cast.period, cell=cell, numerator=Decimal(number))

    set_targets(project=cast.project, rows=[target(10), target(4, "sex:female")], by=cast.alice)
    set_targets(project=cast.project, rows=[target(12)], by=cast.alice)
    rows = Target.objects.order_by("cell").values_list("cell", "numerator")
    assert list(rows) == [("", Decimal(12)), ("sex:female", Decimal(4))]
    other = make_indicator(cast.other)
    with pytest.raises(ValueError, match="another project"):
        set_targets(project=cast.project, rows=[Target(indicator=other, numerator=1)], by=cast.alice)


def test_a_baseline_names_its_cell_in_order(cast: Cast) -> None:
    row = add_baseline(
        indicator=cast.indicator, numerator=Decimal(3), cell="sex:male|age:0-5", year=2024, by=cast.alice
    )
    assert (row.cell, row.year) == ("age:0-5|sex:male", 2024)


def test_a_dimension_has_categories_in_order(cast: Cast) -> None:
    row = add_dimension(
        code="housing",
        titles={"en": "Housing"},
        categories={"own": {"en": "Own"}, "camp": {"en": "Camp"}},
        by=cast.alice,
    )
    assert [one.code for one in row.categories.all()] == ["own", "camp"]
    for code in ("a:b", "a|b", ""):
        with pytest.raises(ValidationError):
            add_dimension(code=code, titles={"en": "X"}, categories={}, by=cast.alice)
    with pytest.raises(NotAllowed):
        add_dimension(code="x", titles={"en": "X"}, categories={}, by=cast.bob)
    assert Dimension.objects.filter(code="x").count() == 0
