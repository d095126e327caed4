"""One's own approvals that may still be taken back."""

from datetime import datetime, timedelta
from typing import Any

from projects.models import Update
from projects.queries.updates import updates_with_values

HELD = timedelta(seconds=30)


def approvals_to_take_back(user: Any, *, now: datetime) -> list[Update]:
    """The updates that `user` approved in the last 30 seconds, which nobody was told of yet; no revisions."""
    rows = Update.objects.visible_to(user).approved().filter(decided_by=user, decided_at__gte=now - HELD, revises=None)
    return list(updates_with_values(rows).order_by("-decided_at", "-pk"))
