"""Totals written by one statement are those that the arithmetic computes from the values."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kmop.shared.errors import RuleBroken
from projects.choices import UpdateState
from projects.models import Actual, Indicator, Update
from projects.services.recomputation import compare
from projects.services.rollup import roll_up, roll_up_all, roll_up_indicators, statement
from tests.factories import make_indicator, make_organisation, make_period, make_place, make_project, make_update

pytestmark = pytest.mark.django_db
FIELDS = (
    "period_id",
    "cell",
    "numerator",
    "denominator",
    "count",
    "minimum",
    "maximum",
    "latest",
    "latest_denominator",
)


def totals(indicator: Indicator) -> list[tuple[Any, ...]]:
    """The stored totals of an indicator, by start and cell."""
    rows = Actual.objects.filter(indicator=indicator).order_by("period__starts_on", "cell")
    return list(rows.values_list("cell", "numerator", "denominator", "count", "minimum", "maximum", "latest"))


def test_values_of_partners_and_places_are_added_by_cell() -> None:
    indicator = make_indicator(make_project())
    period = make_period(indicator)
    a, b, place = make_organisation("A"), make_organisation("B"), make_place("GR-I")
    make_update(period, a, {"": 10, "sex:female": 6})
    make_update(period, a, {"": "2.5"}, place=place)
    make_update(period, b, {"": 7, "sex:female": 3, "sex:male": 4})
    roll_up([period.pk])
    assert totals(indicator) == [
        ("", Decimal("19.5"), None, 3, Decimal("2.5"), Decimal(10), Decimal(7)),
        ("sex:female", Decimal(9), None, 2, Decimal(3), Decimal(6), Decimal(3)),
        ("sex:male", Decimal(4), None, 1, Decimal(4), Decimal(4), Decimal(4)),
    ]


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    indicator = make_indicator(make_project())
    period = make_period(indicator)
    make_update(period, make_organisation("A"), "0.1")
    make_update(period, make_organisation("B"), "0.2")
    roll_up([period.pk])
    assert [one[1] for one in totals(indicator)] == [Decimal("0.3")]


def test_parts_of_ratios_are_added_apart() -> None:
    indicator = make_indicator(make_project(), measure="percentage")
    period = make_period(indicator)
    make_update(period, make_organisation("A"), {"": (80, 200)})
    make_update(period, make_organisation("B"), {"": (0, 0)})
    make_update(period, make_organisation("C"), {"": (30, 50)})
    roll_up([period.pk])
    assert totals(indicator) == [("", Decimal(110), Decimal(250), 2, Decimal(30), Decimal(80), Decimal(30))]


def test_one_value_without_parts_leaves_no_denominator() -> None:
    indicator = make_indicator(make_project(), measure="percentage")
    period = make_period(indicator)
    make_update(period, make_organisation("A"), {"": (80, 200)})
    make_update(period, make_organisation("B"), {"": 60})
    roll_up([period.pk])
    assert totals(indicator) == [("", Decimal(140), None, 2, Decimal(60), Decimal(80), Decimal(60))]


@pytest.mark.parametrize(
    "given, denominator", [("not_applicable", None), ((0, 0), Decimal(0))], ids=["not applicable", "0 of 0"]
)
def test_nobody_to_count_answers_without_counting(given: Any, denominator: Decimal | None) -> None:
    indicator = make_indicator(make_project(), measure="percentage")
    period = make_period(indicator)
    make_update(period, make_organisation("A"), {"": given})
    roll_up([period.pk])
    assert totals(indicator) == [("", Decimal(0), denominator, 0, None, None, None)]


def test_only_approved_updates_that_are_not_superseded_count() -> None:
    indicator = make_indicator(make_project())
    period = make_period(indicator)
    for number, state in enumerate((UpdateState.DRAFT, UpdateState.SUBMITTED, UpdateState.RETURNED)):
        make_update(period, make_organisation(f"O{number}"), 5, state=state)
    make_update(period, make_organisation("OLD"), 7, superseded_at=datetime(2026, 2, 1, tzinfo=UTC))
    roll_up([period.pk])
    assert totals(indicator) == []


def test_cells_that_nobody_says_any_more_go() -> None:
    indicator = make_indicator(make_project())
    period = make_period(indicator)
    make_update(period, make_organisation("A"), {"": 3, "sex:female": 2})
    roll_up([period.pk])
    Update.objects.all().delete()
    make_update(period, make_organisation("B"), {"": 4})
    roll_up([period.pk])
    assert [one[:2] for one in totals(indicator)] == [("", Decimal(4))]


def test_a_running_total_carries_each_partner_and_place_forward() -> None:
    indicator = make_indicator(make_project(), is_cumulative=True, across_time="latest")
    january, february, march = (make_period(indicator, month) for month in (1, 2, 3))
    a, b = make_organisation("A"), make_organisation("B")
    make_update(january, a, 10)
    make_update(january, b, 5)
    make_update(march, a, 30)
    roll_up([january.pk, march.pk])
    assert [one[1] for one in totals(indicator)] == [Decimal(15), Decimal(15), Decimal(35)]
    make_update(february, b, 9)
    roll_up([february.pk])
    assert [one[1] for one in totals(indicator)] == [Decimal(15), Decimal(19), Decimal(39)]


def test_saying_nobody_later_takes_no_running_total_away() -> None:
    indicator = make_indicator(make_project(), is_cumulative=True, across_time="latest")
    january, february = (make_period(indicator, month) for month in (1, 2))
    a = make_organisation("A")
    make_update(january, a, 10)
    make_update(february, a, "not_applicable")
    roll_up([january.pk])
    assert [one[1] for one in totals(indicator)] == [Decimal(10), Decimal(10)]


def test_a_roll_up_is_two_statements_whatever_its_size() -> None:
    project = make_project()
    indicators = [make_indicator(project, f"1.{number}", is_cumulative=number % 2 == 0) for number in range(4)]
    a = make_organisation("A")
    periods = [make_period(one, month) for one in indicators for month in (1, 2, 3)]
    for period in periods:
        make_update(period, a, {"": 3, "sex:female": 1})
    for some in (periods[:1], periods):
        with CaptureQueriesContext(connection) as seen:
            roll_up([one.pk for one in some])
        assert len(seen) == 2
    assert Actual.objects.count() == 24
    roll_up([])


def test_the_statement_itself_can_be_sent_by_others() -> None:
    indicator = make_indicator(make_project())
    period = make_period(indicator)
    make_update(period, make_organisation("A"), 3)
    with connection.cursor() as cursor:
        cursor.execute(*statement([period.pk]))
    assert [one[:2] for one in totals(indicator)] == [("", Decimal(3))]


def test_a_total_beyond_what_can_be_kept_is_told() -> None:
    indicator = make_indicator(make_project())
    period = make_period(indicator)
    for code in ("A", "B"):
        make_update(period, make_organisation(code), 9_000_000_000_000)
    with pytest.raises(RuleBroken) as error, transaction.atomic():
        roll_up([period.pk])
    assert error.value.code == "too_large"
    assert totals(indicator) == []


def test_other_faults_of_the_database_stay_what_they_are() -> None:
    indicator = make_indicator(make_project())
    with pytest.raises(OperationalError), transaction.atomic(), connection.execute_wrapper(fault):
        roll_up_indicators([indicator.pk])


def fault(*statement: Any) -> None:
    """A database that answers nothing."""
    raise OperationalError("the disk is full")


def test_a_full_rebuild_gives_what_the_acts_gave() -> None:
    project = make_project()
    indicators = [make_indicator(project, "1.1"), make_indicator(project, "1.2", is_cumulative=True)]
    for one in indicators:
        for month in (1, 2):
            make_update(make_period(one, month), make_organisation(f"O{one.pk}{month}"), {"": month, "sex:male": 1})
    roll_up_indicators([one.pk for one in indicators])
    before = list(Actual.objects.order_by("period_id", "cell").values_list(*FIELDS))
    Actual.objects.filter(cell="").delete()
    Actual.objects.update(numerator=Decimal(99))
    with transaction.atomic():
        assert roll_up_all() == 4
    assert list(Actual.objects.order_by("period_id", "cell").values_list(*FIELDS)) == before
    assert len(before) == 8


VALUE = st.one_of(
    st.none(),
    st.just("not_applicable"),
    st.integers(0, 5),
    st.decimals(0, 9, places=3),
    st.tuples(st.integers(0, 9), st.integers(1, 9)),
    st.just((0, 0)),
)
CELLS = st.dictionaries(st.sampled_from(["", "sex:female", "age:0-5|sex:male"]), VALUE, min_size=1, max_size=3)
ROW = st.tuples(
    st.integers(1, 4),
    st.integers(0, 1),
    st.booleans(),
    st.sampled_from(["approved", "draft"]),
    st.integers(0, 3),
    CELLS,
)


class BothRoadsTest(TestCase):
    """Whatever partners say, the statement and the arithmetic agree."""

    @settings(max_examples=40)
    @given(rows=st.lists(ROW, max_size=12, unique_by=lambda row: row[:3]), is_cumulative=st.booleans())
    def test_statement_and_arithmetic_agree(self, rows: list[Any], is_cumulative: bool) -> None:
        """Random updates of two partners, with and without place, over four months."""
        indicator = make_indicator(make_project(), measure="percentage", is_cumulative=is_cumulative)
        periods = {month: make_period(indicator, month) for month in (1, 2, 3, 4)}
        partners, place = [make_organisation("A"), make_organisation("B")], make_place("X")
        for month, partner, has_place, state, days, cells in rows:
            submitted = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=days)
            fields = {"place": place if has_place else None, "state": state, "submitted_at": submitted}
            make_update(periods[month], partners[partner], cells, **fields)
        roll_up([one.pk for one in periods.values()])
        assert compare().differences == ()


def test_the_full_rebuild_writes_only_what_differs() -> None:
    indicator = make_indicator(make_project())
    january, february = make_period(indicator), make_period(indicator, 2)
    a = make_organisation("A")
    make_update(january, a, {"": 10, "sex:female": 4})
    make_update(february, a, {"": 7, "sex:female": 3})
    roll_up_all()
    Actual.objects.update(stamp=1)
    Actual.objects.filter(period=january, cell="").update(latest=None)
    Actual.objects.filter(period=january, cell="sex:female").delete()
    Actual.objects.create(indicator=indicator, period=february, cell="sex:male", count=1, stamp=1)
    roll_up_all()
    assert compare().differences == ()
    rows = Actual.objects.order_by("period__starts_on", "cell").values_list("cell", "latest", "stamp")
    assert [(cell, latest, stamp == 1) for cell, latest, stamp in rows] == [
        ("", Decimal(10), False),
        ("sex:female", Decimal(4), False),
        ("", Decimal(7), True),
        ("sex:female", Decimal(3), True),
    ]
