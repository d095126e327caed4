"""Assumptions and their tests; unplanned change: what is accepted, by whom, and who sees it."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, Stale
from projects.choices import ProjectRoleName, ResultLevel
from projects.models import Assumption, UnplannedChange
from projects.queries.project_entries import project_entries
from projects.queries.theory import changes_by_result, theory
from projects.services.theory import add_assumption, change_assumption, correct_change, record_change, record_test
from tests.factories import Cast, fresh, make_cast, make_partnership, make_result, make_role, make_user
from tests.factories_parts import make_assumption, make_change

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def refused(call: Any, **facts: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call(**facts)
    return list(caught.value.error_dict)


# ---------------------------------------------------------------- assumptions
def test_an_assumption_leads_upwards_within_its_project(cast: Cast) -> None:
    outcome = make_result(cast.project)
    output = make_result(cast.project, "1.1", level=ResultLevel.OUTPUT, parent=outcome)
    foreign = make_result(cast.other, "9", level=ResultLevel.IMPACT)
    said: dict[str, Any] = {"project": cast.project, "text": "Jobs exist", "by": cast.alice}
    row = add_assumption(cause=output, effect=outcome, owner=cast.bob, due_on=TODAY, **said)
    assert (row.outcome, row.owner, str(row)) == ("untested", cast.bob, "Jobs exist")
    assert "Jobs exist" not in Entry.objects.get(action="assumption.changed").content
    for cause, effect in ((outcome, output), (output, output), (output, foreign), (foreign, outcome)):
        assert refused(add_assumption, cause=cause, effect=effect, **said) == ["effect"]
    assert refused(add_assumption, cause=output, effect=outcome, **{**said, "text": ""}) == ["text"]
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            add_assumption(cause=output, effect=outcome, **{**said, "by": user})
    change_assumption(obj=row, changes={"text": "Jobs exist near by"}, expected_version=1, by=cast.alice)
    assert refused(change_assumption, obj=row, changes={"effect": foreign}, by=cast.alice) == ["effect"]
    with pytest.raises(Stale):
        change_assumption(obj=row, changes={"text": "x"}, expected_version=1, by=cast.alice)


def test_a_test_is_recorded_by_its_owner_and_the_officers(cast: Cast) -> None:
    row = make_assumption(cast.project, owner=cast.bob, due_on=date(2026, 5, 1))
    found: dict[str, Any] = {"obj": row, "tested_on": TODAY, "by": cast.bob}
    assert row.is_overdue_on(TODAY)
    assert list(Assumption.objects.due_on(TODAY)) == [row]
    record_test(outcome="doubtful", evidence="3 of 9", due_on=date(2026, 9, 1), **found)
    row.refresh_from_db()
    assert (row.outcome, row.tested_on, row.evidence, row.version) == ("doubtful", TODAY, "3 of 9", 2)
    assert not row.is_overdue_on(TODAY)
    assert refused(record_test, outcome="untested", **found) == ["outcome"]
    assert refused(record_test, outcome="holds", due_on=TODAY, **found) == ["due_on"]
    assert refused(record_test, outcome="perhaps", **found) == ["outcome"]
    row.refresh_from_db()
    record_test(outcome="broken", **{**found, "by": cast.alice})
    assert Assumption.objects.get().due_on is None
    for user in (cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            record_test(outcome="holds", **{**found, "by": user})
    assert [len(theory(cast.project, user=user).assumptions) for user in (cast.bob, cast.carol)] == [1, 0]
    assert theory(cast.project, user=cast.carol).results == []


# ---------------------------------------------------------------- unplanned change
def told(cast: Cast, by: User, **more: Any) -> UnplannedChange:
    said = {
        "kind": "bad",
        "what": "The bus line was closed",
        "noticed_by": "Participants",
        "noticed_on": date(2026, 5, 3),
        "result": make_result(cast.project),
    }
    return record_change(project=cast.project, today=TODAY, by=by, **{**said, **more})


def test_a_partner_tells_it_for_itself_and_officers_for_the_project(cast: Cast) -> None:
    pdf = SimpleUploadedFile("photo.pdf", b"%PDF-1.7 x")
    own, officers = told(cast, cast.bob, file=pdf), told(cast, cast.alice, link="https://example.org/x")
    assert (own.organisation, officers.organisation, own.file_name) == (cast.a, None, "photo.pdf")
    assert (own.file_type, len(own.file_sha256)) == ("application/pdf", 64)
    assert "bus" not in "".join(Entry.objects.values_list("content", flat=True))
    with pytest.raises(NotAllowed):
        told(cast, cast.bob, organisation=cast.b)
    make_partnership(cast.project, cast.b)
    cast.bob.memberships.create(organisation=cast.b, role="partner_contributor")
    assert refused(told, cast=cast, by=fresh(cast.bob)) == ["organisation"]
    assert told(cast, fresh(cast.bob), organisation=cast.b).organisation == cast.b


@pytest.mark.parametrize(
    "more, field",
    [
        ({"noticed_on": date(2026, 6, 2)}, "noticed_on"),
        ({"what": ""}, "what"),
        ({"kind": "so-so"}, "kind"),
        ({"noticed_by": ""}, "noticed_by"),
        ({"link": "no link"}, "link"),
        ({"file": SimpleUploadedFile("a.pdf", b"MZ no pdf")}, "file"),
        ({"result": None}, "result"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast: Cast, more: dict[str, Any], field: str) -> None:
    if field == "result":
        more = {"result": make_result(cast.other, "9")}
    assert refused(told, cast=cast, by=cast.alice, **more) == [field]
    assert UnplannedChange.objects.count() == 0


def test_others_tell_and_correct_nothing(cast: Cast) -> None:
    own, officers = make_change(cast.project, cast.a), make_change(cast.project)
    funder, viewer = make_user("Fay"), make_user("Vera")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)
    viewer.memberships.create(organisation=cast.a, role="partner_viewer")
    for user in (cast.carol, cast.dora, funder, viewer):
        with pytest.raises(NotAllowed):
            told(cast, user)
        with pytest.raises(NotAllowed):
            correct_change(obj=own, changes={"what": "x"}, today=TODAY, by=user)
    with pytest.raises(NotAllowed):
        correct_change(obj=officers, changes={"what": "x"}, today=TODAY, by=cast.bob)
    correct_change(obj=own, changes={"what": "It was opened again"}, today=TODAY, expected_version=1, by=cast.bob)
    own.refresh_from_db()
    assert (own.what, own.version) == ("It was opened again", 2)
    assert refused(correct_change, obj=own, changes={"noticed_on": date(2027, 1, 1)}, today=TODAY, by=cast.bob) == [
        "noticed_on"
    ]


def test_the_history_tells_of_what_one_sees(cast: Cast) -> None:
    make_partnership(cast.project, cast.b, reports=False)
    told(cast, cast.bob)
    add_assumption(
        project=cast.project,
        text="Jobs exist",
        cause=make_result(cast.project, "1.1", level=ResultLevel.OUTPUT),
        effect=make_result(cast.project),
        by=cast.alice,
    )
    seen = {
        user.name: sorted(project_entries(cast.project, user=fresh(user)).values_list("action", flat=True))
        for user in (cast.alice, cast.bob, cast.carol)
    }
    assert seen == {
        "Alice": ["assumption.changed", "unplanned_change.recorded"],
        "Bob": ["assumption.changed", "unplanned_change.recorded"],
        "Carol": ["assumption.changed"],
    }


def test_who_sees_which_change(cast: Cast) -> None:
    make_partnership(cast.project, cast.b, reports=False)
    of_a, of_b, officers = (
        make_change(cast.project, cast.a),
        make_change(cast.project, cast.b),
        make_change(cast.project),
    )
    make_change(cast.other, cast.b, noticed_on=date(2026, 3, 1))
    funder = make_user("Fay")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)
    people = (cast.alice, cast.bob, cast.carol, cast.dora, funder, make_user("Max", PortalRole.PORTFOLIO_MANAGER))
    seen = {
        user.name: set(UnplannedChange.objects.visible_to(fresh(user)).filter(project=cast.project)) for user in people
    }
    assert seen == {
        "Alice": {of_a, of_b, officers},
        "Bob": {of_a, officers},
        "Carol": {of_b, officers},
        "Dora": set(),
        "Fay": set(),
        "Max": {of_a, of_b, officers},
    }
    result = of_a.result_id
    assert set(changes_by_result(cast.project, user=cast.alice, day=TODAY)[result]) == {of_a, of_b, officers}
    assert changes_by_result(cast.project, user=cast.alice, day=date(2025, 1, 1)) == {}
