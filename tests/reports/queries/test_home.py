"""What waits for one person: everything that is hers, nothing of anybody else's, in a fixed number of statements."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from beneficiaries.services.feedback import NewFeedback, receive_feedback
from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.accounts.services import service_account
from kmop.shared.models import Job, JobState
from projects.choices import DonorObligationState, FundingForm, LegacyKind, ProjectRoleName, UpdateState
from projects.models import DonorObligation, Grant, Legacy, LegacyCheck, Project, Risk
from reports.queries.home import Task, tasks
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_indicator,
    make_obligation,
    make_organisation,
    make_period,
    make_project,
    make_role,
    make_update,
    make_user,
)
from tests.factories_parts import make_assumption
from tests.factories_voices import make_answered, make_feedback

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def waiting(user: User) -> list[Task]:
    return tasks(fresh(user), day=DAY)


def titles(user: User) -> list[str]:
    return [str(one.title) for one in waiting(user)]


def risk(project: Project, owner: User, days: int, title: str = "Rain") -> Risk:
    review_on = DAY + timedelta(days=days)
    return Risk.objects.create(project=project, title=title, likelihood=3, impact=4, owner=owner, review_on=review_on)


def owed(project: Project, owner: User, days: int, state: str = DonorObligationState.DRAFT) -> DonorObligation:
    funder = make_organisation(f"F{Grant.objects.count()}", name="The Fund")
    grant = Grant.objects.create(
        project=project, funder=funder, reference=funder.code, form=FundingForm.ACTUAL_COST, amount=100, currency="EUR"
    )
    due_on = DAY + timedelta(days=days)
    return DonorObligation.objects.create(grant=grant, title="Final report", due_on=due_on, owner=owner, state=state)


def check(project: Project, days: int) -> LegacyCheck:
    legacy = Legacy.objects.create(project=project, kind=LegacyKind.SERVICE, titles={"en": "The night clinic"})
    return LegacyCheck.objects.create(legacy=legacy, months=12, due_on=DAY + timedelta(days=days))


def sealed(project: Project) -> None:
    content = NewFeedback(text="He wants something for the papers.", language="en", is_sensitive=True)
    receive_feedback(project=project, content=content, by=service_account("public-form"))


# ---------------------------------------------------------------- each kind of work
def test_a_contributor_sees_what_her_organisation_owes_and_where_to_begin(cast: Cast) -> None:
    first = make_obligation(cast.period, cast.a, due_on=DAY - timedelta(days=2))
    sent = make_indicator(cast.project, "1.2")
    done = make_period(sent)
    make_obligation(done, cast.a, update=make_update(done, cast.a, 3), due_on=DAY - timedelta(days=2))
    assert waiting(cast.bob) == [
        Task(
            title="Send 1 figure of Project STR-25",
            sub="Organisation A · 1 of 2 sent",
            url=f"/enter/figures/{first.pk}/",
            act="Enter",
            icon="pencil-line",
            due_on=DAY - timedelta(days=2),
        )
    ]


def test_nothing_is_owed_that_is_sent_or_due_in_more_than_two_months(cast: Cast) -> None:
    later = make_period(cast.indicator, 2)
    make_obligation(later, cast.a, due_on=DAY + timedelta(days=61))
    make_obligation(cast.period, cast.a, update=make_update(cast.period, cast.a, state=UpdateState.SUBMITTED))
    assert titles(cast.bob) == []


def test_an_officer_sees_how_many_updates_wait_and_how_many_have_flags(cast: Cast) -> None:
    make_update(cast.period, cast.a, state=UpdateState.SUBMITTED)
    assert [(one.title, one.sub, one.url, one.due_on) for one in waiting(cast.alice)] == [
        ("Review 1 update", "", "/review/", DAY)
    ]
    flags = [{"code": "jump", "params": {}, "cell": ""}]
    make_update(make_period(cast.indicator, 2), cast.a, state=UpdateState.SUBMITTED, flags=flags)
    assert [(one.title, one.sub) for one in waiting(cast.alice)] == [("Review 2 updates", "1 with flags")]


def test_staff_see_open_messages_by_the_day_they_were_promised(cast: Cast) -> None:
    late = make_feedback(cast.project, reference="LATE", promised_on=DAY - timedelta(days=1))
    soon = make_feedback(cast.project, reference="SOON", promised_on=DAY + timedelta(days=1))
    make_answered(cast.project)
    make_feedback(cast.other, reference="OTHER")
    assert [(one.title, one.sub, one.url, one.is_voice) for one in waiting(cast.alice)] == [
        ("Answer message LATE", "Project STR-25 · Web form", f"/voices/{late.pk}/", True),
        ("Answer message SOON", "Project STR-25 · Web form", f"/voices/{soon.pk}/", True),
    ]


def test_only_focal_points_hear_of_the_protected_door_and_only_that_something_waits(cast: Cast) -> None:
    sealed(cast.project)
    assert [(one.title, one.sub, one.url, one.due_on) for one in waiting(cast.sofia)] == [
        ("Something waits behind the protected door", "", "/sensitive/", None)
    ]
    assert [titles(one) for one in (cast.alice, cast.bob, cast.carol, cast.dora)] == [[], [], [], []]


def test_the_owner_sees_her_risks_of_the_week(cast: Cast) -> None:
    found = risk(cast.project, cast.alice, 7)
    risk(cast.project, cast.alice, 8)
    risk(cast.project, cast.bob, -1)
    assert [(one.title, one.sub, one.url, one.due_on) for one in waiting(cast.alice)] == [
        (
            "Look again at: Rain",
            "Risk 12 of 25 · Project STR-25",
            f"/projects/{cast.project.pk}/workplan/#risks",
            found.review_on,
        )
    ]


def test_tests_of_assumptions_wait_for_their_owner_and_late_ones_for_the_manager(cast: Cast) -> None:
    own = make_assumption(cast.project, text="Jobs exist", owner=cast.bob, due_on=DAY + timedelta(days=7))
    make_assumption(cast.project, text="Too far", owner=cast.bob, due_on=DAY + timedelta(days=8))
    make_assumption(cast.project, text="Nobody's", due_on=DAY)
    make_assumption(cast.project, text="Late", owner=cast.dora, due_on=DAY - timedelta(days=1))
    make_assumption(cast.other, text="Elsewhere", due_on=DAY)
    assert [titles(one) for one in (cast.alice, cast.bob, cast.carol, cast.dora)] == [
        ["Test: Late", "Test: Nobody's"],
        ["Test: Jobs exist"],
        [],
        ["Test: Late"],
    ]
    [task] = waiting(cast.bob)
    url = f"/projects/{cast.project.pk}/results/theory/{own.pk}/test/"
    assert (task.sub, task.url, task.due_on) == ("From 1.1 to 1 · Project STR-25", url, own.due_on)


def test_the_owner_sees_what_a_funder_is_owed_within_a_month(cast: Cast) -> None:
    owed(cast.project, cast.alice, 30)
    owed(cast.project, cast.alice, 31)
    owed(cast.project, cast.alice, -3, DonorObligationState.ACCEPTED)
    owed(cast.project, cast.bob, 1)
    assert titles(cast.alice) == ["Send “Final report” to The Fund"]


def test_the_manager_sees_legacy_checks_that_are_due(cast: Cast) -> None:
    check(cast.project, 0)
    check(cast.project, 1)
    check(cast.other, -1)
    assert titles(cast.alice) == ["12-month check: The night clinic"]
    officer = make_user("Otto")
    make_role(officer, ProjectRoleName.ME_OFFICER, cast.project)
    assert titles(officer) == []


def test_administrators_see_that_jobs_failed(cast: Cast) -> None:
    Job.objects.create(task="x", state=JobState.FAILED)
    petra = make_user("Petra", PortalRole.PORTAL_ADMINISTRATOR)
    assert [(one.title, one.url) for one in waiting(petra)] == [("1 job failed", "/administration/jobs/?state=failed")]
    assert titles(cast.alice) == []


# ---------------------------------------------------------------- together
def fill(cast: Cast, count: int) -> None:
    """So much of everything, all of it late."""
    for number in range(count):
        month = number % 10 + 1
        make_obligation(
            make_period(make_indicator(cast.project, f"9.{number}"), month), cast.a, due_on=DAY - timedelta(days=1)
        )
        make_update(make_period(make_indicator(cast.project, f"8.{number}")), cast.a, state=UpdateState.SUBMITTED)
        make_feedback(cast.project)
        risk(cast.project, cast.alice, -1)
        owed(cast.project, cast.alice, -1)
        check(cast.project, -1)


def test_the_oldest_day_comes_first_and_what_has_no_day_last(cast: Cast) -> None:
    fill(cast, 1)
    sealed(cast.project)
    make_role(cast.sofia, ProjectRoleName.PROJECT_MANAGER, cast.project)
    days = [one.due_on for one in waiting(cast.sofia)]
    known = [day for day in days if day]
    assert (known, days[len(known) :]) == (sorted(known), [None])


@pytest.mark.parametrize("who", ["carol", "dora"])
def test_who_is_not_of_the_project_sees_nothing_of_it(cast: Cast, who: str) -> None:
    fill(cast, 2)
    assert titles(getattr(cast, who)) == []
    assert len(titles(cast.bob)) == 2
    assert len(titles(cast.alice)) > 5


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("who, statements", [("alice", 10), ("bob", 9), ("dora", 7)])
def test_statements_do_not_grow(
    cast: Cast, who: str, statements: int, count: int, django_assert_num_queries: Any
) -> None:
    fill(cast, count)
    user = fresh(getattr(cast, who))
    with django_assert_num_queries(statements):
        tasks(user, day=DAY)


def test_many_of_a_kind_are_cut_to_five(cast: Cast) -> None:
    for number in range(7):
        risk(cast.project, cast.alice, -number, f"Risk {number}")
    assert titles(cast.alice) == [f"Look again at: Risk {number}" for number in (6, 5, 4, 3, 2)]


def test_a_project_of_ones_own_is_named_in_ones_language(cast: Cast) -> None:
    make_project("X")
    risk(cast.project, cast.alice, 0)
    with translation.override("el"):
        assert waiting(cast.alice)[0].sub.endswith("Έργο STR-25")
