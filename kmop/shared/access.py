"""Who may do what: one registry of named rules, deny by default.

A rule is a function `(user, obj) -> Verdict` in an app's `rules.py`, registered under a name such as
`projects.approve_update`. It is asked with `ask` (a verdict with the reason in words), with `require` (inside services)
or with `user.has_perm(name, obj)` (templates). An unknown name is a programming error and raises `LookupError`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import NotAllowed, Sentence


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed, and if not, by which rule, in words a person understands."""

    allowed: bool
    reason: Sentence = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)
SIGNED_IN = "shared.signed_in"
PUBLIC = "shared.public"

Rule: TypeAlias = Callable[[Any, Any], Verdict]


@dataclass(frozen=True)
class _Entry:
    function: Rule
    public: bool


_registry: dict[str, _Entry] = {}


def refused(reason: Sentence) -> Verdict:
    """A refusal with its reason."""
    return Verdict(False, reason)


def rule(name: str, *, public: bool = False) -> Callable[[Rule], Rule]:
    """Register a rule under `name`. Only a `public` rule is asked for people who are not signed in."""

    def register(function: Rule) -> Rule:
        if name in _registry and _registry[name].function.__module__ != function.__module__:
            raise LookupError(f"Two rules are named {name}")
        _registry[name] = _Entry(function, public)
        return function

    return register


def known_rules() -> list[str]:
    """The names of all rules, sorted."""
    return sorted(_registry)


def ask(user: Any, name: str, obj: Any = None) -> Verdict:
    """May `user` do `name` to `obj`? Raises `LookupError` for a name that no app registered."""
    entry = _registry.get(name)
    if entry is None:
        raise LookupError(f"No rule is named {name}")
    if not entry.public and not (getattr(user, "is_authenticated", False) and getattr(user, "is_active", False)):
        return refused(_("Sign in first."))
    return entry.function(user, obj)


def require(user: Any, name: str, obj: Any = None) -> None:
    """Raise `NotAllowed` with the reason unless `user` may do `name` to `obj`."""
    verdict = ask(user, name, obj)
    if not verdict:
        raise NotAllowed(verdict.reason or _("You may not do this."))


class RuleBackend:
    """Lets `user.has_perm(name, obj)` ask the registry; it signs nobody in.

    Not a `BaseBackend`: that module wants the user model, which stands above and imports this one. Without `get_user`,
    so that nobody's session can name it.
    """

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """Nobody."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """The verdict of the rule named `perm`."""
        return bool(ask(user_obj, perm, obj))


@rule(SIGNED_IN)
def may_when_signed_in(user: Any, obj: Any) -> Verdict:
    """Everybody who is signed in."""
    return ALLOWED


@rule(PUBLIC, public=True)
def may_anybody(user: Any, obj: Any) -> Verdict:
    """Everybody, signed in or not."""
    return ALLOWED
