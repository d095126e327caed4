"""Kinds of notices, registered as data by the apps that send them, and the states of a mail.

An app registers in its `choices`: `RETURNED = kind("projects.update_returned", _("%(indicator)s came back."))`.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    """How an outward sending ended; `perhaps sent` is never sent again by itself."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    NOT_SENT = "not_sent", _("Not sent")
    PERHAPS = "perhaps", _("Perhaps sent")


@dataclass(frozen=True)
class Kind:
    """What a notice says: a lazy text with `%(name)s` places, filled with codes, names, numbers and dates."""

    name: str
    text: str | Promise
    is_mailed: bool = True

    def __str__(self) -> str:
        return self.name


_kinds: dict[str, Kind] = {}


def kind(name: str, text: str | Promise, *, is_mailed: bool = True) -> Kind:
    """Register a kind of notice. Raises `LookupError` when another text has that name already."""
    new = Kind(name, text, is_mailed)
    known = _kinds.setdefault(name, new)
    if known.text != text:
        raise LookupError(f"Two kinds of notices are named {name}")
    return known


def kind_named(name: str) -> Kind:
    """The registered kind. Raises `LookupError` for a name that no app registered."""
    if name not in _kinds:
        raise LookupError(f"No kind of notice is named {name}")
    return _kinds[name]


def mailed_kinds() -> list[str]:
    """The names of the kinds that go into the digest."""
    return sorted(name for name, one in _kinds.items() if one.is_mailed)
