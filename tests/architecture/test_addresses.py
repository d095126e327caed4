"""Every address of the portal declares who may come in; the drill shows each kind of forgetting."""

from typing import Any, ClassVar

import pytest
from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, include, path
from django.views.generic import TemplateView

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.conventions import ApiView
from kmop.shared.health import live
from kmop.shared.views.base import GuardedView
from tests.architecture.address_map import Patterns, undeclared, walk


def test_every_address_declares_who_may_come_in() -> None:
    found = undeclared(get_resolver().url_patterns)
    assert not found, "\n".join(found)


def test_the_walk_reaches_pages_and_endpoints() -> None:
    addresses = {address for address, _ in walk(get_resolver().url_patterns)}
    assert {"/health/live", "/api/v1/me/", "/styleguide/"} <= addresses


class DeclaredPage(GuardedView):
    """As it should be."""

    permission = SIGNED_IN


class BasePage(GuardedView):
    """A base class that an address uses by mistake."""

    abstract = True


class UnknownPage(GuardedView):
    """Asks for a rule that nobody wrote."""

    permission = "partners.fly"


class DeclaredEndpoint(ApiView):
    """As it should be."""

    permission = SIGNED_IN


class SilentEndpoint(ApiView):
    """Declares nothing."""


class OpenEndpoint(ApiView):
    """Declares a rule and lets everybody in all the same."""

    permission = SIGNED_IN
    permission_classes: ClassVar[list[Any]] = []


def function(request: HttpRequest) -> HttpResponse:
    """A view without any base view."""
    return HttpResponse()


for view in (DeclaredPage, BasePage, UnknownPage, DeclaredEndpoint, SilentEndpoint, OpenEndpoint, function):
    view.__module__ = "partners.views.drill"  # as if they stood in the house


GOOD: Patterns = [
    path("page/", DeclaredPage.as_view()),
    path("below/", include([path("endpoint/", DeclaredEndpoint.as_view())])),
    path("login/", LoginView.as_view()),
    path("live", live),
]
BAD = [
    (BasePage.as_view(), "partners.views.drill.BasePage declares no permission"),
    (UnknownPage.as_view(), "partners.views.drill.UnknownPage asks for the unknown rule partners.fly"),
    (SilentEndpoint.as_view(), "partners.views.drill.SilentEndpoint declares no permission"),
    (OpenEndpoint.as_view(), "partners.views.drill.OpenEndpoint has permission classes of its own"),
    (function, "partners.views.drill.function has no base view of ours"),
    (TemplateView.as_view(), "django.views.generic.base.TemplateView is a view of others that no list names"),
]


@pytest.mark.drill
def test_what_is_declared_passes() -> None:
    assert undeclared(GOOD) == []


@pytest.mark.drill
@pytest.mark.parametrize("view,fault", BAD, ids=[fault for _, fault in BAD])
def test_what_was_forgotten_is_found(view: Any, fault: str) -> None:
    assert undeclared([*GOOD, path("below/", include([path("new/", view)]))]) == [f"/below/new/ {fault}"]
