"""Approval in steps: who takes which, nobody two of one update, and what a change of the steps does to what waits."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Actual, Project, Update, UpdateDecision
from projects.services.approval import set_approval_steps
from projects.services.updates import (
    UpdateInput,
    ValueInput,
    approve_update,
    approve_updates,
    create_update,
    return_update,
    submit_update,
    undo_approval,
)
from tests.factories import Cast, fresh, make_cast, make_member, make_period, make_role, make_user

pytestmark = pytest.mark.django_db
ALL = ["partner_supervisor", "me_officer", "programme_manager"]


@pytest.fixture
def cast() -> Cast:
    """Head heads A, Olga is M&E officer, Mona manages; Alice holds both roles."""
    cast = make_cast()
    make_member(make_user("Head"), cast.a, "partner_administrator")
    make_role(make_user("Olga"), ProjectRoleName.ME_OFFICER, cast.project)
    make_role(make_user("Mona"), ProjectRoleName.PROJECT_MANAGER, cast.project)
    return cast


def who(name: str) -> User:
    return User.objects.get(name=name)


def steps(cast: Cast, *given: str) -> None:
    set_approval_steps(project=cast.project, steps=list(given), by=fresh(cast.alice))
    cast.project.refresh_from_db()
    cast.indicator.refresh_from_db()


def submitted(cast: Cast, number: int = 10, *, month: int = 1, by: str = "Bob") -> Update:
    period = cast.period if month == 1 else make_period(cast.indicator, month)
    content = UpdateInput(total=ValueInput(numerator=Decimal(number)))
    return create_update(
        indicator=cast.indicator, period=period, organisation=cast.a, content=content, submit=True, by=who(by)
    )


def again(update: Update) -> Update:
    return Update.objects.get(pk=update.pk)


def decisions(update: Update) -> list[tuple[int, str, str, str]]:
    rows = UpdateDecision.objects.filter(update=update).select_related("by")
    return [(one.round, one.step, one.by.name, one.verdict) for one in rows]


# ---------------------------------------------------------------- taking steps
def test_figures_count_after_the_last_step_only(cast: Cast) -> None:
    steps(cast, *ALL)
    update = submitted(cast)
    for name, waits in (("Head", "me_officer"), ("Olga", "programme_manager")):
        done = approve_update(update=again(update), note="Fine.", by=who(name))
        assert (done.state, done.step, Actual.objects.count()) == (UpdateState.SUBMITTED, waits, 0)
        assert (again(update).step, again(update).version) == (waits, done.version)
    last = approve_update(update=again(update), by=who("Mona"))
    assert (last.state, last.decided_by) == (UpdateState.APPROVED, who("Mona"))
    assert Actual.objects.get().numerator == 10
    assert decisions(update) == [
        (1, "partner_supervisor", "Head", "approved"),
        (1, "me_officer", "Olga", "approved"),
        (1, "programme_manager", "Mona", "approved"),
    ]
    actions = list(
        Entry.objects.filter(action__startswith="update.").order_by("position").values_list("action", flat=True)
    )
    assert actions == ["update.created", "update.submitted", *["update.step_taken"] * 2, "update.approved"]


WAITS = {
    "partner_supervisor": "This update waits for an administrator of its own organisation.",
    "me_officer": "This update waits for the project's M&E officer.",
    "programme_manager": "This update waits for the project's manager or a portfolio manager.",
}


@pytest.mark.parametrize(
    "step, allowed",
    [
        ("partner_supervisor", {"Head"}),
        ("me_officer", {"Alice", "Olga"}),
        ("programme_manager", {"Alice", "Mona", "Pia"}),
    ],
)
def test_each_step_is_for_these_people_alone(cast: Cast, step: str, allowed: set[str]) -> None:
    make_user("Pia", PortalRole.PORTFOLIO_MANAGER)
    steps(cast, *ALL)
    update = submitted(cast)
    Update.objects.update(step=step)
    for name in ("Alice", "Bob", "Carol", "Dora", "Head", "Olga", "Mona", "Pia"):
        user, row = who(name), again(update)
        assert user.has_perm("projects.approve_update", row) == (name in allowed), name
        assert user.has_perm("projects.return_update", row) == (name in allowed), name
        if name not in allowed:
            with pytest.raises(NotAllowed) as error:
                approve_update(update=row, by=user)
            assert str(error.value.message) == WAITS[step]


def test_nobody_takes_two_steps_of_one_update(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    update = submitted(cast)
    approve_update(update=update, by=fresh(cast.alice))
    with pytest.raises(NotAllowed) as error:
        approve_update(update=again(update), by=fresh(cast.alice))
    assert str(error.value.message) == "You took an earlier step of this update; somebody else takes this one."
    approve_update(update=again(update), by=who("Mona"))
    assert again(update).state == UpdateState.APPROVED


def test_who_submitted_it_takes_no_step(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer")
    update = submitted(cast, by="Head")
    with pytest.raises(NotAllowed) as error:
        approve_update(update=update, by=who("Head"))
    assert str(error.value.message) == "You submitted this update yourself; somebody else decides about it."


def test_an_administrator_of_another_partner_takes_no_step(cast: Cast) -> None:
    steps(cast, "partner_supervisor")
    make_member(cast.carol, cast.kmop, "partner_administrator")
    with pytest.raises(NotAllowed):
        approve_update(update=submitted(cast), by=fresh(cast.carol))


def test_a_returned_update_begins_at_the_first_step_again(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer")
    update = submitted(cast)
    approve_update(update=update, by=who("Head"))
    back = return_update(update=again(update), note="Which village?", by=who("Olga"))
    assert (back.state, back.note) == (UpdateState.RETURNED, "Which village?")
    handed_in = submit_update(update=again(update), by=who("Bob"))
    assert (handed_in.step, handed_in.round) == ("partner_supervisor", 2)
    approve_update(update=again(update), by=who("Head"))
    approve_update(update=again(update), by=who("Olga"))
    assert decisions(update) == [
        (1, "partner_supervisor", "Head", "approved"),
        (1, "me_officer", "Olga", "returned"),
        (2, "partner_supervisor", "Head", "approved"),
        (2, "me_officer", "Olga", "approved"),
    ]


def test_the_last_step_alone_is_taken_back(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    update = submitted(cast)
    approve_update(update=update, by=who("Olga"))
    with pytest.raises(RuleBroken):
        undo_approval(updates=[again(update)], by=who("Olga"))
    approve_update(update=again(update), by=who("Mona"))
    [back] = undo_approval(updates=[again(update)], by=who("Mona"))
    assert (back.state, back.step, Actual.objects.count()) == (UpdateState.SUBMITTED, "programme_manager", 0)
    assert decisions(update) == [(1, "me_officer", "Olga", "approved")]
    approve_update(update=again(update), by=who("Mona"))
    assert Actual.objects.count() == 1


# ---------------------------------------------------------------- who is told
def told() -> list[str]:
    rows = Notice.objects.filter(kind="projects.updates_submitted").order_by("user__name")
    return list(rows.values_list("user__name", flat=True))


def test_those_are_told_who_may_take_the_next_step(cast: Cast) -> None:
    steps(cast, *ALL)
    update = submitted(cast)
    assert told() == ["Head"]
    Notice.objects.all().delete()
    approve_update(update=update, by=who("Head"))
    assert told() == ["Alice", "Olga"]
    Notice.objects.all().delete()
    approve_update(update=again(update), by=fresh(cast.alice))
    assert told() == ["Mona"]


def test_portfolio_managers_are_told_where_nobody_manages(cast: Cast) -> None:
    make_user("Pia", PortalRole.PORTFOLIO_MANAGER)
    steps(cast, "programme_manager")
    cast.project.roles.filter(role=ProjectRoleName.PROJECT_MANAGER).delete()
    submitted(cast)
    assert told() == ["Pia"]


def test_an_administrator_is_not_told_of_what_she_sent_herself(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer")
    submitted(cast, by="Head")
    assert told() == []


# ---------------------------------------------------------------- sets
def cost(updates: list[Update], user: User) -> int:
    with CaptureQueriesContext(connection) as seen:
        approve_updates(updates=updates, by=fresh(user))
    return len(seen)


def test_a_set_at_different_steps_takes_a_fixed_number_of_statements(cast: Cast) -> None:
    """Alice takes the officer's step of some and the manager's of others."""
    steps(cast, "me_officer", "programme_manager")
    rows = [submitted(cast, month=month) for month in range(1, 9)]
    approve_updates(updates=rows[:1] + rows[2:5], by=who("Olga"))
    lone = cost([again(rows[0]), again(rows[1])], cast.alice)
    assert lone == cost([again(one) for one in rows[2:]], cast.alice) == 25
    states = [(again(one).state, again(one).step) for one in rows]
    done, on = (UpdateState.APPROVED, "programme_manager"), (UpdateState.SUBMITTED, "programme_manager")
    assert states == [done, on, done, done, done, on, on, on]
    assert Actual.objects.filter(cell="").count() == 4


def test_a_set_is_approved_whole_or_not_at_all(cast: Cast) -> None:
    steps(cast, "me_officer", "programme_manager")
    rows = [submitted(cast), submitted(cast, month=2)]
    approve_update(update=rows[0], by=who("Olga"))
    with pytest.raises(NotAllowed):
        approve_updates(updates=[again(one) for one in rows], by=who("Olga"))
    assert [len(decisions(one)) for one in rows] == [1, 0]


# ---------------------------------------------------------------- another set of steps
@pytest.mark.parametrize(
    "before, taken, after, waits",
    [
        (["me_officer"], [], ALL, "partner_supervisor"),
        (ALL, ["Head"], ["partner_supervisor", "programme_manager"], "programme_manager"),
        (ALL, ["Head"], ["me_officer"], "me_officer"),
        (["me_officer", "programme_manager"], ["Olga"], ALL, "partner_supervisor"),
        (ALL, ["Head", "Olga"], ["partner_supervisor", "programme_manager"], "programme_manager"),
    ],
)
def test_what_waits_goes_on_from_the_first_step_not_taken(
    cast: Cast, before: list[str], taken: list[str], after: list[str], waits: str
) -> None:
    steps(cast, *before)
    update = submitted(cast)
    for name in taken:
        approve_update(update=again(update), by=who(name))
    steps(cast, *after)
    assert again(update).step == waits
    assert Entry.objects.order_by("-position").first().action == "project.approval_steps_set"  # type: ignore[union-attr]


def test_a_step_taken_before_its_place_changed_is_not_taken_twice(cast: Cast) -> None:
    """The database refuses what the rule does not look for at the first step."""
    steps(cast, "me_officer", "programme_manager")
    make_member(who("Olga"), cast.a, "partner_administrator")
    update = submitted(cast)
    approve_update(update=update, by=who("Olga"))
    steps(cast, *ALL)
    with pytest.raises(NotAllowed) as error:
        approve_update(update=again(update), by=who("Olga"))
    assert str(error.value.message) == "You took an earlier step of this update; somebody else takes this one."


def test_steps_that_would_leave_an_update_without_any_are_refused(cast: Cast) -> None:
    steps(cast, "partner_supervisor", "me_officer")
    approve_update(update=submitted(cast), by=who("Head"))
    with pytest.raises(RuleBroken) as error:
        steps(cast, "partner_supervisor")
    assert (error.value.code, str(error.value.message)) == (
        "under_way",
        "1 update has passed every step that would be left. Decide about it first.",
    )
    assert Project.objects.get(pk=cast.project.pk).approval_steps == ["partner_supervisor", "me_officer"]


@pytest.mark.parametrize("given", [[], ["nobody"], ["me_officer", "partner_supervisor"], ["me_officer", "me_officer"]])
def test_steps_are_known_and_in_their_order(cast: Cast, given: list[str]) -> None:
    with pytest.raises(ValidationError) as error:
        steps(cast, *given)
    assert error.value.message_dict == {
        "steps": [
            "Choose at least one step. They are taken in this order: partner_supervisor, me_officer, programme_manager."
        ]
    }


def test_steps_are_set_by_the_projects_manager_and_by_version(cast: Cast) -> None:
    for name in ("Bob", "Carol", "Head", "Olga", "Dora"):
        with pytest.raises(NotAllowed):
            set_approval_steps(project=cast.project, steps=ALL, by=who(name))
    with pytest.raises(Stale):
        set_approval_steps(project=cast.project, steps=ALL, expected_version=7, by=who("Mona"))
    assert set_approval_steps(project=cast.project, steps=ALL, expected_version=1, by=who("Mona")).version == 2
