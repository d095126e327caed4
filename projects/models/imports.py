"""Imports: what a file said, what became of it, and what is compared when it comes again."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from kmop.shared.files import PathOf
from kmop.shared.models import Versioned
from projects.choices import ImportKind, ImportState
from projects.models.projects import Project


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Spoken adjectives of imports."""

    def visible_to(self, user: Any) -> "ImportRunQuerySet":
        """A person sees the imports she started."""
        return self.filter(started_by=user) if user.is_authenticated else self.none()


class ImportRun(Versioned):
    """One file on its way in: read, previewed, decided, imported."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=ImportKind)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READING)
    file = models.FileField(max_length=300, upload_to=PathOf("imports"))
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, blank=True, related_name="import_runs")
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    progress = models.PositiveSmallIntegerField(default=0)
    with_changes = models.BooleanField(default=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class ImportedActivity(models.Model):
    """What an IATI file last said of a project, in normal form, so that a later file can be compared with it."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="imported")
    identifier = models.CharField(max_length=300, unique=True)
    fingerprint = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    imported_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.identifier
