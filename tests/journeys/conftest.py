"""A real browser for the journeys: Debian's Chromium, driven by playwright, with checks of accessibility and policy.

Every test of this folder is a journey: `make test` leaves it out, `pytest -m journey tests/journeys` runs it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from kmop.accounts.models import User

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text()

OpenPage = Callable[..., Page]
SignIn = Callable[[Page, User], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session", autouse=True)
def synchronous() -> Iterator[None]:
    """playwright keeps an event loop in this thread; Django may use its database beside it all the same."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(synchronous: None) -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Opens a page with cookies of its own: `open_page(phone=True, scripts=False, language="el")`.

    An error that a page writes to the console (a refused style, a script that fails) fails the journey at its end.
    """
    contexts, said = [], []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    def new(*, phone: bool = False, scripts: bool = True, language: str = "en") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=PHONE if phone else WIDE,
            java_script_enabled=scripts,
            locale=language,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        return page

    yield new
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of 1440 pixels in English."""
    return open_page()


@pytest.fixture
def sign_in(live_server: Any) -> SignIn:
    """Signs a user in on a page without the form, for journeys that begin behind the door: `sign_in(page, user)`."""

    def sign(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = portal.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Asserts that axe finds nothing on the page, by the rules of WCAG 2.2 AA."""

    def check(page: Page) -> None:
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        assert [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]] == []

    return check
