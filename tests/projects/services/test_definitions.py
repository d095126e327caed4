"""Definitions change by versions: nothing entered is touched, totals follow on both roads, each can be undone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from kmop.audit.models import Entry
from kmop.audit.queries.entries import facts_of
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.calculation.definition import Change
from projects.models import Actual, Indicator, IndicatorVersion, Obligation, Period, UpdateValue
from projects.services.definitions import change_indicator, restore_version
from projects.services.recomputation import compare
from projects.services.results import add_indicator
from projects.services.rollup import roll_up_indicators
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_obligation,
    make_organisation,
    make_period,
    make_result,
    make_update,
)

pytestmark = pytest.mark.django_db
WHY = "The donor asks for it."
CELL = {"age:0-5": 3, "age:18-24": 4, "age:65+": 2, "": 9}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def change(cast: Cast, change: Change, **given: Any) -> IndicatorVersion:
    return change_indicator(indicator=cast.indicator, change=change, **{"reason": WHY, "by": cast.alice, **given})


def totals(indicator: Indicator) -> dict[str, Decimal | None]:
    return dict(Actual.objects.filter(indicator=indicator).order_by("cell").values_list("cell", "numerator"))


def age(*mapped: tuple[str, str]) -> Change:
    return Change(mappings=tuple(("age", old, new) for old, new in mapped))


def ready(cast: Cast, values: Any = CELL, **fields: Any) -> Indicator:
    """The indicator by age, with one approved update, rolled up."""
    Indicator.objects.filter(pk=cast.indicator.pk).update(**fields)
    cast.indicator.refresh_from_db()
    cast.indicator.dimensions.set([make_dimension("age")])
    make_update(cast.period, cast.a, values)
    roll_up_indicators([cast.indicator.pk])
    return cast.indicator


# ---------------------------------------------------------------- versions
def test_a_new_indicator_has_its_first_version(cast: Cast) -> None:
    made = add_indicator(
        result=make_result(cast.project),
        code="9",
        titles={"en": "I"},
        dimensions=[make_dimension("sex")],
        by=cast.alice,
    )
    [version] = made.versions.all()
    assert (version.number, version.by, version.snapshot["dimensions"]) == (1, cast.alice, ["sex"])
    assert version.snapshot["facts"]["across_partners"] == "sum"


def test_a_change_is_kept_with_who_why_and_what_was_before(cast: Cast) -> None:
    version = change(cast, Change({"across_partners": "maximum", "decimals": 1}))
    first, second = cast.indicator.versions.order_by("number")
    assert (second, second.number, second.reason, second.by) == (version, 2, WHY, cast.alice)
    assert (first.snapshot["facts"]["across_partners"], first.by) == ("sum", None)
    cast.indicator.refresh_from_db()
    assert (cast.indicator.across_partners, cast.indicator.decimals, cast.indicator.version) == ("maximum", 1, 2)
    entry = Entry.objects.get(action="indicator.changed")
    assert facts_of(entry)["changed"] == "across_partners, decimals"


@pytest.mark.parametrize(
    "given, field",
    [
        ({"change": Change({"decimals": 2}), "reason": "  "}, "reason"),
        ({"change": Change({"decimals": 0})}, "__all__"),
        ({"change": Change({"measure": "percentage"})}, "across_partners"),
        ({"change": Change({"measure": "scale", "across_partners": "average", "across_time": "latest"})}, "measure"),
        ({"change": Change({"result": 0})}, "result"),
        ({"change": Change(dimensions=("shoe_size",))}, "dimensions"),
        ({"change": Change(dimensions=("age", "a", "b", "c", "d"))}, "dimensions"),
        ({"change": age(("7-9", "0-5"))}, "mappings"),
        ({"change": age(("0-5", "7-9"))}, "mappings"),
        ({"change": age(("0-5", "18-24"), ("18-24", "65+"))}, "mappings"),
        ({"change": Change(moved={0: ("2026-01-01", "2026-01-31", None)})}, "periods/0"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_can_not_stand_is_refused_by_field(cast: Cast, given: dict[str, Any], field: str) -> None:
    ready(cast)
    for code in "abcd":
        make_dimension(code, "x")
    with pytest.raises(ValidationError) as error:
        change(cast, **given)
    found = error.value.message_dict if hasattr(error.value, "error_dict") else {"__all__": error.value.messages}
    assert field in found
    assert not IndicatorVersion.objects.exists()


def test_officers_alone_change_indicators_and_a_lost_race_is_told(cast: Cast) -> None:
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            change(cast, Change({"decimals": 2}), by=user)
    with pytest.raises(Stale):
        change(cast, Change({"decimals": 2}), expected_version=7)


def test_a_measure_changes_among_its_like(cast: Cast) -> None:
    indicator = ready(cast)
    change(cast, Change({"measure": "amount"}))
    indicator.refresh_from_db()
    assert indicator.measure == "amount"


def test_running_totals_are_made_anew_where_the_way_of_reporting_changes(cast: Cast) -> None:
    indicator = ready(cast, 10)
    february = make_period(indicator, 2)
    roll_up_indicators([indicator.pk])
    assert Actual.objects.filter(period=february).count() == 0
    change(cast, Change({"is_cumulative": True, "across_time": "latest"}))
    assert Actual.objects.get(period=february).numerator == 10
    assert compare().differences == ()


# ---------------------------------------------------------------- categories
@pytest.mark.parametrize(
    "mapped, expected",
    [
        ([("0-5", "18-24")], {"": 9, "age:18-24": 7, "age:65+": 2}),
        ([("0-5", "18-24"), ("65+", "18-24")], {"": 9, "age:18-24": 9}),
        ([("65+", "")], {"": 9, "age:0-5": 3, "age:18-24": 4}),
        ([("65+", "not_stated")], {"": 9, "age:0-5": 3, "age:18-24": 4, "age:not_stated": 2}),
        ([("65+", "65+")], {"": 9, "age:0-5": 3, "age:18-24": 4, "age:65+": 2}),
    ],
    ids=["merged", "three in one", "to none", "to not stated", "kept, not split"],
)
@pytest.mark.parametrize("cumulative", [False, True])
def test_categories_that_become_others_touch_nothing_entered(
    cast: Cast, mapped: list[tuple[str, str]], expected: dict[str, int], cumulative: bool
) -> None:
    indicator = ready(cast, is_cumulative=cumulative, across_time="latest" if cumulative else "sum")
    before = list(UpdateValue.objects.order_by("pk").values_list("cell", "numerator"))
    change(cast, age(*mapped))
    assert totals(indicator) == expected
    assert list(UpdateValue.objects.order_by("pk").values_list("cell", "numerator")) == before
    assert compare().differences == ()


def test_merged_parts_of_one_update_are_one_value(cast: Cast) -> None:
    indicator = ready(cast)
    make_update(cast.period, make_organisation("C"), {"": 6, "age:18-24": 5})
    change(cast, age(("0-5", "18-24"), ("65+", "18-24")))
    rows = Actual.objects.filter(indicator=indicator, cell="age:18-24")
    found: list[Any] = list(rows.values_list("numerator", "count", "minimum", "maximum", "latest"))
    assert found == [(14, 2, 5, 9, 5)]
    assert compare().differences == ()


def test_crossed_cells_and_parts_of_percentages_go_along(cast: Cast) -> None:
    values = {"": (10, 40), "age:0-5|sex:female": (1, 4), "age:18-24|sex:female": (2, 4), "age:65+|sex:male": (0, 0)}
    indicator = ready(cast, values, measure="percentage", across_partners="weighted_ratio", across_time="latest")
    change(cast, age(("0-5", "18-24"), ("65+", "18-24")))
    rows = Actual.objects.filter(indicator=indicator).order_by("cell").values_list("cell", "numerator", "denominator")
    found: list[Any] = list(rows)
    assert found == [("", 10, 40), ("age:18-24|sex:female", 3, 8), ("age:18-24|sex:male", 0, 0)]
    assert compare().differences == ()


def test_ratings_of_one_update_are_never_added(cast: Cast) -> None:
    ready(cast, {"": 3, "age:0-5": 3, "age:18-24": 4}, measure="scale", across_partners="average", across_time="latest")
    with pytest.raises(ValidationError) as error:
        change(cast, age(("0-5", "18-24")))
    assert list(error.value.message_dict) == ["mappings"]


def test_a_category_that_became_another_goes_along_when_that_one_changes(cast: Cast) -> None:
    indicator = ready(cast)
    change(cast, age(("0-5", "18-24")))
    change(cast, age(("18-24", "65+")))
    assert totals(indicator) == {"": 9, "age:65+": 9}
    assert compare().differences == ()


# ---------------------------------------------------------------- periods, results, undo
def test_a_period_that_moves_takes_what_is_owed_along_and_comes_back(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    change(cast, Change(moved={cast.period.pk: ("2026-01-15", "2026-02-14", "2026-03-01")}))
    moved = Period.objects.get(pk=cast.period.pk)
    assert (moved.starts_on, moved.ends_on) == (date(2026, 1, 15), date(2026, 2, 14))
    assert Obligation.objects.get(pk=owed.pk).due_on == date(2026, 3, 1)
    restore_version(version=cast.indicator.versions.get(number=1), reason="A mistake.", by=cast.alice)
    assert Period.objects.get(pk=cast.period.pk).starts_on == date(2026, 1, 1)


def test_a_locked_period_does_not_move(cast: Cast) -> None:
    Period.objects.update(is_locked=True)
    with pytest.raises(ValidationError) as error:
        change(cast, Change(moved={cast.period.pk: ("2026-01-15", "2026-02-14", None)}))
    assert list(error.value.message_dict) == [f"periods/{cast.period.pk}"]


def test_going_back_is_a_further_version_with_all_that_was(cast: Cast) -> None:
    indicator = ready(cast)
    before = totals(indicator)
    other = make_result(cast.project, "2")
    change(cast, Change({"result": other.pk, "across_time": "latest"}, mappings=(("age", "0-5", "18-24"),)))
    indicator.refresh_from_db()
    assert (indicator.result_id, indicator.is_remapped) == (other.pk, True)
    undone = restore_version(version=indicator.versions.get(number=1), reason="A mistake.", by=fresh(cast.alice))
    indicator.refresh_from_db()
    assert (undone.number, undone.undoes and undone.undoes.number, undone.reason) == (3, 2, "A mistake.")
    assert (indicator.result.code, indicator.across_time, indicator.is_remapped) == ("1", "sum", False)
    assert totals(indicator) == before
    assert compare().differences == ()
    with pytest.raises(RuleBroken):
        restore_version(version=undone, reason="Again.", by=cast.alice)
