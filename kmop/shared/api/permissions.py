"""Who may come through a REST endpoint at all: a declared rule and, for tokens, a declared scope. Deny by default."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from kmop.shared.access import PUBLIC, ask

if TYPE_CHECKING:
    from rest_framework.views import APIView

ANY_SCOPE = "*"
READ, WRITE = "read", "write"


def declared_permission(view: "APIView") -> str:
    """The name of the rule that this endpoint declares; empty where it declares none."""
    return str(getattr(view, "permission", ""))


def needed_scope(request: Request, view: "APIView") -> str:
    """The scope a token needs here, such as `offers:write`; `*` for any token, empty where none is declared."""
    scope = str(getattr(view, "scope", ""))
    if not scope or scope == ANY_SCOPE or ":" in scope:
        return scope
    return f"{scope}:{READ if request.method in SAFE_METHODS else WRITE}"


def holds_scope(held: list[str], needed: str) -> bool:
    """Is `needed` among the scopes? Every write includes the read."""
    if needed == ANY_SCOPE:
        return True
    return bool(needed) and (needed in held or needed.removesuffix(f":{READ}") + f":{WRITE}" in held)


class DeclaredPermission(BasePermission):
    """Asks the endpoint's rule; a token's scopes are looked at before that, and before any object."""

    message: Any = None

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """May this request come in? Raises for a missing scope; an endpoint that declares nothing lets nobody in."""
        name = declared_permission(view)
        if not name:
            return False
        if name == PUBLIC:
            return True
        if not request.user.is_authenticated:
            return False
        self._check_scope(request, view)
        verdict = ask(request.user, name)
        self.message = verdict.reason or None
        return verdict.allowed

    def _check_scope(self, request: Request, view: "APIView") -> None:
        needed = needed_scope(request, view)
        client: Any = request.auth
        if client is not None and not holds_scope(client.scopes, needed):
            detail = _("This token does not have the scope %(scope)s.") % {"scope": needed or "-"}
            raise exceptions.PermissionDenied(detail, code="scope_missing")
