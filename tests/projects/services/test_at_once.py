"""Acts that meet: nobody wins twice, and no total forgets an update."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from kmop.accounts.models import User
from kmop.accounts.services.users import service_account
from kmop.audit.queries.chain import verified_chain
from kmop.notifications.models import Notice
from kmop.shared.errors import DomainError
from projects.choices import UpdateState
from projects.models import Actual, Obligation, Update
from projects.services.periods import open_periods, remind
from projects.services.recomputation import compare
from projects.services.updates import (
    UpdateInput,
    ValueInput,
    approve_update,
    create_update,
    replace_update,
    revise_update,
)
from tests.factories import (
    Cast,
    make_cast,
    make_indicator,
    make_obligation,
    make_organisation,
    make_period,
    make_update,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[str]:
    """Do all acts at the same moment, each on a connection of its own; "done" or the code of the error, sorted."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            barrier.wait(timeout=30)
            act()
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def user(who: User) -> User:
    """The same person in a thread of her own."""
    return User.objects.get(pk=who.pk)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def content(number: int) -> UpdateInput:
    """A content that says only a total."""
    return UpdateInput(total=ValueInput(numerator=Decimal(number)))


def test_of_equal_entries_one_is_kept(cast: Cast) -> None:
    def act() -> None:
        create_update(
            indicator=cast.indicator, period=cast.period, organisation=cast.a, content=content(1), by=user(cast.bob)
        )

    assert at_once([act] * 6) == ["done", *["duplicate"] * 5]
    assert Update.objects.count() == 1


def test_of_writers_with_one_version_one_wins(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 1, state=UpdateState.DRAFT)

    def act() -> None:
        replace_update(update=update, content=content(2), expected_version=1, by=user(cast.bob))

    assert at_once([act] * 8) == ["done", *["stale"] * 7]
    update.refresh_from_db()
    assert update.version == 2


def test_a_total_forgets_no_update_approved_at_the_same_moment(cast: Cast) -> None:
    running = make_indicator(cast.project, "C", is_cumulative=True, across_time="latest")
    january, february = make_period(running), make_period(running, 2)
    partners = [make_organisation(f"P{number}") for number in range(6)]
    updates = [make_update(cast.period, one, 10, state=UpdateState.SUBMITTED) for one in partners]
    updates += [make_update(january, one, 10, state=UpdateState.SUBMITTED) for one in partners[:3]]
    updates += [make_update(february, one, 10, state=UpdateState.SUBMITTED) for one in partners[3:]]

    def approving(update: Update) -> Callable[[], Any]:
        return lambda: approve_update(update=update, by=user(cast.alice))

    assert at_once([approving(one) for one in updates]) == ["done"] * 12
    totals = Actual.objects.order_by("period_id").values_list("numerator", flat=True)
    assert list(totals) == [Decimal(60), Decimal(30), Decimal(60)]
    assert compare().differences == ()
    assert verified_chain().broken == []


def test_an_update_is_approved_once(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 5, state=UpdateState.SUBMITTED)

    def act() -> None:
        approve_update(update=update, by=user(cast.alice))

    assert at_once([act] * 4) == ["done", *["wrong_state"] * 3]
    assert Actual.objects.get().numerator == Decimal(5)


def test_one_revision_is_begun(cast: Cast) -> None:
    update = make_update(cast.period, cast.a, 5)

    def act() -> None:
        revise_update(update=update, reason="Twice counted.", by=user(cast.bob))

    assert at_once([act] * 4) == ["done", *["duplicate"] * 3]
    assert Update.objects.count() == 2


def test_periods_open_once_and_reminders_come_once(cast: Cast) -> None:
    by = service_account("timetable")
    for month in (2, 3, 4):
        make_period(cast.indicator, month)
    assert at_once([lambda: open_periods(day=date(2026, 5, 1), by=by)] * 4) == ["done"] * 4
    assert Obligation.objects.count() == 4
    make_obligation(make_period(cast.indicator, 5), cast.a, due_on=date(2026, 6, 1))
    Obligation.objects.exclude(due_on=date(2026, 6, 1)).delete()
    assert at_once([lambda: remind(day=date(2026, 6, 1))] * 4) == ["done"] * 4
    assert Notice.objects.filter(user=cast.bob).count() == 1
