"""Rows of the basement: versions for lost races, jobs, idempotency keys, tombstones of what was deleted."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import Stale


class Versioned(models.Model):
    """A row with a version (its ETag) and the times of its making and last change."""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        abstract = True


def refuse_stale(obj: Versioned, expected_version: int | None) -> None:
    """Raise `Stale` where the row isn't in the version that was looked at; None asks nothing."""
    if expected_version is not None and obj.version != expected_version:
        raise Stale(_("Somebody changed this in the meantime. Load it again and repeat your change."))


def bump(obj: Versioned, *fields: str) -> None:
    """Save `fields` of a loaded row if nobody saved it since; its version grows by one.

    Raises `Stale` when the row has another version by now; nothing is written then.
    """
    now = timezone.now()
    columns = [field.attname for field in obj._meta.concrete_fields if field.name in fields]
    values: dict[str, Any] = {column: getattr(obj, column) for column in columns}
    rows = type(obj)._base_manager.filter(pk=obj.pk, version=obj.version)
    if rows.update(version=obj.version + 1, updated_at=now, **values) != 1:
        raise Stale(_("Somebody changed this in the meantime. Load it again and repeat your change."))
    obj.version += 1
    obj.updated_at = now


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(models.Model):
    """Work that is owed, written in the act's own transaction: no dead broker and no dead worker loses it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=120)
    args = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, default="now")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    claim = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    line = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)
    by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "due_at"], condition=~Q(line=""), name="job_line_due_once"),
        ]
        indexes = [
            models.Index(fields=["state", "rung_at"], name="job_state_rung"),
            models.Index(fields=["created_at"], name="job_created"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"


class IdempotencyKey(models.Model):
    """The kept answer of a POST that carried an Idempotency-Key, written in the same transaction as its effect.

    `key_mac` is an HMAC of the key; `answer` is encrypted with a key derived from the key itself.
    """

    client = models.CharField(max_length=60)
    method = models.CharField(max_length=10)
    address = models.CharField(max_length=300)
    key_mac = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "method", "address", "key_mac"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


class Tombstone(models.Model):
    """What was deleted, so that `updated_since` can tell it. `scope` narrows who is told (an organisation's id)."""

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    scope = models.CharField(max_length=40, blank=True)
    deleted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["kind", "deleted_at"], name="tombstone_kind_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
