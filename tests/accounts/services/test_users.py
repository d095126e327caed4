"""Portal-wide roles, ending an account with its open work, service accounts."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import authenticate

from beneficiaries.choices import FeedbackState
from kmop.accounts import services
from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import RoleGrant, User
from kmop.accounts.services.users import command_line
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken
from projects.choices import DonorObligationState, FundingForm, WorkState
from projects.models import DonorObligation, Grant, Project, Risk
from tests.factories import fresh, make_organisation, make_project
from tests.factories_basement import administrator, person, service
from tests.factories_voices import make_activity, make_feedback

pytestmark = pytest.mark.django_db
ADMINISTRATOR, MANAGER = PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER


def trail() -> list[tuple[str, dict[str, Any]]]:
    return [(entry.action, json.loads(entry.content)["facts"]) for entry in Entry.objects.order_by("position")]


# ---------------------------------------------------------------- roles
def test_a_role_is_given_and_taken_once_and_each_is_remembered() -> None:
    by, user = administrator(), person("Bob")
    assert user.portal_roles == frozenset()
    for _time in range(2):
        services.grant_role(user=user, role=MANAGER, by=by)
    assert user.has_role(MANAGER)
    for _time in range(2):
        services.withdraw_role(user=user, role=MANAGER, by=by)
    assert not user.has_role(MANAGER)
    assert trail() == [
        ("role.granted", {"role": "portfolio_manager"}),
        ("role.withdrawn", {"role": "portfolio_manager"}),
    ]


@pytest.mark.parametrize("role", [None, *[one for one in PortalRole if one != ADMINISTRATOR]])
def test_only_portal_administrators_give_take_and_end(role: PortalRole | None) -> None:
    by, user = person("Eve", role=role), person("Bob", role=MANAGER)
    administrator()
    for act in (services.grant_role, services.withdraw_role):
        with pytest.raises(NotAllowed):
            act(user=user, role=MANAGER, by=by)
    with pytest.raises(NotAllowed):
        services.deactivate(user=user, to=None, by=by)
    with pytest.raises(NotAllowed):
        services.reactivate(user=user, by=by)
    assert fresh(user).has_role(MANAGER)
    assert trail() == []


def test_the_last_administrator_stays_one() -> None:
    last = administrator()
    command_line()  # a service account does not count
    ended = administrator()
    User.objects.filter(pk=ended.pk).update(is_active=False)  # nor does an account that has ended
    with pytest.raises(RuleBroken):
        services.withdraw_role(user=last, role=ADMINISTRATOR, by=last)
    with pytest.raises(RuleBroken):
        services.deactivate(user=last, to=None, by=last)
    administrator()
    services.withdraw_role(user=last, role=ADMINISTRATOR, by=last)
    assert fresh(last).portal_roles == frozenset()


# ---------------------------------------------------------------- ending an account
def risk(project: Project, owner: User | None, **facts: Any) -> Risk:
    return Risk.objects.create(project=project, title="Rain", likelihood=2, impact=2, owner=owner, **facts)


def owed(project: Project, owner: User, state: str) -> DonorObligation:
    grant = Grant.objects.create(
        project=project,
        funder=make_organisation(f"F{state}"),
        reference=state,
        form=FundingForm.ACTUAL_COST,
        amount=100,
        currency="EUR",
    )
    return DonorObligation.objects.create(grant=grant, title=state, due_on=date(2026, 12, 1), owner=owner, state=state)


def test_open_work_goes_to_the_person_named_and_what_is_done_stays() -> None:
    by, user, to, other = administrator(), person("Bob"), person("Carol"), person("Dan")
    project = make_project()
    waiting = risk(project, user)
    risk(project, other)
    activity = make_activity(project, owner=user, state=WorkState.RUNNING)
    done = make_activity(project, "A2", owner=user, state=WorkState.DONE)
    report = owed(project, user, DonorObligationState.DRAFT)
    accepted = owed(project, user, DonorObligationState.ACCEPTED)
    message = make_feedback(project, assigned_to=user)
    closed = make_feedback(project, assigned_to=user, state=FeedbackState.CLOSED)
    assert services.deactivate(user=user, to=to, by=by) == 4
    for row in (waiting, activity, report, message, done, accepted, closed):
        row.refresh_from_db()
    assert [waiting.owner, activity.owner, report.owner, message.assigned_to] == [to] * 4
    assert [done.owner, accepted.owner, closed.assigned_to] == [user] * 3
    assert (waiting.version, activity.version, done.version) == (2, 2, 1)
    assert not fresh(user).is_active
    assert trail() == [("user.deactivated", {"successor": to.pk, "moved": 4})]


def test_open_work_without_a_successor_is_refused_and_nothing_changes() -> None:
    by, user = administrator(), person("Bob")
    left = risk(make_project(), user)
    with pytest.raises(RuleBroken) as error:
        services.deactivate(user=user, to=None, by=by)
    left.refresh_from_db()
    assert (error.value.code, left.owner, fresh(user).is_active, trail()) == ("successor_missing", user, True, [])


def test_nobody_is_needed_where_nothing_waits() -> None:
    user = person("Bob")
    assert services.deactivate(user=user, to=None, by=administrator()) == 0
    assert trail() == [("user.deactivated", {"successor": None, "moved": 0})]


@pytest.mark.parametrize("who", ["herself", "an ended account", "a service account"])
def test_the_successor_is_another_live_person(who: str) -> None:
    user = person("Bob")
    to = {"herself": user, "an ended account": person("Eve"), "a service account": service()}[who]
    if who == "an ended account":
        to.is_active = False
    with pytest.raises(RuleBroken) as error:
        services.deactivate(user=user, to=to, by=administrator())
    assert (error.value.code, fresh(user).is_active) == ("successor_unfit", True)


def test_an_account_ends_once_and_may_live_again() -> None:
    by, user = administrator(), person("Bob")
    services.deactivate(user=user, to=None, by=by)
    with pytest.raises(RuleBroken) as error:
        services.deactivate(user=user, to=None, by=by)
    assert error.value.code == "wrong_state"
    services.reactivate(user=user, by=by)
    assert fresh(user).is_active
    assert [action for action, _facts in trail()] == ["user.deactivated", "user.changed"]


# ---------------------------------------------------------------- service accounts, language, address
def test_a_service_account_is_made_once_and_no_password_opens_it() -> None:
    first = services.service_account("importer", MANAGER)
    again = services.service_account("importer")
    assert (first, first.kind, first.email) == (again, UserKind.SERVICE, "importer@service.invalid")
    assert again.portal_roles == {"portfolio_manager"}
    assert trail() == [("user.changed", {"service": "importer"})]
    for password in ("", "!", "importer"):
        assert authenticate(None, username=first.email, email=first.email, password=password) is None


def test_the_command_line_administers_the_portal_and_leaves_no_trace_of_its_making() -> None:
    by = command_line()
    assert (by, by.portal_roles) == (command_line(), {"portal_administrator", "portfolio_manager"})
    assert (trail(), RoleGrant.objects.count()) == ([], 2)


def test_a_person_chooses_her_language() -> None:
    user = person("Bob")
    services.change_language(language="el", by=user)
    assert (fresh(user).language, trail()) == ("el", [])
