"""Periods: made, opened, locked, reminded of; safe to do twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from kmop.accounts.services.users import service_account
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed
from projects.models import LockException, Obligation, Period
from projects.services.periods import (
    Opened,
    add_periods,
    except_from_lock,
    generate_periods,
    lock_periods,
    open_periods,
    open_project_periods,
    remind,
    unlock_periods,
)
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_member,
    make_obligation,
    make_partnership,
    make_period,
    make_place,
    make_project,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def spans(periods: list[Period]) -> list[tuple[date, date, date | None]]:
    """Start, end and due day of periods."""
    return [(one.starts_on, one.ends_on, one.due_on) for one in periods]


def generate(cast: Cast, starts_on: date, ends_on: date, frequency: str) -> list[Period]:
    """Periods of a new indicator."""
    indicator = make_indicator(cast.project, f"P{Period.objects.count()}")
    return generate_periods(
        indicators=[indicator], starts_on=starts_on, ends_on=ends_on, frequency=frequency, due_days=30, by=cast.alice
    )


def test_quarters_follow_the_start_and_end_with_the_project(cast: Cast) -> None:
    assert spans(generate(cast, date(2026, 8, 1), date(2027, 1, 15), "quarter")) == [
        (date(2026, 8, 1), date(2026, 10, 31), date(2026, 11, 30)),
        (date(2026, 11, 1), date(2027, 1, 15), date(2027, 2, 14)),
    ]


@pytest.mark.parametrize("frequency, count", [("month", 24), ("quarter", 8), ("half_year", 4), ("year", 2)])
def test_two_years_in_periods(cast: Cast, frequency: str, count: int) -> None:
    periods = generate(cast, date(2026, 1, 1), date(2027, 12, 31), frequency)
    assert (len(periods), periods[-1].ends_on) == (count, date(2027, 12, 31))


def test_months_from_a_last_day_stay_within_their_months(cast: Cast) -> None:
    assert [one[:2] for one in spans(generate(cast, date(2026, 1, 31), date(2026, 4, 29), "month"))] == [
        (date(2026, 1, 31), date(2026, 2, 27)),
        (date(2026, 2, 28), date(2026, 3, 30)),
        (date(2026, 3, 31), date(2026, 4, 29)),
    ]


def test_generating_twice_adds_nothing(cast: Cast) -> None:
    values: dict[str, Any] = {
        "indicators": [cast.indicator],
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 3, 31),
        "frequency": "month",
        "due_days": 20,
        "by": cast.alice,
    }
    first = generate_periods(**values)
    assert generate_periods(**values) == first
    assert first[0] == cast.period
    with pytest.raises(ValidationError):
        generate_periods(**{**values, "ends_on": date(2025, 1, 1)})
    with pytest.raises(NotAllowed):
        generate_periods(**{**values, "by": cast.bob})


def test_periods_are_added_as_they_are(cast: Cast) -> None:
    rows = [Period(indicator=cast.indicator, starts_on=date(2026, 5, 3), ends_on=date(2026, 6, 7))]
    assert [one.code for one in add_periods(rows=rows, by=cast.alice)] == ["2026-05-03/2026-06-07"]
    with pytest.raises(NotAllowed):
        add_periods(rows=rows, by=cast.bob)


# ---------------------------------------------------------------- opening
def test_opening_asks_every_reporting_partner_once(cast: Cast) -> None:
    by = service_account("timetable")
    for month in (2, 3, 4):
        make_period(cast.indicator, month)
    make_period(make_indicator(cast.project, "old", is_active=False))
    make_partnership(cast.project, cast.kmop, reports=False)
    make_partnership(cast.project, cast.b, places=[make_place("GR-I"), make_place("GR-M")])
    make_period(make_indicator(make_project("DES", status="design")))
    answered = make_update(cast.period, cast.a, 4)
    assert open_periods(day=DAY, by=by) == Opened(periods=4, obligations=9)
    rows = Obligation.objects.order_by("period__starts_on", "organisation__code", "place__code")
    assert list(rows.values_list("period__starts_on__month", "organisation__code", "place__code"))[:3] == [
        (1, "A", None),
        (1, "B", "GR-I"),
        (1, "B", "GR-M"),
    ]
    assert (rows[0].update, rows[1].update, rows[0].due_on) == (answered, None, cast.period.due_on)
    assert open_periods(day=DAY, by=by) == Opened(0, 0)
    assert Entry.objects.filter(action="periods.opened").count() == 1
    assert open_periods(day=date(2026, 4, 1), by=by) == Opened(1, 3)


def test_a_partner_that_joins_later_owes_what_is_open(cast: Cast) -> None:
    by = service_account("timetable")
    open_periods(day=DAY, by=by)
    make_partnership(cast.project, cast.b)
    assert open_periods(day=DAY, by=by) == Opened(0, 1)


def test_some_projects_are_opened_whatever_their_status(cast: Cast) -> None:
    project = make_project("DES", status="design")
    make_partnership(project, cast.a)
    make_period(make_indicator(project))
    assert open_project_periods(projects=[project], day=DAY, by=cast.alice) == Opened(1, 1)
    assert open_project_periods(projects=[], day=DAY, by=cast.alice) == Opened(0, 0)


# ---------------------------------------------------------------- locks
def test_periods_are_locked_opened_and_excepted(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        lock_periods(periods=[cast.period], by=cast.bob)
    assert lock_periods(periods=[cast.period], by=cast.alice) == 1
    assert lock_periods(periods=[cast.period], by=cast.alice) == 0
    cast.period.refresh_from_db()
    assert (cast.period.is_locked, cast.period.version) == (True, 2)
    today = timezone.localdate()
    values: dict[str, Any] = {"period": cast.period, "organisation": cast.a, "by": cast.alice}
    for wrong in ({"until": today, "reason": " "}, {"until": today - timedelta(days=1), "reason": "Late."}):
        with pytest.raises(ValidationError):
            except_from_lock(**values, **wrong)
    row = except_from_lock(**values, until=today, reason="The server was down.")
    assert LockException.objects.get() == row
    assert unlock_periods(periods=[cast.period], by=cast.alice) == 1
    actions = list(Entry.objects.order_by("position").values_list("action", flat=True))
    assert actions == ["period.locked", "period.unlocked", "period.unlocked"]


# ---------------------------------------------------------------- reminders
def told(user: Any) -> list[str]:
    """What a person was told, in English."""
    with translation.override("en"):
        return [one.text for one in Notice.objects.filter(user=user).order_by("kind")]


@pytest.mark.parametrize(
    "days, count",
    [(15, 0), (14, 1), (13, 0), (3, 1), (1, 0), (0, 1), (-1, 0), (-7, 1), (-8, 0), (-14, 1)],
)
def test_reminders_come_on_their_days(cast: Cast, days: int, count: int) -> None:
    make_obligation(cast.period, cast.a, due_on=DAY + timedelta(days=days))
    assert remind(day=DAY) == count
    assert len(told(cast.bob)) == count


def test_a_day_reminds_once_and_gathers_by_project(cast: Cast) -> None:
    second = make_period(cast.indicator, 2)
    make_obligation(cast.period, cast.a, due_on=DAY - timedelta(days=14))
    make_obligation(second, cast.a, due_on=DAY)
    make_obligation(make_period(cast.indicator, 3), cast.a, due_on=DAY, update=make_update(second, cast.a, 1))
    make_member(cast.dora, cast.a, "partner_viewer")
    machine = make_user("Machine", kind="service")
    make_member(machine, cast.a)
    assert remind(day=DAY) == 2
    assert remind(day=DAY) == 0
    assert told(cast.bob) == [
        "STR-25: 1 figures are due on 10 Mar 2026; Organisation A reports them.",
        "STR-25: 1 figures of Organisation A are late, the oldest since 24 Feb 2026.",
    ]
    assert [told(one) for one in (cast.dora, cast.carol, machine)] == [[], [], []]
    assert remind(day=DAY + timedelta(days=7)) == 2


def test_projects_that_do_not_run_remind_nobody(cast: Cast) -> None:
    make_obligation(cast.period, cast.a, due_on=DAY)
    cast.project.status = "closed"
    cast.project.save()
    assert remind(day=DAY) == 0
