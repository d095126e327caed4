"""The second road: nothing differs after the acts, and what somebody changed behind them is found and told."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from kmop.accounts.choices import PortalRole
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared.jobs import enqueue
from projects.models import Actual, Obligation, Period
from projects.services.recomputation import Recomputed, compare
from projects.services.rollup import roll_up_indicators
from tests.factories import Cast, make_cast, make_obligation, make_period, make_update, make_user
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """January of A with 10 is approved and rolled up."""
    cast = make_cast()
    make_update(cast.period, cast.a, {"": 10, "sex:female": 4})
    roll_up_indicators([cast.indicator.pk])
    return cast


def command(*options: str) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of `recompute --json`."""
    out = StringIO()
    code = 0
    try:
        call_command("recompute", "--json", *options, stdout=out)
    except SystemExit as leaving:
        code = int(str(leaving.code))
    return code, json.loads(out.getvalue())


def test_nothing_differs_after_a_roll_up(cast: Cast) -> None:
    assert compare() == Recomputed(1, ())
    assert command("--check") == (0, {"periods": 1, "differences": []})


def test_a_changed_total_is_found_told_and_written_anew(cast: Cast) -> None:
    Actual.objects.filter(cell="").update(numerator=Decimal(12))
    code, answer = command("--check")
    assert (code, answer["periods"]) == (1, 1)
    [row] = answer["differences"]
    assert (row["indicator"], row["period"], row["cell"]) == ("STR-25/1.1", "2026-01/2026-01", "")
    assert (row["stored"]["numerator"], row["computed"]["numerator"]) == ("12", "10")
    assert Actual.objects.get(cell="").numerator == Decimal(12)
    code, answer = command()
    assert (code, len(answer["differences"])) == (0, 1)
    assert Actual.objects.get(cell="").numerator == Decimal(10)
    assert Entry.objects.filter(action="totals.written").count() == 1
    assert command() == (0, {"periods": 1, "differences": []})


def test_missing_and_left_over_rows_differ_too(cast: Cast) -> None:
    Actual.objects.filter(cell="sex:female").update(cell="sex:male")
    assert [(one.cell, one.stored["count"], one.computed["count"]) for one in compare().differences] == [
        ("sex:female", "0", "1"),
        ("sex:male", "1", "0"),
    ]


def test_the_command_tells_people_in_lines(cast: Cast) -> None:
    Actual.objects.filter(cell="sex:female").delete()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("recompute", "--check", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("STR-25/1.1 2026-01/2026-01 [sex:female]: stored {")
    assert lines[1] == "1 periods, 1 differences"


def test_the_nightly_job_raises_an_alarm(cast: Cast, run_jobs: RunJobs) -> None:
    manager = make_user("Manager", PortalRole.PORTFOLIO_MANAGER)
    administrator = make_user("Admin", PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER)
    enqueue("projects.tasks.recompute_check")
    run_jobs()
    assert Notice.objects.count() == 0
    Actual.objects.filter(cell="").update(maximum=Decimal(99))
    enqueue("projects.tasks.recompute_check")
    run_jobs()
    assert [(one.user, one.text) for one in Notice.objects.order_by("user_id")] == [
        (
            manager,
            "STR-25/1.1, 2026-01/2026-01: the stored total is maximum 99, computed again it is maximum 10.",
        ),
        (
            administrator,
            "STR-25/1.1, 2026-01/2026-01: the stored total is maximum 99, computed again it is maximum 10.",
        ),
    ]


def test_the_daily_jobs_open_and_remind(cast: Cast, run_jobs: RunJobs) -> None:
    make_period(cast.indicator, 2)
    enqueue("projects.tasks.open_periods")
    enqueue("projects.tasks.remind")
    run_jobs()
    assert Period.objects.filter(opened_at=None).count() == 0
    assert Obligation.objects.count() == 2
    assert Obligation.objects.filter(update=None).count() == 1


def test_overlapping_obligations_are_left_alone(cast: Cast, run_jobs: RunJobs) -> None:
    make_obligation(cast.period, cast.a)
    enqueue("projects.tasks.open_periods")
    run_jobs()
    assert Obligation.objects.count() == 1
