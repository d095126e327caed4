"""The language of an answer, and the one log line of a request."""

import pytest
from django.test import Client
from structlog.testing import capture_logs

from kmop.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.shared.pages")]


def signed_in(client: Client, language: str = "en") -> None:
    client.force_login(User.objects.create_user("alice@example.org", name="Alice", language=language))


def word(client: Client, address: str = "/word/", accept: str = "") -> str:
    return client.get(address, headers={"Accept-Language": accept}).content.decode()


def test_the_address_comes_before_the_account_and_that_before_the_browser(client: Client) -> None:
    signed_in(client, "el")
    assert word(client, accept="en") == "el"
    assert word(client, "/word/?language=en", "el") == "en"


def test_a_choice_on_a_signed_in_page_is_kept_for_the_session(client: Client) -> None:
    signed_in(client, "en")
    assert word(client, "/word/?language=el") == "el"
    assert word(client) == "el"
    assert word(client, "/word/?language=en") == "en"
    assert word(client) == "en"


def test_what_the_portal_does_not_speak_is_passed_over(client: Client) -> None:
    signed_in(client, "xx")
    assert word(client, "/word/?language=ar", "fr;q=0.9, el-GR;q=0.5") == "el"
    assert word(client, accept="nonsense;q=7") == "en"


def test_public_pages_speak_more_languages_and_keep_nothing(client: Client) -> None:
    assert client.get("/open/", headers={"Accept-Language": "ar"})["Content-Language"] == "ar"
    assert client.get("/open/?language=el", headers={"Accept-Language": "ar"})["Content-Language"] == "el"
    assert client.get("/open/")["Content-Language"] == "en"
    assert client.cookies == {}


def test_caches_are_told_what_the_answer_depends_on(client: Client) -> None:
    assert "Accept-Language" in client.get("/open/")["Vary"].split(", ")


def test_one_log_line_without_person(client: Client) -> None:
    with capture_logs() as lines:
        response = client.get("/open/?secret=1", headers={"X-Request-ID": "abc-12345", "User-Agent": "Phone"})
    milliseconds = lines[0].pop("milliseconds")
    assert lines == [{"event": "request", "log_level": "info", "method": "GET", "route": "open/", "status": 200}]
    assert isinstance(milliseconds, int)
    assert response["X-Request-ID"] == "abc-12345"


def test_a_number_that_is_no_number_is_replaced(client: Client) -> None:
    given = client.get("/open/", headers={"X-Request-ID": "a b\t<script>"})["X-Request-ID"]
    assert len(given) == 32


def test_an_unknown_address_is_logged_without_it(client: Client) -> None:
    with capture_logs() as lines:
        assert client.get("/nobody/knows/this/").status_code == 404
    assert [line["route"] for line in lines] == [""]
