"""A change is shown with all that it would move, old and new; nothing of it stays, and saving gives just that."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from kmop.shared.errors import NotAllowed
from projects.calculation.definition import Change
from projects.models import Actual, CategoryMapping, CellMapping, Indicator, IndicatorVersion, Period, UpdateValue
from projects.queries.figures import figures_of
from projects.services.definitions import (
    Preview,
    change_indicator,
    preview_change,
    preview_restore,
    restore_version,
)
from projects.services.rollup import roll_up_indicators
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_organisation,
    make_period,
    make_target,
    make_update,
)
from tests.factories_reports import make_run

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


@pytest.fixture
def cast() -> Cast:
    """January by two partners: 10 (age 3 and 4) and 25; February 7."""
    found = make_cast()
    found.indicator.dimensions.set([make_dimension("age")])
    make_target(found.indicator, 100)
    make_update(found.period, found.a, {"": 10, "age:0-5": 3, "age:18-24": 4})
    make_update(found.period, make_organisation("C"), 25)
    make_update(make_period(found.indicator, 2), found.a, 7)
    roll_up_indicators([found.indicator.pk])
    return found


def look(cast: Cast, change: Change, **given: Any) -> Preview:
    return preview_change(indicator=cast.indicator, change=change, **{"day": DAY, "by": cast.alice, **given})


def told(preview: Preview) -> list[tuple[Any, ...]]:
    return [
        (one.period.code if one.period else "", one.cell, one.before.value, one.after.value) for one in preview.figures
    ]


def everything() -> list[Any]:
    """What lies in the tables that a change writes."""
    models: tuple[Any, ...] = (Actual, CategoryMapping, CellMapping, Indicator, IndicatorVersion, Period, UpdateValue)
    return [sorted(map(str, model.objects.values_list())) for model in models]


CHANGES = {
    "method across partners": (
        Change({"across_partners": "maximum"}),
        [("", "", 42, 32), ("2026-01/2026-01", "", 35, 25)],
    ),
    "method across time": (Change({"across_time": "latest"}), [("", "", 42, 7)]),
    "merged": (
        Change(mappings=(("age", "0-5", "18-24"),)),
        [("2026-01/2026-01", "age:0-5", 3, None), ("2026-01/2026-01", "age:18-24", 4, 7)],
    ),
    "decimals": (Change({"decimals": 2}), []),
    "direction": (Change({"direction": "descending"}), [("", "", 42, 42)]),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_preview_tells_old_and_new_and_leaves_no_trace(cast: Cast, change: Change, expected: list[Any]) -> None:
    before = everything()
    preview = look(cast, change)
    assert told(preview) == expected
    assert everything() == before


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_is_saved_is_what_was_shown(cast: Cast, change: Change, expected: list[Any]) -> None:
    preview = look(cast, change)
    change_indicator(indicator=cast.indicator, change=change, reason="Why.", by=cast.alice)
    [facts] = figures_of([Indicator.objects.get(pk=cast.indicator.pk)], day=DAY).values()
    for one in preview.figures:
        if one.period is None:
            assert (facts.actual, facts.progress) == (one.after, one.progress_after)
        else:
            [period] = [each for each in facts.periods if each.period == one.period]
            assert {"": period.actual, **period.cells}.get(one.cell, one.after) == one.after


def test_a_change_that_moves_nothing_says_so(cast: Cast) -> None:
    preview = look(cast, Change({"is_active": False}))
    assert (preview.figures, preview.is_shown_otherwise, preview.reports) == ((), False, ())
    assert look(cast, Change({"decimals": 1})).is_shown_otherwise


def test_frozen_reports_that_tell_the_figure_are_named(cast: Cast) -> None:
    shows = make_run(cast.alice, cast.project, frozen='{"rows":[["1.1","Indicator",{"is":"decimal","value":"42"}]]}')
    make_run(cast.alice, cast.project, frozen='{"rows":[["1.2","Other",{"is":"decimal","value":"1.1"}]]}')
    make_run(cast.alice, cast.other, frozen='{"rows":[["1.1","Of another project"]]}')
    preview = look(cast, Change({"across_partners": "maximum"}))
    assert [one.url for one in preview.reports] == [f"/reports/runs/{shows.pk}/"]
    assert look(cast, Change({"is_active": False})).reports == ()


def test_going_back_is_shown_before_it_is_done(cast: Cast) -> None:
    change_indicator(indicator=cast.indicator, change=Change({"across_time": "latest"}), reason="Why.", by=cast.alice)
    first = cast.indicator.versions.get(number=1)
    before = everything()
    preview = preview_restore(version=first, day=DAY, by=cast.alice)
    assert (told(preview), everything()) == ([("", "", 7, 42)], before)
    restore_version(version=first, reason="A mistake.", by=cast.alice)
    [facts] = figures_of([Indicator.objects.get(pk=cast.indicator.pk)], day=DAY).values()
    assert facts.actual.value == Decimal(42)


def test_what_can_not_stand_is_refused_already_here_and_nobody_else_looks(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        look(cast, Change({"across_partners": "weighted_ratio"}))
    for user in (cast.bob, cast.carol):
        with pytest.raises(NotAllowed):
            look(cast, Change({"across_time": "latest"}), by=user)


@pytest.mark.parametrize("more", [1, 4])
def test_a_preview_takes_the_same_statements(
    cast: Cast, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(3, 3 + more):
        make_update(make_period(cast.indicator, month), cast.a, {"": 5, "age:0-5": 2})
    roll_up_indicators([cast.indicator.pk])
    alice = fresh(cast.alice)
    with django_assert_num_queries(42):
        look(cast, Change({"across_time": "latest"}, mappings=(("age", "0-5", "18-24"),)), by=alice)
