"""The first look: the living style guide in a real browser, wide and narrow, with and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from kmop.accounts.choices import PortalRole
from tests.factories import make_user
from tests.journeys.conftest import OpenPage, SignIn

Accessible = Callable[[Page], None]


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_every_component_is_accessible(
    open_page: OpenPage, sign_in: SignIn, accessible: Accessible, phone: bool
) -> None:
    page = open_page(phone=phone)
    sign_in(page, make_user("Alice", PortalRole.PORTAL_ADMINISTRATOR))
    page.goto("/styleguide/")
    assert page.url.endswith("/styleguide/")
    accessible(page)


def test_it_is_the_same_page_without_scripts(open_page: OpenPage, sign_in: SignIn) -> None:
    alice = make_user("Alice", PortalRole.PORTAL_ADMINISTRATOR)
    words = []
    for scripts in (True, False):
        page = open_page(scripts=scripts)
        sign_in(page, alice)
        page.goto("/styleguide/")
        words.append(page.locator("main").inner_text())
    assert words[0] == words[1]
