"""Acts of telling: notices (`notices`), the daily digest (`digests`), handing a mail over (`outbox`)."""

from kmop.notifications.services.notices import mark_read, notify, notify_many, take_back

__all__ = ["mark_read", "notify", "notify_many", "take_back"]
