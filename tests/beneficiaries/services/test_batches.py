"""Many messages triaged and answered in one act."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback, Message
from beneficiaries.services.batches import Worked, work_on_many
from kmop.audit.models import Entry
from kmop.notifications.models import Notice
from kmop.shared.errors import NotAllowed, RuleBroken
from tests.factories import Cast, fresh, make_cast, make_project
from tests.factories_voices import make_feedback, make_need

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_messages_are_coded_answered_told_and_recorded(cast: Cast) -> None:
    need = make_need(cast.project)
    first, second = make_feedback(cast.project, "Πού;"), make_feedback(cast.project, "When?")
    work_on_many(
        rows=[
            Worked(first, {"kind": "question", "need": need, "translation": "Where?"}, " Here. ", "en", AT),
            Worked(second, {"kind": "request"}),
        ],
        by=fresh(cast.alice),
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.kind, first.need, first.search_text) == ("question", need, "που; where?")
    assert (first.state, first.answered_at, first.acknowledged_at) == (FeedbackState.ANSWERED, AT, AT)
    assert (first.version, second.version) == (2, 2)
    assert (second.kind, second.state, second.answered_at) == ("request", FeedbackState.NEW, None)
    assert list(Message.objects.values_list("feedback", "text", "sender", "language", "by", "at")) == [
        (first.pk, "Here.", "staff", "en", cast.alice.pk, AT)
    ]
    assert list(Entry.objects.order_by("position").values_list("action", flat=True))[-3:] == [
        "feedback.triaged",
        "feedback.triaged",
        "feedback.answered",
    ]
    assert Notice.objects.count() == 0


def test_who_is_to_answer_is_told_but_not_about_oneself(cast: Cast) -> None:
    rows = [Worked(make_feedback(cast.project), {"assigned_to": person}) for person in (cast.alice, cast.alice)]
    work_on_many(rows=rows, by=fresh(cast.alice))
    assert Notice.objects.count() == 0
    with pytest.raises(ValidationError) as wrong:
        work_on_many(rows=[Worked(make_feedback(cast.project), {"assigned_to": cast.bob})], by=fresh(cast.alice))
    assert list(wrong.value.message_dict) == ["assigned_to"]


def test_all_or_none(cast: Cast) -> None:
    good, gone = make_feedback(cast.project), make_feedback(cast.project, state=FeedbackState.WITHDRAWN)
    with pytest.raises(RuleBroken):
        work_on_many(rows=[Worked(good, {"kind": "request"}), Worked(gone, {}, "Hello")], by=fresh(cast.alice))
    with pytest.raises(ValidationError):
        work_on_many(rows=[Worked(good, {"kind": "song"})], by=fresh(cast.alice))
    with pytest.raises(ValidationError):
        work_on_many(rows=[Worked(good, {}, "   ")], by=fresh(cast.alice))
    with pytest.raises(ValidationError):
        work_on_many(rows=[Worked(good, {"need": make_need(make_project("ELSE"))})], by=fresh(cast.alice))
    with pytest.raises(NotAllowed):
        work_on_many(rows=[Worked(good, {"kind": "request"})], by=fresh(cast.bob))
    assert Feedback.objects.get(pk=good.pk).kind == ""
    assert Message.objects.count() == 0


@pytest.mark.parametrize("count", [1, 4])
def test_the_statements_do_not_grow_with_the_messages(cast: Cast, count: int) -> None:
    rows = [Worked(make_feedback(cast.project), {"kind": "request"}, "Yes.") for _one in range(count)]
    by = fresh(cast.alice)
    by.has_perm("beneficiaries.answer_feedback", rows[0].feedback)
    with CaptureQueriesContext(connection) as seen:
        work_on_many(rows=rows, by=by)
    assert len(seen) == 10
