"""What browsers and search engines ask for at the root, and what may be listed."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def body(client: Client, path: str) -> bytes:
    answer: Any = client.get(path)
    assert answer.status_code == 200
    told: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return told


def test_the_icon_is_an_icon(client: Client) -> None:
    assert body(client, "/favicon.ico")[:6] == b"\x00\x00\x01\x00\x03\x00"  # an icon file of three pictures


def test_search_engines_may_read_the_public_pages_only(client: Client) -> None:
    lines = body(client, "/robots.txt").decode().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "User-agent: *",
        "Allow: /$",
        "Allow: /?",
        "Allow: /p/",
        "Allow: /static/",
        "Allow: /favicon.ico",
        "Disallow: /",
    ]


@pytest.mark.parametrize("path, listed", [("/", True), ("/accounts/login/", False), ("/nowhere/", False)])
def test_pages_of_the_portal_ask_not_to_be_listed(client: Client, path: str, listed: bool) -> None:
    assert ('<meta name="robots" content="noindex">' not in client.get(path).content.decode()) is listed
