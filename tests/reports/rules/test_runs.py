"""Who may see, make and read reports: the rule and the list are one oracle."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ask
from projects.choices import ProjectRoleName
from reports.choices import RunState
from reports.models import Run, Schedule
from tests.factories import Cast, fresh, make_cast, make_role, make_user
from tests.factories_reports import DAY, make_order, make_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The cast, with a funder of A's project and a portfolio manager."""
    return make_cast()


def people(cast: Cast) -> dict[str, Any]:
    """Everybody by name, with a funder, a manager of all, and a community representative."""
    funder, representative = make_user("Fay"), make_user("Rita")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)
    make_role(representative, ProjectRoleName.COMMUNITY_REPRESENTATIVE, cast.project)
    manager = make_user("Petra", PortalRole.PORTFOLIO_MANAGER)
    named = {"alice": cast.alice, "bob": cast.bob, "carol": cast.carol, "dora": cast.dora, "sofia": cast.sofia}
    everybody = {**named, "fay": funder, "rita": representative, "petra": manager}
    return {name: fresh(user) for name, user in everybody.items()}


def test_who_sees_the_catalogue_and_who_makes_any_report(cast: Cast) -> None:
    everybody = people(cast)

    assert [name for name, user in everybody.items() if ask(user, "reports.see")] == [
        "alice",
        "bob",
        "carol",
        "fay",
        "petra",
    ]
    assert [name for name, user in everybody.items() if ask(user, "reports.make")] == ["alice", "bob", "carol", "petra"]
    assert str(ask(everybody["dora"], "reports.see").reason) == (
        "Reports are for managers, M&E officers, funders and partners."
    )
    assert str(ask(everybody["fay"], "reports.make").reason) == (
        "Reports are made by managers, M&E officers and partners."
    )


@pytest.mark.parametrize(
    "scope, makers",
    [
        (("project", None), ["alice", "petra"]),
        (("other", None), ["petra"]),
        (("project", "a"), ["alice", "bob", "petra"]),
        ((None, "a"), ["bob", "petra"]),
        ((None, None), ["petra"]),
    ],
)
def test_who_makes_a_report_on_a_partner(cast: Cast, scope: tuple[str | None, str | None], makers: list[str]) -> None:
    project, organisation = (getattr(cast, name) if name else None for name in scope)

    may = [
        name
        for name, user in people(cast).items()
        if ask(user, "reports.make_partner_report", make_order(user, project, organisation))
    ]

    assert may == makers


def test_a_report_on_a_project_is_made_by_its_officers_alone(cast: Cast) -> None:
    everybody = people(cast)
    verdicts = {
        name: ask(user, "reports.make_project_report", make_order(user, cast.project))
        for name, user in everybody.items()
    }

    assert [name for name, verdict in verdicts.items() if verdict] == ["alice", "petra"]
    assert str(verdicts["bob"].reason) == "A report on a project is made by its manager or M&E officer."


def test_the_rule_and_the_list_say_the_same_of_every_run(cast: Cast) -> None:
    everybody = people(cast)
    runs = [
        make_run(cast.alice, cast.project),
        make_run(cast.alice, cast.project, report="partner-performance"),
        make_run(cast.alice, cast.project, cast.a, report="partner-performance"),
        make_run(cast.alice, cast.project, state=RunState.QUEUED),
        make_run(cast.bob, None, cast.a, report="partner-performance"),
        make_run(cast.carol, cast.other, cast.b, report="partner-performance"),
    ]

    readable = {}
    for name, user in everybody.items():
        seen = set(Run.objects.visible_to(user).values_list("pk", flat=True))
        asked = {run.pk for run in runs if ask(user, "reports.view_run", run)}
        assert seen == asked, name
        readable[name] = [at for at, run in enumerate(runs) if run.pk in seen]

    assert readable == {
        "alice": [0, 1, 2, 3],
        "bob": [4],
        "carol": [5],
        "dora": [],
        "sofia": [],
        "fay": [0],
        "rita": [],
        "petra": [0, 1, 2, 3, 4, 5],
    }
    assert str(ask(everybody["carol"], "reports.view_run", runs[0]).reason) == "This report was made for others."
    assert list(Run.objects.visible_to(AnonymousUser())) == []


def test_who_tries_again_and_who_changes_a_schedule(cast: Cast) -> None:
    everybody = people(cast)
    run = make_run(cast.bob, None, cast.a)
    schedule = Schedule.objects.create(report="partner-performance", next_on=DAY, owner=cast.bob)

    assert [name for name, user in everybody.items() if ask(user, "reports.try_again", run)] == ["bob", "petra"]
    may_change = [name for name, user in everybody.items() if ask(user, "reports.change_schedule", schedule)]
    seen = [name for name, user in everybody.items() if Schedule.objects.visible_to(user).exists()]
    assert may_change == seen == ["bob", "petra"]
    assert list(Schedule.objects.visible_to(AnonymousUser())) == []
