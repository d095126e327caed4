"""The page of the audit trail."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from kmop.accounts.choices import Action
from kmop.accounts.models import User
from kmop.audit.models import Entry
from kmop.audit.queries.entries import action_labels, facts_in_words, kind_label
from kmop.audit.services import record
from kmop.shared.access import ask
from tests.factories_basement import administrator, person, service

pytestmark = pytest.mark.django_db
PAGE = "/administration/audit/"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def acts(by: User, count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            record(by, Action.ROLE_GRANTED, by, role="portfolio_manager", number=number)


def positions(client: Client, **query: str) -> list[int]:
    return [row.source.position for row in client.get(PAGE, query).context["rows"]]


def test_administrator_reads_newest_first() -> None:
    alice, petra = person("Alice"), administrator()
    acts(alice, 3)
    assert reverse("audit:audit") == PAGE
    response = as_user(petra).get(PAGE)
    shown = [[cell.value for cell in row.cells][2:6] for row in response.context["rows"]]
    facts = [f"number: {number}, role: portfolio_manager" for number in (2, 1, 0)]
    assert shown == [["Alice", "Role granted", f"user {alice.pk}", fact] for fact in facts]


def test_filters() -> None:
    alice, bob, petra = person("Alice"), person("Bob"), administrator()
    acts(alice, 2)
    acts(bob, 1)
    client = as_user(petra)
    assert positions(client, search="ali") == [2, 1]
    assert positions(client, search=str(bob.pk)) == [3]
    assert positions(client, action="role.granted", object_kind="accounts.user") == [3, 2, 1]
    assert positions(client, action="user.invited") == []
    assert positions(client, since="2999-01-01") == []
    assert positions(client, until="2999-01-01", sort="position") == [1, 2, 3]


@pytest.mark.parametrize("name", ["Alice", "importer"])
def test_nobody_else_reads_it(name: str) -> None:
    user = person("Alice") if name == "Alice" else service()
    acts(user, 1)
    assert as_user(user).get(PAGE).status_code == 403
    assert (ask(user, "audit.read").allowed, Entry.objects.visible_to(user).count()) == (False, 0)


def test_strangers_are_sent_to_sign_in() -> None:
    assert Client().get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"


def test_statements_do_not_grow(django_assert_num_queries: Any) -> None:
    alice, client = person("Alice"), as_user(administrator())
    acts(alice, 1)
    client.get(PAGE)
    for more in (0, 3):
        acts(alice, more)
        with django_assert_num_queries(9):
            client.get(PAGE)


def test_export_holds_the_whole_hash() -> None:
    acts(person("Alice"), 1)
    content = b"".join(as_user(administrator()).get(PAGE, {"format": "csv"}).streaming_content)
    assert Entry.objects.get().hash in content.decode()


def test_words() -> None:
    assert action_labels()["user.invited"] == "User invited"
    labels = [kind_label(kind) for kind in ("accounts.user", "gone.thing", "nothing")]
    assert labels == ["user", "gone.thing", "nothing"]
    assert facts_in_words(Entry(content="tampered")) == ""
    assert facts_in_words(Entry(content='{"facts": 3}')) == ""
