"""The style guide: every part in both themes and languages, for staff."""

import re

import pytest
from django.test import Client

from tests.factories_basement import administrator
from tests.factories_partners import member, organisation

pytestmark = pytest.mark.django_db


def test_staff_see_every_part_four_times(client: Client) -> None:
    client.force_login(administrator())
    shown = client.get("/styleguide/").content.decode()
    halves = re.findall(r'data-theme="(\w+)" lang="(\w+)"', shown)
    assert halves == [("light", "en"), ("dark", "en"), ("light", "el"), ("dark", "el")]
    assert len(re.findall(r'class="card tree"', shown)) == 4
    ids = re.findall(r'\sid="([^"]+)"', shown)
    assert sorted({each for each in ids if ids.count(each) > 1}) == []


def test_kmops_own_people_see_it_and_others_do_not(client: Client) -> None:
    client.force_login(member("Alice", organisation("KMOP")))
    assert client.get("/styleguide/").status_code == 200
    client.force_login(member("Carol", organisation("B")))
    assert client.get("/styleguide/").status_code == 403
