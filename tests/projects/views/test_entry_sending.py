"""Sending figures to review, and what happens to them afterwards."""

import pytest
from django.utils import timezone

from projects.models import LockException, Update
from projects.queries.entry_steps import StepState
from projects.services.updates import approve_update, return_update, revise_update
from tests.factories import (
    Cast,
    make_cast,
    make_obligation,
)
from tests.factories_entry import ENTER, address, as_user, owe, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_one_figure_is_sent_as_soon_as_it_is_ready(cast: Cast) -> None:
    owed, following = make_obligation(cast.period, cast.a), owe(cast, "1.2")
    answer = as_user(cast.bob).post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    assert answer.headers["Location"] == address(following)
    assert Update.objects.get().state == "submitted"


def test_sending_nothing_is_refused_and_sending_without_the_file_keeps_the_draft(cast: Cast) -> None:
    owed = owe(cast, "1.2", evidence_required=True)
    client = as_user(cast.bob)
    empty = client.post(address(owed), {"kind": "number", "version": 0, "go": "send"})
    assert (empty.status_code, Update.objects.count()) == (422, 0)
    page = client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    assert page.status_code == 422
    assert "This indicator asks for evidence: add a file first." in page.content.decode()
    assert (Update.objects.get().state, page.context["form"]["version"].value()) == ("draft", "1")
    assert page.context["step"].state == StepState.FILE_MISSING


def test_all_that_is_ready_is_sent_together(cast: Cast) -> None:
    first, second, third = make_obligation(cast.period, cast.a), owe(cast, "1.2"), owe(cast, "1.3")
    client = as_user(cast.bob)
    typed(client, first, **{"n.": "5"})
    typed(client, third, kind="not_counted", narrative="Later")
    answer = client.post(address(second), {"kind": "number", "version": 0, "n.": "6", "go": "send_all"})
    assert answer.headers["Location"] == address(second)
    states = dict(Update.objects.values_list("indicator__code", "state"))
    assert states == {"1.1": "submitted", "1.2": "submitted", "1.3": "draft"}
    nothing = client.post(address(third), {"kind": "not_counted", "narrative": "Later", "version": 1, "go": "send_all"})
    assert nothing.status_code == 422


def test_the_last_one_sent_leads_back_to_what_is_due(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    answer = client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send_all"})
    assert answer.headers["Location"] == ENTER
    page = client.get(address(owed))
    assert "Sent to review." in page.content.decode()
    assert page.context["why_not"] == "All figures of this period are sent."


def test_a_sent_figure_is_not_changed(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    update = Update.objects.get()
    page = client.post(address(owed), {"kind": "number", "version": update.version, "n.": "6"})
    assert page.status_code == 422
    assert "Only a draft or a returned update can be changed." in page.content.decode()


def test_a_returned_figure_shows_its_note_and_is_sent_again(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    returned = return_update(update=Update.objects.get(), note="Count the men too", by=cast.alice)
    page = client.get(address(owed))
    assert "Count the men too" in page.content.decode()
    assert page.context["step"].state == StepState.RETURNED
    client.post(address(owed), {"kind": "number", "version": returned.version, "n.": "8", "go": "send"})
    assert Update.objects.get().state == "submitted"


def test_a_correction_is_entered_on_the_same_page(cast: Cast) -> None:
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    client.post(address(owed), {"kind": "number", "version": 0, "n.": "5", "go": "send"})
    approved = approve_update(update=Update.objects.get(), by=cast.alice)
    assert client.get(address(owed)).context["step"].state == StepState.APPROVED
    revise_update(update=approved, reason="Two were counted twice", by=cast.bob)
    page = client.get(address(owed))
    assert (page.context["step"].is_editable, page.context["form"]["n."].value()) == (True, "5")


def test_a_locked_period_says_so_until_it_is_opened_again(cast: Cast) -> None:
    cast.period.is_locked = True
    cast.period.save()
    owed = make_obligation(cast.period, cast.a)
    client = as_user(cast.bob)
    assert "This period is locked." in client.get(address(owed)).content.decode()
    assert client.post(address(owed), {"kind": "number", "version": 0, "n.": "5"}).status_code == 422
    LockException.objects.create(
        period=cast.period, organisation=cast.a, until=timezone.localdate(), reason="late", given_by=cast.alice
    )
    assert client.get(address(owed)).context["step"].is_editable is True
