"""Notices in the portal."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.notifications.choices import Kind, kind_named
from kmop.notifications.models import DATE_KEY, Notice
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken

if TYPE_CHECKING:
    from kmop.accounts.models import User

LONGEST = 200


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if isinstance(value, date):
        return {DATE_KEY: value.isoformat()}
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool | int):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _notice(user_id: Any, kind: Kind, params: Mapping[str, Any], link: str, at: datetime | None) -> Notice:
    kept = {name: _stored(value) for name, value in params.items()}
    str(kind.text) % kept  # a place without its parameter fails here, not when the notice is read
    return Notice(user_id=user_id, kind=kind.name, params=kept, link=link.format(**kept), at=at or timezone.now())


def notify(
    user: "User", kind: Kind | str, *, params: Mapping[str, Any], link: str, at: datetime | None = None
) -> Notice:
    """Tell one person, in the running transaction: a row in the portal, gathered into the next digest mail.

    `params` are codes, names, numbers and dates, never what a person wrote; texts beyond 200 characters are cut.
    `link` is a path of the portal. With `at` in the future the notice is held back until then. Raises `LookupError`
    for an unknown kind and `KeyError` for a parameter that the kind's text needs and `params` lacks.
    """
    return notify_many([(user, params)], kind, link=link, at=at)[0]


def notify_many(
    rows: Iterable[tuple["User", Mapping[str, Any]]], kind: Kind | str, *, link: str, at: datetime | None = None
) -> list[Notice]:
    """Tell many people the same kind of thing in one statement; `rows` are `(user, params)`. See `notify`.

    `link` may name parameters: "/updates/{update}/".
    """
    known = kind_named(str(kind))
    return Notice.objects.bulk_create([_notice(user.pk, known, params, link, at) for user, params in rows])


@transaction.atomic
def mark_read(*, notices: Iterable[Notice] | None, by: "User") -> int:
    """Mark one's own notices as read (all of them for None); returns how many were unread."""
    require(by, "notifications.read")
    rows = Notice.objects.visible_to(by).shown_by(timezone.now()).unread()
    if notices is not None:
        rows = rows.filter(pk__in=[notice.pk for notice in notices])
    return rows.update(read_at=timezone.now())


def take_back(notice: Notice) -> None:
    """Delete a notice that is still held back, within the caller's transaction. Raises `RuleBroken` once shown."""
    deleted, _rows = Notice.objects.filter(pk=notice.pk, at__gt=timezone.now()).delete()
    if not deleted:
        raise RuleBroken(_("The notice has been delivered already."))
