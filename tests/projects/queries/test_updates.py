"""Updates as pages show them: one with its history, the review queue, what is due, the page of entry."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from kmop.shared.errors import NotAllowed
from projects.calculation.values import NOT_REPORTED
from projects.choices import UpdateState
from projects.models import Update
from projects.queries.entry import enter_page
from projects.queries.flags import sentence, sentences
from projects.queries.obligations import obligation_of, obligations
from projects.queries.review import FlagCount, review_counts, review_queue, review_rows
from projects.queries.updates import update_detail
from projects.services.updates import UpdateInput, ValueInput, approve_update, create_update, revise_update
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_partnership,
    make_period,
    make_place,
    make_update,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


# ---------------------------------------------------------------- one update
def test_an_update_with_what_was_before_and_what_may_be_done(cast: Cast) -> None:
    cast.indicator.dimensions.add(make_dimension("sex"))
    make_update(cast.period, cast.a, {"": 9, "sex:female": 5, "sex:male": 4})
    february = make_period(cast.indicator, 2)
    obligation = make_obligation(february, cast.a)
    content = UpdateInput(values=(ValueInput({"sex": "female"}, Decimal(6)), ValueInput({"sex": "other"}, Decimal(1))))
    update = create_update(
        indicator=cast.indicator, period=february, organisation=cast.a, content=content, submit=True, by=cast.bob
    )
    detail = update_detail(update, user=fresh(cast.alice))
    assert (detail.total.value, [one.total.value for one in detail.earlier]) == (Decimal(7), [Decimal(9)])
    assert detail.previous == detail.earlier[0]
    assert [(one.cell, one.words, one.figure.value, one.previous.value) for one in detail.lines] == [
        ("sex:female", "Female", Decimal(6), Decimal(5)),
        ("sex:male", "Male", None, Decimal(4)),
        ("sex:other", "Other", Decimal(1), None),
    ]
    assert (detail.obligation, detail.evidence, detail.revisions) == (obligation, [], [update])
    assert [one.label for one in detail.history] == ["Update submitted", "Update created"]
    assert {one.actor for one in detail.history} == {"Bob"}
    assert [name for name, verdict in detail.acts.items() if verdict] == ["approve_update", "return_update"]
    assert str(detail.acts["change_update"].reason) == "This update belongs to another organisation."
    own = update_detail(update, user=fresh(cast.bob))
    assert str(own.acts["change_update"].reason) == "Only a draft or a returned update can be changed."
    with pytest.raises(NotAllowed):
        update_detail(update, user=cast.carol)


def test_a_revision_answers_the_obligation_of_what_it_revises(cast: Cast) -> None:
    obligation = make_obligation(cast.period, cast.a)
    content = UpdateInput(total=ValueInput(numerator=Decimal(7)))
    update = create_update(
        indicator=cast.indicator, period=cast.period, organisation=cast.a, content=content, submit=True, by=cast.bob
    )
    approve_update(update=update, by=cast.alice)
    revision = revise_update(update=update, reason="Twice counted.", by=cast.bob)
    assert obligation_of(revision) == obligation_of(update) == obligation
    assert [one.revision for one in update_detail(update, user=cast.alice).revisions] == [1, 2]
    page = enter_page(fresh(cast.bob), organisation=cast.a, day=DAY)
    assert [row.update for row in page.rows] == [revision]


@pytest.mark.parametrize("count", [1, 4])
def test_an_update_takes_the_same_statements(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(1, count + 2):
        period = cast.period if month == 1 else make_period(cast.indicator, month)
        update = make_update(period, cast.a, {"": month, "sex:male": 1})
    alice = fresh(cast.alice)
    with django_assert_num_queries(14):
        update_detail(update, user=alice)


# ---------------------------------------------------------------- flags in words
@pytest.mark.parametrize(
    "flag, said",
    [
        ({"code": "late", "params": {"days": 1}}, "Submitted 1 day late."),
        ({"code": "late", "params": {"days": 9}}, "Submitted 9 days late."),
        (
            {"code": "jump", "params": {"value": "90", "previous": "11.123456"}},
            "90 differs much from 11.12 in the period before.",
        ),
        (
            {"code": "breakdown_does_not_add_up", "params": {"dimensions": "sex", "difference": "2.50"}},
            "The breakdown by sex leaves 2.5 without a category.",
        ),
        ({"code": "new_one", "params": {}}, "Flag: new_one"),
    ],
)
def test_flags_are_told_in_words(flag: dict[str, Any], said: str) -> None:
    assert sentence(flag) == said
    assert sentences([flag, flag]) == [said, said]


# ---------------------------------------------------------------- review
def flagged(update: Update, *codes: str) -> Update:
    """The same update with flags."""
    update.flags = [{"code": code, "params": {"days": 2}, "cell": ""} for code in codes]
    update.save(update_fields=["flags"])
    return update


def test_the_queue_shows_flagged_ones_first_then_the_oldest(cast: Cast) -> None:
    make_partnership(cast.project, cast.b)
    place = make_place("GR-I")
    make_update(cast.period, cast.a, 9)
    make_update(cast.period, cast.a, 100, place=place)
    february = make_period(cast.indicator, 2)
    now = timezone.now()
    waiting = [
        make_update(
            february, organisation, 5, state=UpdateState.SUBMITTED, submitted_at=now - timedelta(hours=hours), **f
        )
        for organisation, hours, f in ((cast.a, 3, {}), (cast.b, 9, {}), (cast.a, 1, {"place": place}))
    ]
    flagged(waiting[2], "late")
    make_update(make_period(cast.indicator, 3), cast.a, 5, state=UpdateState.DRAFT)
    make_update(make_period(make_indicator(cast.other)), cast.b, 5, state=UpdateState.SUBMITTED)
    alice = fresh(cast.alice)
    queue = list(review_queue(alice))
    assert queue == [waiting[2], waiting[1], waiting[0]]
    rows = review_rows(queue, user=alice)
    assert [one.previous.value for one in rows] == [Decimal(100), None, Decimal(9)]
    assert [(one.total.value, one.warnings, one.is_clean) for one in rows] == [
        (Decimal(5), ["Submitted 2 days late."], False),
        (Decimal(5), [], True),
        (Decimal(5), [], True),
    ]
    assert all(one.approve and one.return_ for one in rows)
    counts = review_counts(alice)
    assert (counts.waiting, counts.flagged, counts.oldest) == (3, 1, waiting[1].submitted_at)
    assert list(review_queue(alice, project=cast.other)) == []
    for user in (cast.bob, cast.carol, cast.dora):
        assert list(review_queue(user)) == []


def test_flags_are_counted_by_the_function_of_the_database() -> None:
    compiler = Update.objects.all().query.get_compiler("default")
    counted = FlagCount(Value(2))
    assert counted.as_sql(compiler, connection)[0] == "JSON_ARRAY_LENGTH(%s)"
    assert counted.as_postgresql(compiler, connection)[0] == "JSONB_ARRAY_LENGTH(%s)"


@pytest.mark.parametrize("count", [1, 4])
def test_the_queue_takes_the_same_statements(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_update(cast.period, cast.a, 2)
    for month in range(2, count + 2):
        make_update(make_period(cast.indicator, month), cast.a, 3, state=UpdateState.SUBMITTED)
    alice = fresh(cast.alice)
    with django_assert_num_queries(9):
        assert len(review_rows(review_queue(alice), user=alice)) == count


# ---------------------------------------------------------------- due
def test_what_is_owed_by_state_and_day(cast: Cast) -> None:
    periods = [cast.period, *(make_period(cast.indicator, month) for month in range(2, 8))]
    states = [None, None, None, "draft", "submitted", "returned", "approved"]
    for period, state in zip(periods, states, strict=True):
        update = make_update(period, cast.a, 1, state=state) if state else None
        make_obligation(period, cast.a, update=update)
    rows = obligations(cast.bob, day=DAY)
    assert [one.state for one in rows] == ["overdue", "due", "not_due", "not_due", "submitted", "returned", "approved"]
    assert list(obligations(cast.carol, day=DAY)) == []


# ---------------------------------------------------------------- enter
def test_the_page_of_entry_opens_where_something_is_owed(cast: Cast) -> None:
    second = make_indicator(cast.project, "1.2", dimensions=[make_dimension("sex")])
    february, february_of_second = make_period(cast.indicator, 2), make_period(second, 2)
    before = make_update(cast.period, cast.a, {"": 9, "sex:male": 3})
    make_obligation(cast.period, cast.a, update=before)
    draft = flagged(make_update(february, cast.a, 4, state=UpdateState.DRAFT), "late")
    make_obligation(february, cast.a, update=draft)
    make_obligation(february_of_second, cast.a)
    bob = fresh(cast.bob)
    page = enter_page(bob, organisation=cast.a, day=DAY)
    assert (page.project, page.projects) == (cast.project, [cast.project])
    assert [(one.code, one.owed, one.total) for one in page.periods] == [
        ("2026-01/2026-01", 0, 1),
        ("2026-02/2026-02", 2, 2),
    ]
    assert page.period == page.periods[1]
    first, other = page.rows
    assert (first.update, first.figures[""].value, first.before, first.before_total.value) == (draft, 4, before, 9)
    assert first.before_figures["sex:male"].value == Decimal(3)
    assert (first.warnings, first.is_locked) == (["Submitted 2 days late."], False)
    assert [name for name, verdict in first.acts.items() if verdict] == [
        "change_update",
        "submit_update",
        "delete_update",
    ]
    assert (other.update, other.before_total, other.acts, [one.code for one in other.dimensions]) == (
        None,
        NOT_REPORTED,
        {},
        ["sex"],
    )
    january = enter_page(bob, organisation=cast.a, day=DAY, project=cast.project, period_code="2026-01/2026-01")
    assert [one.update for one in january.rows] == [before]
    assert enter_page(bob, organisation=cast.a, day=DAY, period_code="2020-01/2020-01").rows == []


def test_nobody_else_sees_what_a_owes(cast: Cast) -> None:
    make_obligation(cast.period, cast.a)
    page = enter_page(cast.carol, organisation=cast.a, day=DAY)
    assert (page.rows, page.periods, page.project) == ([], [], None)


def test_a_locked_period_says_so(cast: Cast) -> None:
    cast.period.is_locked = True
    cast.period.save()
    make_obligation(cast.period, cast.a)
    assert [one.is_locked for one in enter_page(cast.bob, organisation=cast.a, day=DAY).rows] == [True]
    cast.period.lock_exceptions.create(organisation=cast.a, until=DAY, reason="Late.", given_by=cast.alice)
    with translation.override("el"):
        assert [one.is_locked for one in enter_page(cast.bob, organisation=cast.a, day=DAY).rows] == [False]


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_of_entry_takes_the_same_statements(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        indicator = make_indicator(cast.project, f"9.{number}", dimensions=[make_dimension("sex")])
        make_update(make_period(indicator), cast.a, 3)
        february = make_period(indicator, 2)
        update = make_update(february, cast.a, {"": 3, "sex:male": 1}, state=UpdateState.DRAFT)
        make_obligation(february, cast.a, update=update)
    bob = fresh(cast.bob)
    with django_assert_num_queries(13):
        assert len(enter_page(bob, organisation=cast.a, day=DAY).rows) == count
