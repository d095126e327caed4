"""Who manages users."""

import pytest
from django.contrib.auth.models import AnonymousUser

from kmop.accounts.choices import PortalRole
from kmop.shared.access import ask
from tests.factories_basement import person, service

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [None, *PortalRole])
def test_portal_administrators_alone_manage_users(role: PortalRole | None) -> None:
    verdict = ask(person("Bob", role=role), "accounts.manage_users")
    allowed = role == PortalRole.PORTAL_ADMINISTRATOR
    reason = "" if allowed else "Only a portal administrator manages users and roles."
    assert (bool(verdict), str(verdict.reason)) == (allowed, reason)


def test_nobody_who_is_signed_out_or_ended_manages_users() -> None:
    ended = person("Bob", role=PortalRole.PORTAL_ADMINISTRATOR)
    ended.is_active = False
    assert [bool(ask(one, "accounts.manage_users")) for one in (AnonymousUser(), ended, service())] == [False] * 3
