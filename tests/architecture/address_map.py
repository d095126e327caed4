"""A walk over the URL map: what each address declares about who may come in."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.urls import URLPattern, URLResolver

from kmop.shared.access import known_rules
from kmop.shared.api.conventions import Conventions
from kmop.shared.api.permissions import DeclaredPermission
from kmop.shared.views.base import GuardedView
from tests.architecture.house import FIRST_PARTY

# Views of others, and plain functions of ours that answer everybody; everything else has a base view of ours.
THIRD_PARTY = ("allauth.",)
FOR_EVERYBODY = {
    "kmop.shared.api.roots.unknown_address",
    "kmop.shared.health.live",
    "kmop.shared.health.ready",
}

Patterns = Sequence[URLPattern | URLResolver]


def walk(patterns: Patterns, above: str = "/") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every address below `patterns`, with what answers there."""
    for pattern in patterns:
        address = f"{above}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def name_of(callback: Callable[..., Any]) -> str:
    """The dotted name of the view behind a callback: its class where it has one."""
    view = view_of(callback)
    return f"{view.__module__}.{view.__qualname__}"


def view_of(callback: Callable[..., Any]) -> Any:
    """The class of a page (`view_class`) or of an endpoint (`cls`), else the function itself."""
    return getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback


def undeclared(patterns: Patterns) -> list[str]:
    """The addresses that don't say who may come in, each with the reason."""
    found = []
    for address, callback in walk(patterns):
        name = name_of(callback)
        if name.startswith(THIRD_PARTY) or name in FOR_EVERYBODY:
            continue
        fault = fault_of(view_of(callback), name)
        if fault:
            found.append(f"{address} {name} {fault}")
    return found


def fault_of(view: Any, name: str) -> str:
    """What is wrong with a view, or nothing."""
    if name.split(".")[0] not in FIRST_PARTY:
        return "is a view of others that no list names"
    if not isinstance(view, type) or not issubclass(view, GuardedView | Conventions):
        return "has no base view of ours"
    permission = getattr(view, "permission", "")
    if not permission:
        return "declares no permission"
    if permission not in known_rules():
        return f"asks for the unknown rule {permission}"
    if issubclass(view, Conventions) and list(view.permission_classes) != [DeclaredPermission]:
        return "has permission classes of its own"
    return ""
