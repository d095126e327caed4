"""The few errors of the portal, each with a meaning. Every door translates them once: message, problem, log line."""

from typing import TypeAlias

from django.utils.functional import Promise

Sentence: TypeAlias = str | Promise


class DomainError(Exception):
    """An act that the rules of the field refuse. `message` is for the person; `code` is for a program."""

    code = "refused"

    def __init__(self, message: Sentence, code: str = "") -> None:
        super().__init__(code or self.code)
        self.message = message
        self.code = code or self.code


class NotAllowed(DomainError):
    """This person may not do this; the message says by which rule."""

    code = "not_allowed"


class RuleBroken(DomainError):
    """The state of things does not allow it (a duplicate, a wrong state, a closed period)."""

    code = "conflict"

    def __init__(self, message: Sentence, code: str = "", *, locked: bool = False) -> None:
        super().__init__(message, code or ("locked" if locked else ""))
        self.locked = locked


class Stale(DomainError):
    """Somebody changed it in between; nothing was saved."""

    code = "stale"
