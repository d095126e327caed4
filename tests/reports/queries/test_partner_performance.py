"""What partners owed, and how it came: in time to the end of the due day, late, or not at all."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from projects.choices import UpdateState
from projects.models import Obligation
from reports.queries.partner_performance import Kept, MissingFigure, Scope, kept_dates, missing_figures
from tests.factories import Cast, make_cast, make_indicator, make_obligation, make_period, make_place, make_update

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 1, 1), date(2026, 11, 24)


@pytest.fixture
def cast() -> Cast:
    """The cast."""
    return make_cast()


def owe(
    cast: Cast, month: int, sent: datetime | None, *, state: str = UpdateState.APPROVED, **fields: Any
) -> Obligation:
    """A's figure of a month, due 30 days after it, sent at a moment or never."""
    period = make_period(cast.indicator, month)
    update = make_update(period, cast.a, state=state, submitted_at=sent, **fields) if sent else None
    return make_obligation(period, cast.a, update=update, **fields)


def scope(cast: Cast, **given: Any) -> Scope:
    """All of A."""
    return Scope(**{"project": None, "organisation": cast.a, "since": SINCE, "until": UNTIL, **given})


def test_the_due_day_ends_at_its_midnight_in_the_portals_time_zone(cast: Cast) -> None:
    owe(cast, 2, datetime(2026, 3, 30, 20, 59, tzinfo=UTC))  # 23:59 in Athens
    owe(cast, 3, datetime(2026, 4, 30, 21, 1, tzinfo=UTC))  # 00:01 of the next day
    owe(cast, 4, None)

    assert kept_dates(scope(cast)) == [
        Kept("Organisation A", "A", "civil_society", "STR-25", "Project STR-25", 3, 1, 1, 1, 2, 0)
    ]


def test_what_is_due_on_the_very_day_is_neither_late_nor_missing(cast: Cast) -> None:
    owe(cast, 2, None, due_on=UNTIL)

    kept = kept_dates(scope(cast))[0]
    assert (kept.owed, kept.on_time, kept.late, kept.missing) == (1, 0, 0, 0)
    assert missing_figures(scope(cast), most=9) == []


def test_a_later_day_and_another_project_are_left_out(cast: Cast) -> None:
    owe(cast, 2, None, due_on=date(2026, 11, 25))
    owe(cast, 3, None, due_on=date(2025, 12, 31))
    other = make_period(make_indicator(cast.other), 2)
    make_obligation(other, cast.b)

    assert kept_dates(scope(cast)) == []
    assert [each.organisation_code for each in kept_dates(scope(cast, organisation=None))] == ["B"]
    assert kept_dates(scope(cast, organisation=None, project=cast.project)) == []


def test_what_came_after_the_day_was_missing_on_it(cast: Cast) -> None:
    owe(cast, 2, datetime(2026, 5, 1, tzinfo=UTC))

    then = kept_dates(scope(cast, until=date(2026, 4, 15)))[0]
    now = kept_dates(scope(cast))[0]

    assert (then.late, then.missing) == (0, 1)
    assert (now.late, now.missing) == (1, 0)


def test_a_correction_does_not_make_it_late(cast: Cast) -> None:
    owed = owe(cast, 2, datetime(2026, 3, 1, tzinfo=UTC))
    assert owed.update is not None
    correction = make_update(
        owed.period, cast.a, 7, submitted_at=datetime(2026, 8, 1, tzinfo=UTC), revision=2, revises=owed.update
    )
    Obligation.objects.filter(pk=owed.pk).update(update=correction)

    assert kept_dates(scope(cast))[0].on_time == 1


def test_figures_of_places_are_counted_apart(cast: Cast) -> None:
    period = make_period(cast.indicator, 2)
    here, there = make_place("HERE"), make_place("THERE")
    sent = datetime(2026, 3, 1, tzinfo=UTC)
    make_obligation(period, cast.a, place=here, update=make_update(period, cast.a, place=here, submitted_at=sent))
    make_obligation(period, cast.a, place=there)

    kept = kept_dates(scope(cast))[0]
    assert (kept.owed, kept.on_time, kept.missing) == (2, 1, 1)


def test_a_draft_has_not_come_and_a_returned_one_has(cast: Cast) -> None:
    period = make_period(cast.indicator, 2)
    draft = make_update(period, cast.a, state=UpdateState.DRAFT)
    make_obligation(period, cast.a, update=draft)
    owe(cast, 3, datetime(2026, 4, 1, tzinfo=UTC), state=UpdateState.RETURNED)

    kept = kept_dates(scope(cast))[0]
    assert (kept.on_time, kept.missing, kept.approved, kept.returned) == (1, 1, 0, 1)


def test_missing_figures_are_named_longest_due_first_without_a_protected_place(cast: Cast) -> None:
    shelter = make_place("SHELTER", is_protected=True)
    owe(cast, 3, None)
    period = make_period(cast.indicator, 2)
    make_obligation(period, cast.a, place=shelter)
    make_obligation(period, cast.a, place=make_place("TOWN"))

    rows = missing_figures(scope(cast), most=9)

    assert [(each.period, each.place, each.due_on) for each in rows] == [
        ("2026-02/2026-02", "", date(2026, 3, 30)),
        ("2026-02/2026-02", "TOWN", date(2026, 3, 30)),
        ("2026-03/2026-03", "", date(2026, 4, 30)),
    ]
    assert rows[0] == MissingFigure(
        "Organisation A", "STR-25", "1.1", "Indicator 1.1", "2026-02/2026-02", "", date(2026, 3, 30)
    )
    assert len(missing_figures(scope(cast), most=2)) == 2


def test_one_statement_each_however_much_is_owed(cast: Cast, django_assert_num_queries: Any) -> None:
    for count in (1, 4):
        for month in range(1, count + 1):
            period = make_period(make_indicator(cast.project, f"9.{count}.{month}"), month)
            make_obligation(period, cast.a)
        with django_assert_num_queries(2):
            kept_dates(scope(cast))
            missing_figures(scope(cast), most=99)
