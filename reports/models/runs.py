"""A run is one making of a report: parameters, frozen data, files with their SHA-256."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.models import Versioned
from projects.choices import ProjectRoleName
from projects.models import Project
from reports.choices import Every, RunState


class RunQuerySet(models.QuerySet["Run"]):
    """Spoken adjectives of runs."""

    def visible_to(self, user: Any) -> "RunQuerySet":
        """Who asked for it; portfolio managers all; people with a role in its project those of that project."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(PortalRole.PORTFOLIO_MANAGER):
            return self
        staff = Project.objects.managed_by(
            user, ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER, ProjectRoleName.FUNDER_VIEWER
        )
        return self.filter(Q(asked_by=user) | Q(project__in=staff, organisation=None))

    def done(self) -> "RunQuerySet":
        """Ready to be downloaded."""
        return self.filter(state=RunState.DONE)


class Schedule(Versioned):
    """A report made again and again. `next_on` is the day of the next making."""

    report = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    formats = models.JSONField(default=list)
    every = models.CharField(_("How often"), max_length=10, choices=Every, default=Every.MONTH)
    next_on = models.DateField(_("Next on"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta:
        ordering = ["next_on", "id"]

    def __str__(self) -> str:
        return f"{self.report} {self.every}"


class Run(Versioned):
    """One making of a report. `frozen` is the canonical JSON of the document it was made of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    formats = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="en")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="runs"
    )
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    frozen = models.TextField(blank=True)
    frozen_sha256 = models.CharField(max_length=64, blank=True)
    renderer = models.CharField(max_length=40, blank=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    scheduled_for = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "scheduled_for"], condition=~Q(schedule=None), name="run_scheduled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.pk}"


class RunFile(models.Model):
    """A file of a run: the record itself."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=10)
    file = models.FileField(max_length=300)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "format"], name="run_file_once")]

    def __str__(self) -> str:
        return self.name
