"""A message: taken in, triaged, acknowledged, answered, closed, shared, handed over."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback, Message, Receipt, SensitiveReport
from beneficiaries.services import feedback as services
from beneficiaries.services.feedback import NewFeedback, receive_feedback, receive_many, tell_staff
from beneficiaries.services.receipts import open_receipt
from kmop.accounts.services import service_account
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from kmop.shared.models import Tombstone
from projects.choices import ProjectRoleName
from tests.factories import Cast, fresh, make_cast, make_place, make_project, make_role, make_user
from tests.factories_voices import make_answered, make_feedback, make_need

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 10, 22, 30, tzinfo=UTC)  # already the 11th in Athens


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def form() -> Any:
    return service_account("public-form")


def actions() -> list[str]:
    return list(Entry.objects.exclude(action="user.changed").order_by("position").values_list("action", flat=True))


# ---------------------------------------------------------------- receiving
def test_a_message_is_kept_promised_told_and_recorded_without_its_words(cast: Cast) -> None:
    received = receive_feedback(
        project=cast.project, content=NewFeedback(text="  Πού; ", language="el"), at=AT, by=form()
    )
    row = received.feedback
    assert row is not None
    assert (row.text, row.search_text, row.promised_on) == ("Πού;", "που;", date(2026, 11, 18))
    assert (received.sensitive, actions()) == (None, ["feedback.received"])
    assert "Πού" not in "".join(Entry.objects.values_list("content", flat=True))
    notice = Notice.objects.get()
    assert (notice.user, notice.link, notice.params["reference"]) == (cast.alice, f"/voices/{row.pk}/", row.reference)
    assert open_receipt(code=received.code, pin=received.pin).feedback == row


def test_a_reference_is_random_and_tells_no_number(cast: Cast) -> None:
    drawn = {services.new_reference() for _time in range(50)}
    assert (len(drawn), {len(one) for one in drawn}) == (50, {8})


def test_without_project_the_portal_promises(cast: Cast, settings: Any) -> None:
    settings.ANSWER_DAYS = 3
    received = receive_feedback(project=None, content=NewFeedback(text="Hello"), at=AT, by=form())
    assert received.feedback is not None
    assert (received.feedback.promised_on, Notice.objects.count()) == (date(2026, 11, 14), 0)


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({"text": " "}, ["text"]),
        ({"text": "x" * 20_001}, ["text"]),
        ({"text": "a\x00"}, ["text"]),
        (
            {"sex": "robot", "age_band": "x", "disability": "?", "channel": "owl"},
            ["age_band", "channel", "disability", "sex"],
        ),
        ({"contact": "1" * 201}, ["contact"]),
        ({"language": "x" * 11}, ["language"]),
        ({"language": "xx"}, ["language"]),
    ],
)
def test_what_cannot_be_read_is_refused_whole(cast: Cast, fields: dict[str, str], wrong: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        receive_feedback(project=cast.project, content=NewFeedback(**{"text": "Hello", **fields}), by=form())  # type: ignore[arg-type]
    assert (sorted(caught.value.error_dict), Feedback.objects.count()) == (wrong, 0)


def test_an_external_id_is_met_once_a_project(cast: Cast) -> None:
    content = NewFeedback(text="Hello", external_id="gw-1")
    receive_feedback(project=cast.project, content=content, by=form())
    receive_feedback(project=cast.other, content=content, by=form())
    with pytest.raises(RuleBroken) as caught:
        receive_feedback(project=cast.project, content=content, by=form())
    assert (caught.value.code, Feedback.objects.count()) == ("duplicate", 2)


def test_many_come_in_at_once_without_receipts(cast: Cast) -> None:
    made = receive_many(project=cast.project, rows=[(NewFeedback(text=f"No {n}"), AT) for n in range(3)], by=form())
    assert (len(made), Receipt.objects.count(), Notice.objects.count(), len(actions())) == (3, 0, 0, 3)


@pytest.mark.parametrize("bad", [NewFeedback(text=""), NewFeedback(text="Help", is_sensitive=True)])
def test_one_bad_row_keeps_none(cast: Cast, bad: NewFeedback) -> None:
    with pytest.raises(ValidationError):
        receive_many(project=cast.project, rows=[(NewFeedback(text="Good"), AT), (bad, AT)], by=form())
    assert Feedback.objects.count() == 0


@pytest.mark.parametrize("count", [1, 4])
def test_staff_by_project_and_by_country_are_told_once_in_a_fixed_number_of_statements(cast: Cast, count: int) -> None:
    by_country, idle = make_user("Petros"), make_user("Idle")
    make_role(by_country, ProjectRoleName.ME_OFFICER, country="GR")
    make_role(idle, ProjectRoleName.PROJECT_MANAGER, cast.project)
    idle.is_active = False
    idle.save()
    rows = [make_feedback(cast.project) for _number in range(count)]
    with CaptureQueriesContext(connection) as told:
        tell_staff(rows)
    assert len(told) == 3
    assert sorted(Notice.objects.values_list("user__name", flat=True)) == sorted(["Alice", "Petros"] * count)


# ---------------------------------------------------------------- triage
def test_triage_codes_links_and_assigns(cast: Cast) -> None:
    officer = make_user("Petros")
    make_role(officer, ProjectRoleName.ME_OFFICER, cast.project)
    row, need, place = make_feedback(cast.project), make_need(cast.project), make_place("GR-B")
    changes = {
        "kind": "request",
        "need": need,
        "place": place,
        "assigned_to": officer,
        "translation": "Ώρες",
        "priority": True,
    }
    services.triage_feedback(feedback=row, changes=changes, expected_version=1, by=cast.alice)
    row.refresh_from_db()
    assert (row.kind, row.need, row.place, row.assigned_to, row.priority, row.version) == (
        "request", need, place, officer, True, 2,
    )  # fmt: skip
    assert row.search_text == "the bus is gone at nine. ωρεσ"
    assert list(Notice.objects.values_list("kind", "user__name")) == [("beneficiaries.feedback_assigned", "Petros")]
    assert "Ώρες" not in "".join(Entry.objects.values_list("content", flat=True))


def test_assigning_oneself_or_again_tells_nobody(cast: Cast) -> None:
    row = make_feedback(cast.project)
    for _time in range(2):
        services.triage_feedback(feedback=row, changes={"assigned_to": cast.alice}, by=cast.alice)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("name", ["state", "contact", "text"])
def test_only_what_belongs_to_triage_is_changed(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.triage_feedback(feedback=make_feedback(cast.project), changes={name: "x"}, by=cast.alice)
    assert list(caught.value.error_dict) == [name]


def test_neither_a_need_of_another_project_nor_a_stranger_is_taken(cast: Cast) -> None:
    for name, value in (("need", make_need(cast.other)), ("assigned_to", cast.dora)):
        with pytest.raises(ValidationError) as caught:
            services.triage_feedback(feedback=make_feedback(cast.project), changes={name: value}, by=cast.alice)
        assert list(caught.value.error_dict) == [name]


def test_linking_a_need_is_triage(cast: Cast) -> None:
    need = make_need(cast.project)
    linked = services.triage_feedback(feedback=make_feedback(cast.project), changes={"need": need}, by=cast.alice)
    assert linked.need == need


# ---------------------------------------------------------------- answering
def test_acknowledge_answer_close(cast: Cast) -> None:
    row = make_feedback(cast.project)
    services.acknowledge_feedback(feedback=row, by=cast.alice)
    services.answer_feedback(feedback=row, text=" In the school. ", language="en", by=cast.alice)
    services.close_feedback(feedback=row, by=cast.alice)
    row.refresh_from_db()
    message = Message.objects.get()
    assert (message.text, message.by, row.state) == ("In the school.", cast.alice, FeedbackState.CLOSED)
    assert all([row.acknowledged_at, row.answered_at, row.closed_at])
    assert actions() == ["feedback.acknowledged", "feedback.answered", "feedback.closed"]


def test_the_first_answer_counts_for_the_time(cast: Cast) -> None:
    row = make_feedback(cast.project)
    for at in (AT, timezone.now()):
        services.answer_feedback(feedback=row, text="Yes", at=at, by=cast.alice)
    assert (row.answered_at, row.acknowledged_at, Message.objects.count()) == (AT, AT, 2)


def test_triage_and_answer_are_one_act(cast: Cast) -> None:
    row = make_feedback(cast.project)
    with pytest.raises(ValidationError):
        services.work_on_feedback(
            feedback=row, changes={"kind": "praise"}, answer="\x00", expected_version=1, by=cast.alice
        )
    row = Feedback.objects.get()
    assert (row.kind, row.state) == ("", "new")
    services.work_on_feedback(
        feedback=row, changes={"kind": "praise"}, answer="Thanks", expected_version=1, by=cast.alice
    )
    row.refresh_from_db()
    assert (row.kind, row.state, row.version) == ("praise", "answered", 3)
    services.work_on_feedback(feedback=row, changes={}, answer="More", expected_version=3, by=cast.alice)
    services.work_on_feedback(feedback=row, changes={"kind": ""}, by=cast.alice)
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    "state, act",
    [
        (FeedbackState.ACKNOWLEDGED, services.acknowledge_feedback),
        (FeedbackState.NEW, services.close_feedback),
        (FeedbackState.CLOSED, services.close_feedback),
        (FeedbackState.WITHDRAWN, services.answer_feedback),
    ],
)
def test_an_act_in_the_wrong_state_is_refused(cast: Cast, state: str, act: Any) -> None:
    more = {"text": "Yes"} if act is services.answer_feedback else {}
    with pytest.raises(RuleBroken) as caught:
        act(feedback=make_feedback(cast.project, state=state), by=cast.alice, **more)
    assert caught.value.code == "wrong_state"


def test_of_two_writers_the_second_is_told(cast: Cast) -> None:
    row = make_feedback(cast.project)
    late = Feedback.objects.get(pk=row.pk)
    services.acknowledge_feedback(feedback=row, expected_version=1, by=cast.alice)
    for version in (1, None):
        with pytest.raises(Stale):
            services.answer_feedback(feedback=late, text="Yes", expected_version=version, by=cast.alice)
        late = Feedback.objects.get(pk=row.pk) if version is None else late
    with pytest.raises(Stale):
        services.triage_feedback(feedback=row, changes={"kind": "praise"}, expected_version=1, by=cast.alice)
    assert Message.objects.count() == 0


# ---------------------------------------------------------------- sharing, handing over
def test_a_partner_of_the_project_is_let_in(cast: Cast) -> None:
    row = make_feedback(cast.project)
    services.share_feedback(feedback=row, organisation=cast.a, by=cast.alice)
    seen = [Feedback.objects.visible_to(fresh(user)).count() for user in (cast.bob, cast.carol)]
    assert (seen, actions()) == ([1, 0], ["feedback.shared"])


def test_neither_conduct_nor_strangers_are_shared(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as caught:
        services.share_feedback(
            feedback=make_feedback(cast.project, is_about_conduct=True), organisation=cast.a, by=cast.alice
        )
    assert caught.value.code == "about_conduct"
    for row, organisation in ((make_feedback(cast.project), cast.b), (make_feedback(cast.other), cast.a)):
        make_role(cast.alice, ProjectRoleName.ME_OFFICER, cast.other) if row.project == cast.other else None
        with pytest.raises(ValidationError):
            services.share_feedback(feedback=row, organisation=organisation, by=fresh(cast.alice))


def test_handing_over_wipes_the_message_and_takes_its_receipt_along(cast: Cast) -> None:
    received = receive_feedback(project=cast.project, content=NewFeedback(text="He asked for money."), by=form())
    row = received.feedback
    assert row is not None
    services.answer_feedback(feedback=row, text="We look into it.", by=cast.alice)
    report = services.hand_over(feedback=row, by=cast.alice)
    assert (Feedback.objects.count(), Message.objects.count(), SensitiveReport.objects.get()) == (0, 0, report)
    assert open_receipt(code=received.code, pin=received.pin).sensitive == report
    assert list(Tombstone.objects.values_list("kind", "object_id", "scope")) == [
        ("beneficiaries.feedback", str(row.pk), str(cast.project.pk))
    ]
    assert (report.received_at, actions()[-1]) == (row.received_at, "feedback.handed_over")


@pytest.mark.parametrize(
    "act, more",
    [
        (services.triage_feedback, {"changes": {}}),
        (services.acknowledge_feedback, {}),
        (services.answer_feedback, {"text": "Yes"}),
        (services.close_feedback, {}),
        (services.hand_over, {}),
    ],
)
def test_nobody_else_does_any_of_it(cast: Cast, act: Any, more: dict[str, Any]) -> None:
    row = make_answered(make_project("THIRD"))
    for user in (cast.bob, cast.carol, cast.dora, cast.sofia, cast.alice):
        with pytest.raises(NotAllowed):
            act(feedback=row, by=user, **more)
    with pytest.raises(NotAllowed):
        services.share_feedback(feedback=row, organisation=cast.a, by=cast.dora)
