"""A notice to one person, and the mail that gathers a day's notices."""

import uuid
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.notifications.choices import MailState, kind_named
from kmop.shared import formats

DATE_KEY = "date"


def shown(value: Any) -> Any:
    """A stored parameter as a reader sees it: dates in the active language, all else as it is."""
    if isinstance(value, dict) and DATE_KEY in value:
        return formats.day(date.fromisoformat(value[DATE_KEY]))
    return value


class DigestMail(models.Model):
    """One mail to one person on one day. The id is also its Message-ID, so that a mail sent twice could be told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_mails")
    day = models.DateField(_("Day"))
    state = models.CharField(_("State"), max_length=10, choices=MailState, default=MailState.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "-created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Spoken adjectives of notices."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user_id=user.pk)

    def shown_by(self, moment: datetime) -> Self:
        """Those that are no longer held back."""
        return self.filter(at__lte=moment)

    def unread(self) -> Self:
        """Not read yet."""
        return self.filter(read_at__isnull=True)

    def unmailed(self) -> Self:
        """In no digest yet."""
        return self.filter(digest__isnull=True)


class Notice(models.Model):
    """Something one person is told. `params` fill the text of the kind; the text itself is never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(_("Time"), default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(DigestMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "id"]
        indexes = [
            models.Index(fields=["user", "read_at", "at"], name="notice_user_unread"),
            models.Index(fields=["digest", "at"], name="notice_digest_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def text(self) -> str:
        """The notice in the active language; the bare kind when its app no longer knows it."""
        try:
            pattern = str(kind_named(self.kind).text)
            return pattern % {name: shown(value) for name, value in self.params.items()}
        except LookupError:
            return self.kind
