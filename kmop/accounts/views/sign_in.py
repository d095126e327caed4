"""How the sign-in library behaves here: nobody signs up by herself."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from kmop.accounts.choices import UserKind


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """Accounts are made by invitation; service accounts never sign in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        """Refuse service accounts, whatever password somebody gave them."""
        if user.kind == UserKind.SERVICE:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
