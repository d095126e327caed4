"""What Overview, portfolio and reports read of voices, in fixed numbers of statements."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from beneficiaries.calculation.drift import Drift
from beneficiaries.queries.ledger import ledger
from beneficiaries.queries.needs import people_of, ranked_needs
from beneficiaries.queries.quotes import latest_quotes
from beneficiaries.queries.staff import focal_points, staff_of
from beneficiaries.queries.voices import MessageCounts, voices, voices_of
from beneficiaries.queries.waits import waits_of
from projects.calculation.progress import PlanAnswer
from tests.factories import Cast, make_cast, make_place, make_project, make_user
from tests.factories_voices import (
    RECEIVED,
    make_activity,
    make_answered,
    make_decision,
    make_feedback,
    make_need,
    make_round,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


# ---------------------------------------------------------------- needs
def test_needs_are_ranked_by_first_places_of_the_newest_round_of_each_place(cast: Cast) -> None:
    care, bus, shoes = (make_need(cast.project, one) for one in ("Care", "Bus", "Shoes"))
    make_round(cast.project, (bus, 90, 90), held_on=date(2025, 6, 1))
    make_round(cast.project, (care, 60, 46), (bus, 40, 30))
    make_feedback(cast.project, need=bus)
    rows = [(str(one.need), one.rank, one.people, one.people_first, one.messages) for one in ranked_needs(cast.project)]
    assert rows == [("Care", 1, 60, 46, 0), ("Bus", 2, 40, 30, 1), ("Shoes", None, 0, 0, 0)]
    assert shoes.pk


def test_shares_stand_beside_each_other(cast: Cast) -> None:
    met, answered, voiced = (make_need(cast.project, state=one) for one in ("met", "answered", "voiced"))
    make_round(cast.project, (met, 50, 30), (answered, 40, 30), (voiced, 40, 40))
    said = people_of([cast.project])[cast.project.pk]
    assert (said.asked, said.answering, said.answered, said.met, said.needs_answered) == (200, 100, 60, 30, 2)
    assert (said.shares.answered.value, said.shares.met.value) == (Decimal("0.6"), Decimal("0.3"))


def test_without_a_round_nobody_is_counted(cast: Cast) -> None:
    said = people_of([cast.project])[cast.project.pk]
    assert (said.answering, said.round_on, said.shares.met.value) == (0, None, None)


# ---------------------------------------------------------------- waits
def test_waits_by_project_and_channel(cast: Cast) -> None:
    for days in (1, 3, 10):
        make_answered(cast.project, days=days)
    make_answered(cast.project, days=2, channel="sms")
    make_feedback(cast.project, received_at=RECEIVED - timedelta(days=30))
    make_feedback(cast.project, state="withdrawn")
    waits = waits_of([cast.project, cast.other], day=DAY)
    mine = waits[cast.project.pk]
    assert (mine.all.answered, mine.all.open, mine.all.overdue) == (4, 1, 1)
    assert (mine.all.median, mine.all.p90, mine.all.within.value) == (Decimal("2.5"), Decimal(10), Decimal("0.6"))
    assert (sorted(mine.by_channel), mine.by_channel["sms"].median) == (["sms", "web"], Decimal(2))
    assert (waits[cast.other.pk].all.median, waits[cast.other.pk].promised_days) == (None, 7)


def test_days_are_those_of_the_portals_time_zone(cast: Cast) -> None:
    late = datetime(2026, 11, 10, 22, 30, tzinfo=UTC)
    make_answered(cast.project, received_at=late, days=0)
    assert waits_of([cast.project], day=DAY)[cast.project.pk].all.median == Decimal(0)


# ---------------------------------------------------------------- quotes
def test_a_quote_needs_a_yes_else_it_is_the_paraphrase(cast: Cast) -> None:
    at = [RECEIVED + timedelta(hours=hour) for hour in range(6)]
    make_feedback(cast.project, "Own words", may_quote=True, received_at=at[5])
    make_feedback(cast.project, "Λόγια", language="el", translation="Words", may_quote=True, received_at=at[4])
    make_feedback(cast.project, "Hidden", paraphrase="Somebody asks for a bus", received_at=at[3])
    make_feedback(cast.project, "Hidden without paraphrase", received_at=at[2])
    make_feedback(cast.project, "Withdrawn", may_quote=True, state="withdrawn", received_at=at[1])
    make_feedback(cast.project, "Conduct", may_quote=True, is_about_conduct=True, received_at=at[0])
    quotes = latest_quotes(cast.project, limit=9)
    assert [(one.text, one.language, one.original, one.is_paraphrase) for one in quotes] == [
        ("Own words", "en", "", False),
        ("Words", "en", "Λόγια", False),
        ("Somebody asks for a bus", "en", "", True),
    ]
    assert [one.facts for one in quotes] == [["Web form"], ["Web form"], ["Web form", "Told by staff"]]


@pytest.mark.parametrize("alike, facts", [(4, ["Web form"]), (5, ["Woman, 25–39", "Old port", "Web form"])])
def test_descriptors_are_told_from_five_alike_on(cast: Cast, alike: int, facts: list[str]) -> None:
    place = make_place("PORT", name="Old port")
    for _number in range(alike):
        make_feedback(cast.project, may_quote=True, sex="female", age_band="25-39", place=place)
    make_feedback(cast.project, sex="male", age_band="25-39", place=place)
    quote = latest_quotes(cast.project, limit=1)[0]
    assert (quote.facts, quote.language_said) == (facts, "en" if alike == 5 else "")


def test_neither_a_protected_place_nor_what_was_not_said_is_told(cast: Cast) -> None:
    shelter = make_place("SHELTER", is_protected=True)
    for _number in range(5):
        make_feedback(cast.project, may_quote=True, place=shelter)
    assert latest_quotes(cast.project, limit=1)[0].facts == ["Web form"]


# ---------------------------------------------------------------- ledger
def test_the_ledger_names_what_changed_newest_first(cast: Cast) -> None:
    activity = make_activity(cast.project)
    make_decision(cast.project, cast.alice, "First", decided_on=date(2026, 1, 1), is_public=False)
    make_decision(cast.project, cast.alice, "Second", activity=activity, indicator=cast.indicator)
    lines = ledger(cast.project)
    assert [(one.said, one.decided_by, one.is_public) for one in lines] == [
        ("Second", "Alice", True),
        ("First", "Alice", False),
    ]
    assert [(thing.kind, thing.label) for thing in lines[0].things] == [
        ("activity", "Activity A1"),
        ("indicator", "Indicator 1.1"),
    ]
    assert [one.said for one in ledger(cast.project, public=True, limit=1)] == ["Second"]


@pytest.mark.parametrize(
    "language, reason", [("en", "Most work."), ("el", "Οι περισσότεροι εργάζονται."), ("ar", "Most work.")]
)
def test_a_reason_is_told_in_the_readers_language_where_it_was_written(cast: Cast, language: str, reason: str) -> None:
    make_decision(cast.project, cast.alice, reason="Most work.", reasons={"el": "Οι περισσότεροι εργάζονται."})
    with override(language):
        assert [line.reason for line in ledger(cast.project)] == [reason]


# ---------------------------------------------------------------- together
@pytest.mark.parametrize(
    "answer, expected",
    [(None, Drift.NONE), (PlanAnswer.YES, Drift.DRIFT), (PlanAnswer.NO, Drift.LATE_AND_UNHEARD)],
)
def test_drift_compares_the_plan_with_the_people(cast: Cast, answer: PlanAnswer | None, expected: Drift) -> None:
    make_round(cast.project, (make_need(cast.project), 50, 40))
    make_feedback(cast.project)
    make_feedback(cast.project, state="acknowledged", promised_on=DAY)
    said = voices(cast.project, day=DAY, answer=answer).summary
    assert (said.drift, said.messages) == (expected, MessageCounts(all=2, new=1, open=2, overdue=1))


def fill(cast: Cast, count: int) -> None:
    make_round(cast.project, *[(make_need(cast.project, f"Need {number}"), 50, 40) for number in range(count)])
    for _number in range(count):
        make_decision(cast.project, cast.alice, activity=None)
        make_answered(cast.project, may_quote=True, place=make_place(f"P{_number}"))


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_one_project_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    fill(cast, count)
    with django_assert_num_queries(11):
        voices(cast.project, day=DAY)


@pytest.mark.parametrize("count", [1, 4])
def test_statements_of_many_projects_do_not_grow(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    fill(cast, 2)
    projects = [cast.project, *(make_project(f"P-{number}") for number in range(count - 1))]
    with django_assert_num_queries(5):
        found = voices_of(projects, day=DAY)
    assert (len(found), found[cast.project.pk].messages.all) == (count, 2)


def test_staff_of_nothing_is_nobody(cast: Cast) -> None:
    assert (staff_of([None]), staff_of([cast.other.pk]), [one.name for one in focal_points()]) == (
        {},
        {cast.other.pk: []},
        ["Sofia"],
    )
    assert make_user("Nobody").pk
