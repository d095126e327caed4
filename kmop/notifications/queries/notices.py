"""Counting notices."""

from typing import TYPE_CHECKING

from django.utils import timezone

from kmop.notifications.models import Notice

if TYPE_CHECKING:
    from kmop.accounts.models import User


def unread_count(user: "User") -> int:
    """How many notices wait for this person, for the menu: one statement."""
    return Notice.objects.visible_to(user).shown_by(timezone.now()).unread().count()
