"""The second road: nothing differs after the acts, and what somebody changed behind them is found and told."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from kmop.accounts.choices import PortalRole
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.notifications.services.digests import build_digests
from kmop.shared.jobs import enqueue
from projects.choices import ProjectRoleName
from projects.models import Actual, Indicator, Obligation, Period, UpdateValue
from projects.services.recomputation import Recomputed, compare
from projects.services.rollup import roll_up_indicators
from tests.factories import Cast, make_cast, make_obligation, make_period, make_role, make_update, make_user
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


TOTAL = "STR-25/1.1, 2026-01/2026-01: the stored total is {stored}, computed again it is {computed}."


def nightly(run_jobs: RunJobs) -> list[tuple[str, str]]:
    """Run the nightly job; who was told what so far, by name and text."""
    enqueue("projects.tasks.recompute_check")
    run_jobs()
    return sorted((one.user.name, one.text) for one in Notice.objects.select_related("user"))


def test_the_nightly_job_raises_an_alarm(cast: Cast, run_jobs: RunJobs, caplog: pytest.LogCaptureFixture) -> None:
    make_user("Manager", PortalRole.PORTFOLIO_MANAGER)
    make_user("Admin", PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER)
    make_user("Protector", PortalRole.DATA_PROTECTION_OFFICER)
    make_role(make_user("Elsewhere"), ProjectRoleName.ME_OFFICER, cast.other)
    make_role(make_user("Greek"), ProjectRoleName.ME_OFFICER, country="GR")
    gone = make_user("Gone", PortalRole.PORTAL_ADMINISTRATOR)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    assert nightly(run_jobs) == []
    Actual.objects.filter(cell="").update(maximum=Decimal(99))
    text = TOTAL.format(stored="maximum 99", computed="maximum 10")
    assert nightly(run_jobs) == [("Admin", text), ("Alice", text), ("Greek", text), ("Manager", text)]
    indicator = cast.indicator.pk
    assert {one.link for one in Notice.objects.all()} == {
        f"/projects/{cast.project.pk}/results/?indicator={indicator}&period=2026-01/2026-01#explain"
    }
    assert [one.getMessage() for one in caplog.records if one.name == "projects.services.alarm"] == [
        "total differs: STR-25/1.1 2026-01/2026-01 []: maximum 99, not maximum 10"
    ]


@pytest.mark.parametrize(
    "field", ["numerator", "denominator", "count", "minimum", "maximum", "latest", "latest_denominator"]
)
def test_each_spoiled_component_raises_the_alarm_once(field: str, cast: Cast, run_jobs: RunJobs) -> None:
    Indicator.objects.update(measure="percentage")
    make_update(cast.period, cast.b, {"": (3, 7)})
    UpdateValue.objects.filter(cell="", denominator=None).update(denominator=Decimal(20))
    roll_up_indicators([cast.indicator.pk])
    [right] = Actual.objects.filter(cell="").values_list(field, flat=True)
    Actual.objects.filter(cell="").update(**{field: 5})
    told = [("Alice", TOTAL.format(stored=f"{field} 5", computed=f"{field} {right}"))]
    assert nightly(run_jobs) == told
    assert nightly(run_jobs) == told, "told once a night"


def test_a_row_spoiled_to_nothing_is_told(cast: Cast, run_jobs: RunJobs) -> None:
    Actual.objects.filter(cell="").update(numerator=None, latest=None)
    assert nightly(run_jobs) == [("Alice", TOTAL.format(stored="empty", computed="numerator 10, latest 10"))]


def test_missing_and_superfluous_rows_raise_the_alarm(cast: Cast, run_jobs: RunJobs) -> None:
    Actual.objects.filter(cell="sex:female").delete()
    Actual.objects.create(indicator=cast.indicator, period=cast.period, cell="sex:male")
    four = "numerator 4, count 1, minimum 4, maximum 4, latest 4"
    assert nightly(run_jobs) == [
        ("Alice", TOTAL.replace("01:", "01 [sex:female]:", 1).format(stored="no row", computed=four)),
        ("Alice", TOTAL.replace("01:", "01 [sex:male]:", 1).format(stored="empty", computed="no row")),
    ]


def test_the_next_night_tells_again_what_still_differs(cast: Cast, run_jobs: RunJobs) -> None:
    Actual.objects.filter(cell="").update(maximum=Decimal(99))
    assert len(nightly(run_jobs)) == 1
    Notice.objects.update(at=timezone.now() - timedelta(days=1))
    assert len(nightly(run_jobs)) == 2


def test_more_than_twenty_are_told_as_a_number(cast: Cast, run_jobs: RunJobs) -> None:
    for number in range(23):
        Actual.objects.create(indicator=cast.indicator, period=cast.period, cell=f"age:{number:02}", count=1)
    told = nightly(run_jobs)
    further = "3 further stored totals are not what the updates give: see the log, or run recompute --check."
    assert (len(told), told[0]) == (21, ("Alice", further))
    assert nightly(run_jobs) == told


def test_the_alarm_goes_into_the_digest(cast: Cast, run_jobs: RunJobs) -> None:
    Actual.objects.filter(cell="").update(maximum=Decimal(99))
    nightly(run_jobs)
    build_digests(day=timezone.localdate(), now=timezone.now())
    run_jobs()
    [message] = mail.outbox
    assert message.to == ["alice@example.org"]
    assert TOTAL.format(stored="maximum 99", computed="maximum 10") in message.body


def test_running_totals_are_computed_again_too(cast: Cast) -> None:
    Indicator.objects.filter(pk=cast.indicator.pk).update(is_cumulative=True)
    february, march = make_period(cast.indicator, 2), make_period(cast.indicator, 3)
    make_update(february, cast.b, 7)
    make_update(march, cast.a, 25)
    roll_up_indicators([cast.indicator.pk])
    assert compare() == Recomputed(3, ())
    Actual.objects.filter(period=march, cell="").update(numerator=Decimal(35))
    [found] = compare().differences
    assert (found.period, found.stored["numerator"], found.computed["numerator"]) == ("2026-03/2026-03", "35", "32")


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
