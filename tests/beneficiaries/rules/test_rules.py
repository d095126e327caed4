"""Who may do what with voices, and one oracle for "may she" and "which rows"."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from beneficiaries.models import Feedback, Need, SensitiveReport
from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User
from kmop.shared.access import ask
from projects.choices import ProjectRoleName
from tests.factories import Cast, fresh, make_cast, make_project, make_role, make_user
from tests.factories_voices import make_feedback, make_need

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def everybody(cast: Cast) -> list[User]:
    """The cast, one person for each role in a project, by project and by country, and for each portal-wide role."""
    people = [cast.alice, cast.bob, cast.carol, cast.dora, cast.sofia]
    for role in ProjectRoleName:
        people.append(make_user(f"In {role.value}"))
        make_role(people[-1], role, cast.project)
        people.append(make_user(f"Across {role.value}"))
        make_role(people[-1], role, country="IT")
    people += [make_user(f"Portal {role.value}", role) for role in PortalRole]
    ended = make_user("Ended", PortalRole.PORTFOLIO_MANAGER)
    ended.is_active = False
    ended.save()
    return [fresh(one) for one in [*people, ended]]


def test_may_she_and_which_rows_agree(cast: Cast) -> None:
    rows = [
        make_feedback(project, about, is_about_conduct=about == "conduct")
        for project in (cast.project, cast.other, make_project("THIRD", country="FR"), None)
        for about in ("plain", "conduct", "shared")
    ]
    for row in rows:
        if row.text != "plain":
            row.shared_with.set([cast.a, cast.b] if row.project == cast.project else [cast.b])
    for user in everybody(cast):
        seen = set(Feedback.objects.visible_to(user).values_list("pk", flat=True))
        assert {row.pk for row in rows if user.has_perm("beneficiaries.read_feedback", row)} == seen, user.name
    assert Feedback.objects.visible_to(AnonymousUser()).count() == 0


def test_needs_are_seen_with_their_project(cast: Cast) -> None:
    needs = [make_need(project) for project in (cast.project, cast.other)]
    for user in everybody(cast):
        seen = set(Need.objects.visible_to(user).values_list("pk", flat=True))
        assert {one.pk for one in needs if user.has_perm("beneficiaries.view_needs", one.project)} == seen, user.name


@pytest.mark.parametrize("name", ["beneficiaries.answer_feedback", "beneficiaries.manage_needs"])
def test_staff_of_the_project_answer_and_record(cast: Cast, name: str) -> None:
    obj: Any = make_feedback(cast.project) if "feedback" in name else cast.project
    allowed = sorted(user.name for user in everybody(cast) if user.has_perm(name, obj))
    assert allowed == ["Alice", "In me_officer", "In project_manager", "Portal portfolio_manager"]


def test_the_inbox_is_for_staff_of_any_project(cast: Cast) -> None:
    allowed = sorted(user.name for user in everybody(cast) if user.has_perm("beneficiaries.read_voices"))
    assert allowed == [
        "Across me_officer",
        "Across project_manager",
        "Alice",
        "In me_officer",
        "In project_manager",
        "Portal portfolio_manager",
    ]


def test_the_protected_door_is_for_focal_points_who_are_people(cast: Cast) -> None:
    robot = make_user("Robot", PortalRole.SAFEGUARDING_FOCAL_POINT, kind=UserKind.SERVICE)
    SensitiveReport.objects.create(sealed=b"x", key_id="k", received_at=make_feedback(None).received_at)
    users = [*everybody(cast), robot]
    allowed = sorted(user.name for user in users if user.has_perm("beneficiaries.open_sensitive"))
    seeing = sorted(user.name for user in users if SensitiveReport.objects.visible_to(user).exists())
    assert (allowed, seeing) == (["Portal safeguarding_focal_point", "Sofia"],) * 2
    assert SensitiveReport.objects.visible_to(AnonymousUser()).count() == 0


def test_everybody_may_leave_a_message_and_only_the_timetable_escalates(cast: Cast) -> None:
    assert bool(ask(AnonymousUser(), "beneficiaries.leave_feedback")) is True
    robot = make_user("Robot", kind=UserKind.SERVICE)
    assert [bool(ask(user, "beneficiaries.escalate")) for user in (robot, cast.alice)] == [True, False]
