"""A run is one making of a report: parameters, frozen data, files with their SHA-256."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.models import Job, Versioned
from projects.choices import ProjectRoleName
from projects.models import Project
from reports.choices import Every, RunState
from reports.rules import FOR_FUNDERS, MAKERS


class RunQuerySet(models.QuerySet["Run"]):
    """Spoken adjectives of runs."""

    def visible_to(self, user: Any) -> "RunQuerySet":
        """One's own; portfolio managers all; a project's officers its runs; funders what is ready and for them."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(PortalRole.PORTFOLIO_MANAGER):
            return self
        made = Project.objects.managed_by(user, *MAKERS)
        funded = Project.objects.managed_by(user, ProjectRoleName.FUNDER_VIEWER)
        for_funders = Q(project__in=funded, organisation=None, report__in=FOR_FUNDERS, state=RunState.DONE)
        return self.filter(Q(asked_by=user) | Q(project__in=made) | for_funders)

    def with_state(self) -> "RunQuerySet":
        """Annotate `now` and `percent`: a run that is not ready stands where its job stands."""
        job = Job.objects.filter(pk=OuterRef("job_id"))
        is_ready = Q(state=RunState.DONE)
        return self.annotate(
            now=Case(
                When(is_ready, then=Value(RunState.DONE)),
                default=Coalesce(Subquery(job.values("state")), F("state")),
                output_field=models.CharField(),
            ),
            percent=Case(
                When(is_ready, then=Value(100)),
                default=Coalesce(Subquery(job.values("progress")), Value(0)),
                output_field=models.IntegerField(),
            ),
        )

    def done(self) -> "RunQuerySet":
        """Ready to be downloaded."""
        return self.filter(state=RunState.DONE)


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    """Spoken adjectives of schedules."""

    def visible_to(self, user: Any) -> "ScheduleQuerySet":
        """One's own; portfolio managers all."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self if user.has_role(PortalRole.PORTFOLIO_MANAGER) else self.filter(owner=user)

    def due_on(self, day: date) -> "ScheduleQuerySet":
        """Active, and to be made by this day."""
        return self.filter(is_active=True, next_on__lte=day)


class Schedule(Versioned):
    """A report made again and again. `next_on` is the day of the next making."""

    report = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    formats = models.JSONField(default=list)
    every = models.CharField(_("How often"), max_length=10, choices=Every, default=Every.MONTH)
    next_on = models.DateField(_("Next on"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(_("Active"), default=True)

    objects: ClassVar[Any] = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["next_on", "id"]

    def __str__(self) -> str:
        return f"{self.report} {self.every}"


class Run(Versioned):
    """One making of a report. `frozen` is the canonical JSON of the document it was made of.

    `state` is queued until it is ready; what happens in between is said by its job (`with_state`).
    """

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
    frozen = models.TextField(blank=True)
    frozen_sha256 = models.CharField(max_length=64, blank=True)
    renderer = models.CharField(max_length=40, blank=True)
    schedule = models.ForeignKey(Schedule, on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    scheduled_for = models.DateField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
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


class RunQuote(models.Model):
    """A message that a run quotes, by its random id; the message itself may be erased."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="quotes")
    feedback_id = models.UUIDField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "feedback_id"], name="run_quote_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.feedback_id}"


class RunErasure(models.Model):
    """A voice left a run: when, and the SHA-256 of data and files before and after. Never whose it was.

    `files` is a list of {format, sha256_before, sha256_after}.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="erasures")
    at = models.DateTimeField()
    frozen_before = models.CharField(max_length=64)
    frozen_after = models.CharField(max_length=64)
    files = models.JSONField(default=list)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.run_id} {self.at}"
