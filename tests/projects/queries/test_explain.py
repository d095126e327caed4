"""Explain this number: what counts, what does not and why, as of any past day."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from kmop.shared.errors import NotAllowed
from projects.calculation.definition import Change
from projects.choices import UpdateState
from projects.models import Indicator, IndicatorVersion, Period, Update
from projects.queries.explain import Explanation, explain
from projects.services.definitions import change_indicator
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_partnership,
    make_period,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def at(month: int, day: int) -> datetime:
    """Noon of a day of the year."""
    return datetime(2026, month, day, 12, tzinfo=UTC)


def approved(
    period: Period, organisation: Any, values: Any, submitted: datetime, decided: datetime, **f: Any
) -> Update:
    """An approved update with its moments."""
    return make_update(period, organisation, values, submitted_at=submitted, decided_at=decided, **f)


def of(indicator: Indicator, user: Any, **fields: Any) -> Explanation:
    """The lineage on the day."""
    return explain(indicator, user=fresh(user), day=DAY, **fields)


def test_a_figure_is_explained_by_its_updates(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    a = approved(cast.period, cast.a, {"": 10, "sex:male": 4}, at(2, 1), at(2, 5), decided_by=cast.alice)
    make_update(cast.period, cast.b, 7, state=UpdateState.SUBMITTED)
    returned = make_update(make_period(cast.indicator, 2), cast.b, 7, state=UpdateState.RETURNED)
    make_update(make_period(cast.indicator, 3), cast.b, 7, state=UpdateState.DRAFT)
    make_target(cast.indicator, 20, cast.period)
    owed = make_obligation(cast.period, cast.b)
    told = of(cast.indicator, cast.alice, period=cast.period)
    assert (told.figure.value, told.target.value, told.missing) == (Decimal(10), Decimal(20), [owed])
    assert [(one.update, one.approved_by) for one in told.counted] == [(a, cast.alice)]
    assert [str(one.reason) for one in told.excluded] == ["Waits for a decision."]
    whole = of(cast.indicator, cast.alice)
    assert [(one.period.starts_on.month, one.figure.value) for one in whole.periods] == [
        (1, Decimal(10)),
        (2, None),
        (3, None),
    ]
    assert (whole.figure.value, [one.update for one in whole.excluded][-1]) == (Decimal(10), returned)
    assert str(whole.excluded[-1].reason) == "Was returned to the partner."
    assert [str(one) for one in whole.method] == ["Across partners and places: Sum.", "Across time: Sum."]
    by_sex = of(cast.indicator, cast.alice, period=cast.period, cell="sex:male")
    assert (by_sex.figure.value, by_sex.hidden) == (Decimal(4), 0)
    missing = of(cast.indicator, cast.alice, period=cast.period, cell="sex:female")
    assert str(missing.excluded[0].reason) == "Says nothing about this part."


def test_as_of_a_past_day_the_old_revision_counts(cast: Cast) -> None:
    first = approved(cast.period, cast.a, 10, at(2, 1), at(2, 5), superseded_at=at(2, 20))
    second = approved(cast.period, cast.a, 8, at(2, 15), at(2, 20), revision=2, revises=first)
    values = {
        date(2026, 2, 4): (None, [], ["Was corrected by a later revision."]),
        date(2026, 2, 10): (Decimal(10), [first], []),
        date(2026, 2, 16): (Decimal(10), [first], ["Was approved later."]),
        date(2026, 2, 20): (Decimal(8), [second], ["Was corrected by a later revision."]),
    }
    for day, (number, counted, reasons) in values.items():
        told = of(cast.indicator, cast.alice, period=cast.period, as_of=day)
        assert (told.figure.value, [one.update for one in told.counted]) == (number, counted), day
        assert [str(one.reason) for one in told.excluded] == reasons, day
    assert of(cast.indicator, cast.alice).figure.value == Decimal(8)


def test_a_correction_is_told_with_its_number_and_reason(cast: Cast) -> None:
    first = approved(cast.period, cast.a, 10, at(2, 1), at(2, 5), superseded_at=at(2, 20))
    second = approved(
        cast.period, cast.a, 8, at(2, 15), at(2, 20), revision=2, revises=first, revision_reason="Counted twice."
    )
    told = of(cast.indicator, cast.alice, period=cast.period)
    assert [one.update for one in told.counted] == [second]
    assert [(one.update, str(one.reason)) for one in told.excluded] == [
        (first, "Was corrected by revision 2: Counted twice.")
    ]


def test_a_changed_category_is_explained_from_what_was_entered_and_as_it_was_then(cast: Cast) -> None:
    cast.indicator.dimensions.set([make_dimension("age")])
    for partner, values in ((cast.a, {"age:0-5": 3, "age:18-24": 4}), (cast.b, {"age:18-24": 1})):
        make_update(cast.period, partner, values, submitted_at=at(2, 1), decided_at=at(2, 2))
    merged = Change(mappings=(("age", "0-5", "18-24"),))
    version = change_indicator(indicator=cast.indicator, change=merged, reason="One band.", by=cast.alice)
    IndicatorVersion.objects.filter(number=1).update(at=at(1, 1))
    IndicatorVersion.objects.filter(pk=version.pk).update(at=at(3, 1))
    cast.indicator.refresh_from_db()
    now = of(cast.indicator, cast.alice, period=cast.period, cell="age:18-24")
    assert (now.figure.value, now.version) == (Decimal(8), version)
    assert sorted(one.figure.value or 0 for one in now.counted) == [Decimal(1), Decimal(7)]
    assert of(cast.indicator, cast.alice, period=cast.period, cell="age:0-5").figure.value is None
    then = of(cast.indicator, cast.alice, period=cast.period, cell="age:18-24", as_of=date(2026, 2, 10))
    assert (then.figure.value, then.version and then.version.number) == (Decimal(5), 1)


def test_a_running_total_names_what_stands_for_it(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "C", is_cumulative=True, across_time="latest", measure="percentage")
    january, february = make_period(indicator), make_period(indicator, 2)
    old = approved(january, cast.a, {"": (1, 4)}, at(2, 1), at(2, 2))
    new = approved(february, cast.a, {"": (3, 4)}, at(3, 1), at(3, 2))
    nobody = approved(february, cast.b, {"": "not_applicable"}, at(3, 1), at(3, 2))
    told = of(indicator, cast.alice, period=february)
    assert told.figure.value == Decimal(75)
    assert {one.update for one in told.counted} == {new, nobody}
    assert [(one.update, str(one.reason)) for one in told.excluded] == [(old, "A newer running total stands for it.")]
    assert len(told.method) == 4
    assert of(indicator, cast.alice, period=january).figure.value == Decimal(25)


def test_a_partner_sees_its_own_updates_and_how_many_others_there_are(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    own = approved(cast.period, cast.a, 10, at(2, 1), at(2, 5))
    approved(cast.period, cast.b, 5, at(2, 1), at(2, 5))
    told = of(cast.indicator, cast.bob, period=cast.period)
    assert (told.figure.value, [one.update for one in told.lines], told.hidden) == (Decimal(15), [own], 1)
    for user in (cast.dora, cast.sofia):
        with pytest.raises(NotAllowed):
            of(cast.indicator, user)


@pytest.mark.parametrize("count", [1, 4])
def test_explaining_takes_the_same_statements(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(1, count + 1):
        period = cast.period if month == 1 else make_period(cast.indicator, month)
        approved(period, cast.a, month, at(3, 1), at(3, 2))
        make_obligation(period, cast.b)
    alice = fresh(cast.alice)
    with django_assert_num_queries(17):
        explain(cast.indicator, user=alice, day=DAY)
