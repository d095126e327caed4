"""The pages of notices and of mails."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client
from django.urls import reverse

from kmop.accounts.models import User
from kmop.notifications.choices import kind
from kmop.notifications.models import DigestMail, Notice
from kmop.notifications.queries.mails import mail_names
from kmop.notifications.services import notify
from kmop.notifications.views.mails import FILE_BACKEND
from tests.factories_basement import administrator, person

pytestmark = pytest.mark.django_db
NOTICES, MAILS = "/notices/", "/administration/mail/"
HELLO = kind("tests.hello", "Hello %(name)s")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tell(user: User, name: str) -> Notice:
    return notify(user, HELLO, params={"name": name}, link="/projects/7/")


def texts(client: Client, **query: str) -> list[str]:
    return [row.source.text for row in client.get(NOTICES, query).context["rows"]]


def test_one_sees_ones_own_newest_first() -> None:
    assert reverse("notifications:notices") == NOTICES
    alice, carol = person("Alice"), person("Carol")
    tell(alice, "one")
    tell(alice, "two")
    client = as_user(alice)
    assert texts(client) == ["Hello two", "Hello one"]
    assert texts(as_user(carol)) == []
    assert "Nothing new." in as_user(carol).get(NOTICES).content.decode()


def test_marking_as_read() -> None:
    alice, carol = person("Alice"), person("Carol")
    one = tell(alice, "one")
    tell(alice, "two")
    client = as_user(alice)
    address = f"{NOTICES}{one.pk}/read/"
    assert as_user(carol).post(address).status_code == 404
    assert client.post(address, {"next": NOTICES}).headers["Location"] == NOTICES
    assert texts(client, unread="true") == ["Hello two"]
    assert client.post(f"{NOTICES}read/").headers["Location"] == NOTICES
    assert (texts(client, unread="true"), texts(client, unread="false")) == ([], ["Hello two", "Hello one"])
    assert "New" not in [cell.value for row in client.get(NOTICES).context["rows"] for cell in row.cells]


def test_statements_do_not_grow(django_assert_num_queries: Any) -> None:
    alice = person("Alice")
    client = as_user(alice)
    tell(alice, "one")
    client.get(NOTICES)
    for more in (0, 3):
        for number in range(more):
            tell(alice, str(number))
        with django_assert_num_queries(9):
            client.get(NOTICES)


def test_administrator_reads_the_folder(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDER, settings.EMAIL_BACKEND = tmp_path, FILE_BACKEND
    petra, alice = administrator(), person("Alice")
    client = as_user(petra)
    assert "No mail yet." in client.get(MAILS).content.decode()
    EmailBackend(file_path=str(tmp_path)).send_messages(
        [EmailMessage("Welcome", "<b>Come</b> in", to=["a@kmop.example"])]
    )
    DigestMail.objects.create(user=alice, day="2026-11-24")
    response = client.get(MAILS)
    assert [mail.subject for mail in response.context["mails"]] == ["Welcome"]
    assert [digest.user for digest in response.context["digests"]] == [alice]
    page = client.get(f"{MAILS}{mail_names(tmp_path)[0]}/").content.decode()
    assert "&lt;b&gt;Come&lt;/b&gt; in" in page
    assert client.get(f"{MAILS}none.log/").status_code == 404


def test_without_a_folder_only_states_are_shown() -> None:
    response = as_user(administrator()).get(MAILS)
    assert (response.context["is_folder"], "No mail yet." in response.content.decode()) == (False, False)


def test_nobody_else_reads_mails() -> None:
    client = as_user(person("Alice"))
    assert (client.get(MAILS).status_code, client.get(f"{MAILS}x.log/").status_code) == (403, 403)
