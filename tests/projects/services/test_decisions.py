"""Deciding: approve, return, revise, undo; what follows in totals, obligations, notices and the audit trail."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kmop.accounts.choices import UserKind
from kmop.audit.models import Entry
from kmop.audit.queries.chain import verified_chain
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from projects.choices import ProjectRoleName, UpdateSource, UpdateState
from projects.models import Actual, Update
from projects.services.updates import (
    UpdateInput,
    ValueInput,
    approve_update,
    approve_updates,
    content_of,
    create_update,
    delete_draft,
    replace_update,
    return_update,
    return_updates,
    revise_update,
    submit_update,
    submit_updates,
    undo_approval,
)
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_client,
    make_indicator,
    make_member,
    make_obligation,
    make_period,
    make_project,
    make_role,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def submitted(cast: Cast, number: Any = 10, *, by: Any = None, **fields: Any) -> Update:
    """An update of January, submitted by Bob."""
    content = UpdateInput(total=ValueInput(numerator=Decimal(number)), external_id=fields.pop("external_id", ""))
    values = {"indicator": cast.indicator, "period": cast.period, "organisation": cast.a, **fields}
    return create_update(content=content, submit=True, by=by or cast.bob, **values)


def actual(cast: Cast) -> list[Any]:
    """The stored total of January, or nothing."""
    return list(Actual.objects.filter(period=cast.period, cell="").values_list("numerator", flat=True))


def actions() -> list[str]:
    """What the audit trail tells, oldest first; the chain must hold."""
    assert verified_chain().broken == []
    return list(Entry.objects.order_by("position").values_list("action", flat=True))


# ---------------------------------------------------------------- approve
def test_approval_counts_in_the_same_act(cast: Cast) -> None:
    obligation = make_obligation(cast.period, cast.a)
    update = submitted(cast)
    assert actual(cast) == []
    done = approve_update(update=update, note="Well done.", by=cast.alice)
    assert (done.state, done.decided_by, done.note, done.version) == (UpdateState.APPROVED, cast.alice, "Well done.", 3)
    done.refresh_from_db()
    assert (done.state, done.decided_by, done.version) == (UpdateState.APPROVED, cast.alice, 3)
    assert actual(cast) == [Decimal(10)]
    obligation.refresh_from_db()
    assert obligation.version == 3
    assert actions() == ["update.created", "update.submitted", "update.approved"]


def test_the_submitter_is_told_after_thirty_seconds(cast: Cast) -> None:
    update = submitted(cast)
    assert [(one.user, one.text, one.link) for one in Notice.objects.all()] == [
        (cast.alice, "STR-25: 1 updates wait for your review.", "/review/")
    ]
    before = timezone.now()
    approve_update(update=update, by=cast.alice)
    notice = Notice.objects.get(user=cast.bob)
    assert notice.text == "1.1, 2026-01/2026-01: your figures are approved."
    assert notice.link == f"/updates/{update.pk}/"
    assert timedelta(seconds=30) <= notice.at - before < timedelta(seconds=90)


def test_people_of_the_partner_are_told_where_its_system_submitted(cast: Cast) -> None:
    client = make_client(cast.a)
    make_member(cast.dora, cast.a, "partner_viewer")
    update = submitted(cast, by=client.user, client=client)
    return_update(update=update, note="Count again.", by=cast.alice)
    told = Notice.objects.filter(kind="projects.update_returned")
    assert [one.user for one in told] == [cast.bob]


def test_nobody_approves_what_she_submitted(cast: Cast) -> None:
    make_role(cast.bob, ProjectRoleName.ME_OFFICER, cast.project)
    bob = fresh(cast.bob)
    update = submitted(cast, by=bob)
    for act in (approve_update, return_update):
        fields = {"note": "No."} if act is return_update else {}
        with pytest.raises(NotAllowed) as error:
            act(update=update, by=bob, **fields)
        assert str(error.value.message) == "You submitted this update yourself; somebody else decides about it."


def test_the_importer_alone_does_both(cast: Cast) -> None:
    importer = make_user("Importer", kind=UserKind.SERVICE)
    update = make_update(
        cast.period,
        cast.a,
        4,
        state=UpdateState.SUBMITTED,
        by=importer,
        source=UpdateSource.IMPORT,
        started_by=cast.alice,
    )
    assert approve_update(update=update, by=importer).state == UpdateState.APPROVED
    by_form = make_update(
        make_period(cast.indicator, 2), cast.a, 4, state=UpdateState.SUBMITTED, by=importer, source=UpdateSource.FORM
    )
    with pytest.raises(NotAllowed):
        approve_update(update=by_form, by=importer)


def test_officers_of_other_projects_and_strangers_decide_nothing(cast: Cast) -> None:
    update = submitted(cast)
    officer = make_user("Other")
    make_role(officer, ProjectRoleName.ME_OFFICER, cast.other)
    for user in (cast.bob, cast.carol, cast.dora, officer):
        with pytest.raises(NotAllowed):
            approve_update(update=update, by=user)
    assert actual(cast) == []


def test_an_officer_of_the_country_decides(cast: Cast) -> None:
    officer = make_user("Officer")
    make_role(officer, ProjectRoleName.ME_OFFICER, country="GR")
    assert approve_update(update=submitted(cast), by=officer).decided_by == officer


def test_only_what_waits_is_decided_and_versions_are_kept(cast: Cast) -> None:
    update = submitted(cast)
    with pytest.raises(Stale):
        approve_update(update=update, expected_version=1, by=cast.alice)
    approve_update(update=update, expected_version=2, by=cast.alice)
    for act in (approve_update, return_update):
        fields = {"note": "No."} if act is return_update else {}
        with pytest.raises(RuleBroken) as error:
            act(update=update, by=cast.alice, **fields)
        assert error.value.code == "wrong_state"


def test_a_set_is_approved_whole_or_not_at_all(cast: Cast) -> None:
    february = make_period(cast.indicator, 2)
    updates = [submitted(cast), submitted(cast, 5, period=february)]
    returned = return_update(update=submitted(cast, 7, period=make_period(cast.indicator, 3)), note="No", by=cast.alice)
    with pytest.raises(RuleBroken):
        approve_updates(updates=[*updates, returned], by=cast.alice)
    assert Actual.objects.count() == 0
    at = timezone.now() - timedelta(days=3)
    assert [one.decided_at for one in approve_updates(updates=updates, at=at, by=cast.alice)] == [at, at]
    assert list(Actual.objects.order_by("period__starts_on").values_list("numerator", flat=True)) == [10, 5]


# ---------------------------------------------------------------- return
def test_a_note_says_what_to_correct(cast: Cast) -> None:
    update = submitted(cast)
    with pytest.raises(ValidationError) as error:
        return_update(update=update, note="  ", by=cast.alice)
    assert error.value.message_dict == {"note": ["Say what is to be corrected."]}
    returned = return_updates(updates=[update], note=" Count again. ", by=cast.alice)[0]
    assert (returned.state, returned.note, actual(cast)) == (UpdateState.RETURNED, "Count again.", [])
    content = replace(content_of(returned), total=ValueInput(numerator=Decimal(12)))
    again = submit_update(update=replace_update(update=returned, content=content, by=cast.bob), by=cast.bob)
    approve_update(update=again, by=cast.alice)
    assert actual(cast) == [Decimal(12)]
    assert actions() == [
        "update.created",
        "update.submitted",
        "update.returned",
        "update.changed",
        "update.submitted",
        "update.approved",
    ]


# ---------------------------------------------------------------- revise
def test_an_approved_update_counts_until_its_revision_is_approved(cast: Cast) -> None:
    obligation = make_obligation(cast.period, cast.a)
    client = make_client(cast.a)
    first = approve_update(update=submitted(cast, client=client, external_id="mis-1"), by=cast.alice)
    with pytest.raises(ValidationError) as error:
        revise_update(update=first, reason="", by=cast.bob)
    assert error.value.message_dict == {"reason": ["Say why the figures are corrected."]}
    revision = revise_update(update=first, reason="Double count.", expected_version=3, by=cast.bob)
    assert (revision.revision, revision.revises, revision.state, revision.external_id) == (2, first, "draft", "")
    assert [one.numerator for one in revision.values.all()] == [Decimal(10)]
    with pytest.raises(RuleBroken) as broken:
        revise_update(update=first, reason="Again.", by=cast.bob)
    assert broken.value.code == "duplicate"
    content = replace(content_of(revision), total=ValueInput(numerator=Decimal(8)))
    replace_update(update=revision, content=content, submit=True, by=cast.bob)
    assert actual(cast) == [Decimal(10)]
    second = approve_update(update=revision, by=cast.alice)
    assert actual(cast) == [Decimal(8)]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.superseded_at is None, second.external_id) == (False, "mis-1")
    obligation.refresh_from_db()
    assert obligation.update == second
    with pytest.raises(RuleBroken):
        revise_update(update=first, reason="Old.", by=cast.bob)
    assert revise_update(update=second, reason="Third.", by=cast.bob).revision == 3


def test_the_draft_of_a_revision_can_be_given_up(cast: Cast) -> None:
    first = approve_update(update=submitted(cast), by=cast.alice)
    revision = revise_update(update=first, reason="Perhaps.", by=cast.bob)
    delete_draft(update=revision, by=cast.bob)
    assert revise_update(update=first, reason="Really.", by=cast.bob).revision == 2
    for user in (cast.carol, cast.alice):
        with pytest.raises(NotAllowed):
            revise_update(update=first, reason="Mine.", by=user)
    with pytest.raises(RuleBroken) as error:
        revise_update(update=submitted(cast, period=make_period(cast.indicator, 2)), reason="No.", by=cast.bob)
    assert error.value.code == "wrong_state"


# ---------------------------------------------------------------- undo
def test_an_approval_is_taken_back_within_seconds(cast: Cast) -> None:
    update = approve_update(update=submitted(cast), by=cast.alice)
    [back] = undo_approval(updates=[update], by=cast.alice)
    assert (back.state, back.decided_by, actual(cast)) == (UpdateState.SUBMITTED, None, [])
    assert not Notice.objects.filter(user=cast.bob).exists()
    assert actions()[-1] == "update.approval_undone"
    late = timezone.now() - timedelta(seconds=40)
    approve_updates(updates=[back], at=late, by=cast.alice)
    with pytest.raises(RuleBroken) as error:
        undo_approval(updates=[back], by=cast.alice)
    assert error.value.code == "too_late"


# ---------------------------------------------------------------- how much it costs
def cost(updates: list[Update], user: Any) -> int:
    """How many statements an approval takes, with what the actor holds read anew."""
    with CaptureQueriesContext(connection) as seen:
        approve_updates(updates=updates, by=fresh(user))
    return len(seen)


def test_approving_takes_the_same_statements_whatever_the_size(cast: Cast) -> None:
    lone = cost([submitted(cast)], cast.alice)
    project = make_project("BIG-26")
    project.partnerships.create(organisation=cast.a, role="implementing", reports=True)
    make_role(cast.alice, ProjectRoleName.ME_OFFICER, project)
    bob = fresh(cast.bob)
    indicators = [make_indicator(project, f"1.{number}", is_cumulative=number % 2 == 0) for number in range(10)]
    periods = [make_period(one, month) for one in indicators for month in range(1, 11)]
    updates = [make_update(one, cast.a, 3, state=UpdateState.DRAFT, by=bob) for one in periods]
    submit_updates(updates=updates, by=bob)
    assert lone == cost(updates[:1], cast.alice) == 17
    assert cost(updates[1:], cast.alice) == 17
    assert Actual.objects.filter(indicator__project=project, cell="").count() == 100
