"""Time: activities, deliverables, milestones; and risks."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import TextsField
from kmop.shared.models import Versioned
from kmop.shared.tables import Badge
from kmop.shared.text import in_language
from partners.models import Organisation
from projects.calculation.calendar import is_overdue
from projects.choices import UNFINISHED, WorkState
from projects.models.projects import Project
from projects.models.results import Result

GRAVE, NOTABLE = 12, 6


class InProjectQuerySet(models.QuerySet[Any]):
    """Rows that belong to a project and are seen with it."""

    def visible_to(self, user: Any) -> "InProjectQuerySet":
        """Those of the projects a person sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class WorkQuerySet(InProjectQuerySet):
    """Spoken adjectives of what has a planned day."""

    def open(self) -> "WorkQuerySet":
        """Neither done nor given up."""
        return self.filter(state__in=UNFINISHED)


class Planned:
    """Mixin: what has a planned last day."""

    state: Any
    ends_on: Any
    ended_on: Any

    def is_done_on(self, day: date) -> bool:
        """Done by the end of `day`; what is done without a day of its own counts as done before."""
        return self.state == WorkState.DONE and (self.ended_on is None or self.ended_on <= day)

    def is_late_on(self, day: date) -> bool:
        """Neither done by then nor given up although its last day lies before `day`."""
        if self.state == WorkState.DROPPED or self.is_done_on(day):
            return False
        return is_overdue(self.ends_on, day)


class Activity(Planned, Versioned):
    """Something that is done, by a partner, between two days."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="activities")
    result = models.ForeignKey(Result, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    package = models.CharField(_("Work package"), max_length=60, blank=True)
    code = models.CharField(_("Code"), max_length=40)
    titles = TextsField(_("Title"))
    starts_on = models.DateField(_("Planned start"))
    ends_on = models.DateField(_("Planned end"))
    started_on = models.DateField(_("Started"), null=True, blank=True)
    ended_on = models.DateField(_("Ended"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(_("Progress, percent"), default=0, validators=[MaxValueValidator(100)])
    state = models.CharField(_("State"), max_length=10, choices=WorkState, default=WorkState.PLANNED)

    objects: ClassVar[Any] = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="activity_code_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="activity_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class Deliverable(Planned, Versioned):
    """A thing that is handed over on a day. `ends_on` is the planned day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deliverables")
    activity = models.ForeignKey(
        Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliverables"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(_("Code"), max_length=40)
    titles = TextsField(_("Title"))
    ends_on = models.DateField(_("Planned day"))
    ended_on = models.DateField(_("Delivered on"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=WorkState, default=WorkState.PLANNED)

    objects: ClassVar[Any] = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="deliverable_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class Milestone(Planned, Versioned):
    """A day by which something is so. `ends_on` is the planned day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    code = models.CharField(_("Code"), max_length=40)
    titles = TextsField(_("Title"))
    ends_on = models.DateField(_("Planned day"))
    ended_on = models.DateField(_("Reached on"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=WorkState, default=WorkState.PLANNED)

    objects: ClassVar[Any] = WorkQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="milestone_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class RiskQuerySet(InProjectQuerySet):
    """Spoken adjectives of risks."""

    def open(self) -> "RiskQuerySet":
        """Not closed."""
        return self.filter(closed_on=None)

    def open_on(self, day: date) -> "RiskQuerySet":
        """Not closed by the end of `day`."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def worst_first(self) -> "RiskQuerySet":
        """By likelihood times impact."""
        scored: RiskQuerySet = self.annotate(score=F("likelihood") * F("impact")).order_by("-score", "id")
        return scored


class Risk(Versioned):
    """What may go wrong: likelihood x impact (1 to 5 each), owner, mitigation, next review."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="risks")
    title = models.CharField(_("What may happen"), max_length=300)
    mitigation = models.TextField(_("What we do about it"), blank=True)
    likelihood = models.PositiveSmallIntegerField(
        _("Likelihood"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    impact = models.PositiveSmallIntegerField(_("Impact"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    review_on = models.DateField(_("Next review"), null=True, blank=True)
    closed_on = models.DateField(_("Closed on"), null=True, blank=True)

    objects: ClassVar[Any] = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5)) & Q(impact__range=(1, 5)), name="risk_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def severity(self) -> int:
        """Likelihood times impact, of 25."""
        return self.likelihood * self.impact

    @property
    def score_badge(self) -> Badge:
        """Likelihood times impact, of 25, as every page shows it."""
        state = "bad" if self.is_grave else "warn" if self.is_notable else ""
        return Badge(str(self.severity), state, "triangle-alert")

    @property
    def is_grave(self) -> bool:
        """From 12 of 25 on."""
        return self.severity >= GRAVE

    @property
    def is_notable(self) -> bool:
        """From 6 of 25 on."""
        return self.severity >= NOTABLE
