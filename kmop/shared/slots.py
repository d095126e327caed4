"""Slots: what a page of a lower floor shows of a floor above, whose name it doesn't know.

The page asks `filled(name, ...)`. An app above answers with a function that it registers under that name in its
`slots.py`, as rules stand in `rules.py`; it asks its own rules. A slot that nobody fills is empty, so every floor
stands without those above it. An act asks the same way where a floor above keeps something that it must change too.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.utils.module_loading import autodiscover_modules

Filler: TypeAlias = Callable[..., Any]

_registry: dict[str, Filler] = {}


def fills(name: str) -> Callable[[Filler], Filler]:
    """Register the function that fills the slot `name`. Raises `LookupError` where another one does already."""

    def register(function: Filler) -> Filler:
        if name in _registry and _registry[name].__module__ != function.__module__:
            raise LookupError(f"Two functions fill the slot {name}")
        _registry[name] = function
        return function

    return register


def filled(name: str, **facts: Any) -> Any:
    """What the app above says to these facts; None where no app fills the slot, or it has nothing to say."""
    if name not in _registry:
        autodiscover_modules("slots")
    function = _registry.get(name)
    return None if function is None else function(**facts)
