"""The protected door: not there for anybody but focal points; opened for a reason, answered, closed."""

from typing import Any

import pytest
from django.test import Client

from beneficiaries.models import SensitiveOpening, SensitiveReport
from beneficiaries.services.feedback import NewFeedback, receive_feedback
from kmop.accounts.choices import PortalRole
from kmop.accounts.services import service_account
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    content = NewFeedback(text="He asked for money.", contact="6900000000", is_sensitive=True)
    receive_feedback(project=made.project, content=content, by=service_account("public-form"))
    return made


@pytest.fixture
def sofia(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.sofia)
    return client


def address() -> str:
    return f"/sensitive/{SensitiveReport.objects.get().pk}/"


def test_for_everybody_else_it_is_not_there(cast: Cast) -> None:
    petra = make_user("Petra", *[one for one in PortalRole if one != PortalRole.SAFEGUARDING_FOCAL_POINT])
    for user in (cast.alice, cast.bob, cast.carol, cast.dora, petra):
        client = Client()
        client.force_login(user)
        statuses = [client.get("/sensitive/").status_code, client.get(address()).status_code]
        assert [*statuses, client.post(address(), {"reason": "Curious"}).status_code] == [404, 404, 404]
    assert (Client().get("/sensitive/").status_code, SensitiveOpening.objects.count()) == (302, 0)


def test_the_list_shows_ids_and_days_without_content_or_files(sofia: Client) -> None:
    page = sofia.get("/sensitive/")
    html = page.content.decode()
    told = [word in html for word in (str(SensitiveReport.objects.get().pk)[:8], "Not opened", "money", "STR-25")]
    assert (told, "no-store" in page["Cache-Control"]) == ([True, True, False, False], True)
    assert sofia.get("/sensitive/", {"format": "csv"}).status_code == 404


def test_it_opens_for_a_reason_that_is_kept_and_shut_again_with_the_page(sofia: Client) -> None:
    assert "money" not in sofia.get(address()).content.decode()
    assert sofia.post(address(), {"reason": " "}).status_code == 422
    html = sofia.post(address(), {"reason": "First look"}).content.decode()
    assert [word in html for word in ("He asked for money.", "6900000000", "First look")] == [True, True, True]
    assert "money" not in sofia.get(address()).content.decode()
    assert "First look" in sofia.get("/sensitive/").content.decode()


def test_answer_and_close(sofia: Client) -> None:
    html = sofia.post(address(), {"reason": "To answer", "act": "answer", "text": "We help you."}).content.decode()
    assert ("We help you." in html, "Answered." in html) == (True, True)
    empty: Any = sofia.post(address(), {"reason": "To answer", "act": "answer", "text": ""})
    assert (empty.status_code, "He asked for money." in empty.content.decode()) == (422, True)
    assert sofia.post(address(), {"reason": "Done", "act": "close"}).status_code == 200
    assert SensitiveReport.objects.get().closed_at is not None


def test_with_another_key_it_is_told(sofia: Client, settings: Any) -> None:
    settings.SENSITIVE_KEY = "another key"
    page = sofia.post(address(), {"reason": "First look"})
    assert (page.status_code, "key of this portal" in page.content.decode()) == (422, True)


@pytest.mark.parametrize("count", [1, 4])
def test_statements_do_not_grow(cast: Cast, sofia: Client, count: int, django_assert_num_queries: Any) -> None:
    for _number in range(count - 1):
        content = NewFeedback(text="More", is_sensitive=True)
        receive_feedback(project=cast.project, content=content, by=service_account("public-form"))
    for report in SensitiveReport.objects.all():
        sofia.post(f"/sensitive/{report.pk}/", {"reason": "Look"})
    with django_assert_num_queries(8):
        sofia.get("/sensitive/")
