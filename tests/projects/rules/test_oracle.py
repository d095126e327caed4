"""One oracle: what a rule answers for one row is what `visible_to` answers for all of them."""

from typing import Any

import pytest

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.shared.access import ask
from partners.choices import MembershipRole
from projects.choices import ProjectRoleName, UpdateState
from projects.models import Indicator, Obligation, Project, Update
from projects.rules import forget_held, held_by, state_allows
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_client,
    make_indicator,
    make_member,
    make_obligation,
    make_partnership,
    make_period,
    make_project,
    make_role,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db


def people(cast: Cast) -> list[User]:
    """Everybody: the cast, each portal role, each project role by project and by country, each membership."""
    found = [cast.alice, cast.bob, cast.carol, cast.dora, cast.sofia, make_client(cast.a).user]
    found += [make_user(role.value, role) for role in PortalRole]
    for role in ProjectRoleName:
        found += [make_user(f"{role.value}-project"), make_user(f"{role.value}-country")]
        make_role(found[-2], role, cast.project)
        make_role(found[-1], role, country="IT")
    for member in MembershipRole:
        found.append(make_user(f"member-{member.value}"))
        make_member(found[-1], cast.a, member)
    inactive = make_user("inactive", PortalRole.PORTFOLIO_MANAGER)
    inactive.is_active = False
    inactive.save()
    return [*found, inactive]


def objects(cast: Cast) -> None:
    """Updates in every state and obligations, of A and of B, in three projects, each with data."""
    third = make_project("BOTH-25", country="CY")
    make_partnership(third, cast.a)
    make_partnership(third, cast.b, reports=False)
    for project in (cast.project, cast.other, third):
        indicator = make_indicator(project, "7")
        for month, state in enumerate(UpdateState.values, 1):
            period = make_period(indicator, month)
            for organisation in (cast.a, cast.b):
                make_update(period, organisation, 1, state=state)
                make_obligation(period, organisation)


def names(rows: Any) -> set[int]:
    """The ids of rows."""
    return set(rows.values_list("pk", flat=True))


def test_rules_and_rows_agree() -> None:
    cast = make_cast()
    objects(cast)
    for person in people(cast):
        user = fresh(person)
        for model, name in ((Project, "projects.view"), (Indicator, "projects.view"), (Update, "projects.view_update")):
            by_rule = {row.pk for row in model.objects.all() if user.has_perm(name, row)}
            assert by_rule == names(model.objects.visible_to(user)), (user.name, model.__name__)


def test_obligations_are_seen_by_their_partner_and_the_officers() -> None:
    cast = make_cast()
    objects(cast)
    counts = {user.name: Obligation.objects.visible_to(fresh(user)).count() for user in people(cast)}
    seen = {name: count for name, count in counts.items() if count}
    assert seen == {
        "Alice": 8,
        "Bob": 12,
        "Carol": 12,
        "client-A-system": 12,
        "data_protection_officer": 24,
        "me_officer-country": 8,
        "me_officer-project": 8,
        "member-partner_administrator": 12,
        "member-partner_contributor": 12,
        "member-partner_viewer": 12,
        "portfolio_manager": 24,
        "project_manager-country": 8,
        "project_manager-project": 8,
    }


ALLOWED = {
    "projects.create_project": {"Alice", "portfolio_manager", "project_manager-country", "project_manager-project"},
    "projects.change_project": {"Alice", "portfolio_manager", "project_manager-project"},
    "projects.activate_project": {"Alice", "portfolio_manager", "project_manager-project"},
    "projects.close_project": {"Alice", "portfolio_manager", "project_manager-project"},
    "projects.manage_partners": {"Alice", "portfolio_manager", "project_manager-project"},
    "projects.manage_money": {"Alice", "portfolio_manager", "project_manager-project"},
    "projects.publish_project": {"Alice", "project_manager-project"},
    "projects.grant_role": {"Alice", "portal_administrator", "portfolio_manager", "project_manager-project"},
    "projects.manage_framework": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.import_framework": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.lock_period": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.manage_workplan": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.manage_risks": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.manage_legacy": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.review": {"Alice", "me_officer-project", "portfolio_manager", "project_manager-project"},
    "projects.view_money": {
        "Alice",
        "data_protection_officer",
        "funder_viewer-project",
        "me_officer-project",
        "portfolio_manager",
        "project_manager-project",
    },
    "projects.record_change": {
        "Alice",
        "Bob",
        "client-A-system",
        "me_officer-project",
        "member-partner_administrator",
        "member-partner_contributor",
        "portfolio_manager",
        "project_manager-project",
    },
    "projects.enter_update": {
        "Bob",
        "client-A-system",
        "member-partner_administrator",
        "member-partner_contributor",
    },
}
WITHOUT_OBJECT = {
    "projects.import_iati": 6,
    "projects.manage_lists": 6,
    "projects.manage_library": 4,
    "projects.manage_corporate": 1,
    "projects.publish_project": 3,
    "projects.view_money": 9,
    "projects.enter_update": 5,
    "projects.view": 21,
}


def test_the_acts_on_a_project_are_for_these_people_alone() -> None:
    cast = make_cast()
    everybody = [fresh(one) for one in people(cast)]
    for name, allowed in ALLOWED.items():
        obj = None if name == "projects.create_project" else cast.project
        assert {user.name for user in everybody if user.has_perm(name, obj)} == allowed, name
    for name, count in WITHOUT_OBJECT.items():
        assert sum(user.has_perm(name) for user in everybody) == count, name


UPDATE_ACTS = {
    "projects.change_update": {"Bob", "client-A-system", "member-partner_administrator", "member-partner_contributor"},
    "projects.approve_update": {"Alice", "me_officer-project", "project_manager-project"},
}
SAME = {
    "projects.change_update": ("submit_update", "delete_update", "add_evidence", "revise_update", "enter_update"),
    "projects.approve_update": ("return_update",),
}
STATES = {
    "change_update": {"draft", "returned"},
    "submit_update": {"draft", "returned"},
    "add_evidence": {"draft", "returned"},
    "delete_update": {"draft"},
    "approve_update": {"submitted"},
    "return_update": {"submitted"},
    "revise_update": {"approved"},
}


def test_the_acts_on_an_update_by_person_and_state() -> None:
    cast = make_cast()
    everybody = [fresh(one) for one in people(cast)]
    updates = [
        make_update(make_period(cast.indicator, month), cast.a, 1, state=state)
        for month, state in enumerate(UpdateState.values, 2)
    ]
    for name, allowed in UPDATE_ACTS.items():
        for each in (name, *(f"projects.{one}" for one in SAME[name])):
            for update in updates:
                assert {user.name for user in everybody if user.has_perm(each, update)} == allowed, each
    for act, states in STATES.items():
        assert {one.state for one in updates if state_allows(f"projects.{act}", one)} == states, act
    evidence = {user.name for user in everybody if user.has_perm("projects.view_evidence", updates[1])}
    assert evidence == {user.name for user in everybody if user.has_perm("projects.view_update", updates[1])}


def test_a_refusal_says_by_which_rule() -> None:
    cast = make_cast()
    update = make_update(cast.period, cast.a, 1, state=UpdateState.DRAFT)
    said = {
        "projects.view": "You see the projects of your organisation and those in which you have a role.",
        "projects.view_update": "Drafts are seen by their own organisation only.",
        "projects.change_update": "This update belongs to another organisation.",
    }
    for name, reason in said.items():
        verdict = ask(fresh(cast.carol), name, cast.project if name == "projects.view" else update)
        assert (verdict.allowed, str(verdict.reason)) == (False, reason)
    assert str(state_allows("projects.approve_update", update).reason) == "Only a submitted update can be approved."


def test_what_is_held_is_read_again_after_it_is_forgotten() -> None:
    cast = make_cast()
    assert not cast.dora.has_perm("projects.view", cast.project)
    forget_held(make_user("Nobody"))
    make_role(cast.dora, ProjectRoleName.FUNDER_VIEWER, cast.project)
    assert not cast.dora.has_perm("projects.view", cast.project)
    forget_held(cast.dora)
    assert cast.dora.has_perm("projects.view", cast.project)
    assert held_by(cast.dora).has_any(["funder_viewer"])
