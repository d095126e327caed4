"""The chain: one row an act, and the head that says where the chain ends."""

from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.access import ask

GENESIS = "0" * 64
HEAD_ID = 1


class EntryQuerySet(models.QuerySet["Entry"]):
    """Spoken adjectives of entries."""

    def visible_to(self, user: Any) -> Self:
        """All of them to who may read the trail, none to anybody else."""
        return self.all() if ask(user, "audit.read") else self.none()


class Entry(models.Model):
    """One act. `content` is the canonical JSON that is hashed; the other columns repeat it so that it can be searched.

    Actor and object are plain ids without a database constraint: users are anonymised, never deleted. Triggers of the
    database refuse every UPDATE and DELETE (and TRUNCATE on PostgreSQL).
    """

    position = models.PositiveBigIntegerField(_("Number"), unique=True)
    at = models.DateTimeField(_("Time"), default=timezone.now)
    actor_id = models.CharField(max_length=40)
    action = models.CharField(_("Act"), max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    content = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the audit trail")
        verbose_name_plural = _("entries of the audit trail")
        ordering = ["-position"]
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="audit_object"),
            models.Index(fields=["actor_id", "at"], name="audit_actor_time"),
            models.Index(fields=["action", "at"], name="audit_action_time"),
            models.Index(fields=["at"], name="audit_time"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.action}"


class Head(models.Model):
    """The one row that is locked by whoever appends: hash and number of the last entry."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=HEAD_ID)
    hash = models.CharField(max_length=64, default=GENESIS)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=HEAD_ID), name="audit_one_head")]

    def __str__(self) -> str:
        return f"{self.count} {self.hash[:12]}"
