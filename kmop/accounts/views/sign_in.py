"""How the sign-in library behaves here: nobody signs up by herself, and who tries too often waits."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import UserKind

WAIT_SECONDS = 60  # the longest span of ACCOUNT_RATE_LIMITS that ends in this page


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """Accounts are made by invitation; service accounts never sign in."""

    error_messages: ClassVar[Mapping[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many tries with this address. Wait five minutes, or choose a new password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Refuse service accounts, whatever password somebody gave them."""
        if user.kind == UserKind.SERVICE:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """handler429: too many tries from one place; how long to wait, in words and in `Retry-After` (seconds)."""
    answer = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(WAIT_SECONDS)
    return answer
