"""The results framework: results, indicators, baselines, periods, targets, disaggregations."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import MillionthsField, TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from partners.models import Membership, Organisation
from projects.calculation.cells import parse_groups
from projects.choices import AcrossPartners, AcrossTime, Direction, Measure, ProjectRoleName, ResultLevel
from projects.models.library import IndicatorDefinition
from projects.models.places import Place
from projects.models.projects import SEES_ALL_PROJECTS, Project


class Dimension(Versioned):
    """A way to break figures down (sex, age, ...). Categories of an exclusive dimension leave nobody out twice."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    titles = TextsField(_("Title"))
    is_exclusive = models.BooleanField(_("Its categories exclude each other"), default=True)
    aliases = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return in_language(self.titles)


class Category(models.Model):
    """One category of a dimension. "Other" and "not stated" are categories."""

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="categories")
    code = models.CharField(_("Code"), max_length=60)
    titles = TextsField(_("Title"))
    order = models.PositiveSmallIntegerField(default=0)
    aliases = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["dimension_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="category_code_once")]

    def __str__(self) -> str:
        return in_language(self.titles)


class Result(Versioned):
    """A node of the framework: impact, outcome or output."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="results")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(_("Level"), max_length=10, choices=ResultLevel)
    code = models.CharField(_("Code"), max_length=40)
    titles = TextsField(_("Title"))
    descriptions = TextsField(_("Description"), blank=True)
    assumptions = models.TextField(_("Assumptions"), blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["project_id", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="result_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Spoken adjectives of indicators."""

    def visible_to(self, user: Any) -> "IndicatorQuerySet":
        """The indicators of the projects a person sees."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Indicator(Versioned):
    """What is measured, how, and how figures are combined."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicators")
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="indicators")
    definition = models.ForeignKey(
        IndicatorDefinition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("From the library"),
    )
    code = models.CharField(_("Code"), max_length=40)
    titles = TextsField(_("Title"))
    definitions = TextsField(_("Definition"), blank=True)
    units = TextsField(_("Unit"), blank=True)
    measure = models.CharField(_("Measure"), max_length=12, choices=Measure, default=Measure.COUNT)
    direction = models.CharField(_("Direction"), max_length=10, choices=Direction, default=Direction.ASCENDING)
    is_cumulative = models.BooleanField(_("Partners report running totals"), default=False)
    is_share = models.BooleanField(_("The numerator is part of the denominator"), default=True)
    across_partners = models.CharField(
        _("Across partners and places"), max_length=15, choices=AcrossPartners, default=AcrossPartners.SUM
    )
    across_time = models.CharField(_("Across time"), max_length=15, choices=AcrossTime, default=AcrossTime.SUM)
    scale_minimum = MillionthsField(_("Lowest on the scale"), null=True, blank=True)
    scale_maximum = MillionthsField(_("Highest on the scale"), null=True, blank=True)
    decimals = models.PositiveSmallIntegerField(_("Decimals shown"), default=0)
    formula = models.TextField(_("Formula"), blank=True)
    evidence_required = models.BooleanField(_("Evidence is required"), default=False)
    source = models.TextField(_("Means of verification"), blank=True)
    dimensions = models.ManyToManyField(
        Dimension, blank=True, related_name="indicators", verbose_name=_("Broken down by")
    )
    groups = models.CharField(max_length=500, blank=True, default="", db_default="", editable=False)
    flag_rules = models.JSONField(_("Quality rules"), default=dict, blank=True, editable=False)
    iati_measure = models.CharField(max_length=2, blank=True, editable=False)
    aggregation_stated = models.BooleanField(null=True, blank=True, editable=False)
    is_active = models.BooleanField(_("In use"), default=True)
    is_remapped = models.BooleanField(default=False, db_default=False, editable=False)
    order = models.PositiveIntegerField(default=0)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=(Q(measure=Measure.FORMULA) & ~Q(formula="")) | (~Q(measure=Measure.FORMULA) & Q(formula="")),
                name="indicator_formula_by_measure",
                violation_error_message=_("A formula belongs to the measure “Formula”, and to no other."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"

    @property
    def crossings(self) -> list[tuple[str, ...]]:
        """Which of its dimensions are crossed, group by group (kept as "age|sex:disability"); none: all of them."""
        return parse_groups(self.groups)


class Baseline(models.Model):
    """Where an indicator stood before, for all (cell "") or for one cell; `text` keeps what was no number."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="baselines")
    cell = models.CharField(max_length=500, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    numerator = MillionthsField(null=True, blank=True)
    denominator = MillionthsField(null=True, blank=True)
    text = models.TextField(blank=True)
    comment = TextsField(blank=True)

    class Meta:
        ordering = ["indicator_id", "cell", "id"]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.cell}"


class PeriodQuerySet(models.QuerySet["Period"]):
    """Spoken adjectives of periods."""

    def visible_to(self, user: Any) -> "PeriodQuerySet":
        """The periods of the projects a person sees."""
        return self.filter(indicator__project__in=Project.objects.visible_to(user))

    def closed_on(self, day: date) -> "PeriodQuerySet":
        """Periods whose last day lies before `day`."""
        return self.filter(ends_on__lt=day)


class Period(Versioned):
    """A stretch of time in which an indicator is reported. `due_on` is the last day to report."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField(_("Start"))
    ends_on = models.DateField(_("End"))
    due_on = models.DateField(_("Due"), null=True, blank=True)
    is_locked = models.BooleanField(_("Locked"), default=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["indicator_id", "starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "starts_on", "ends_on"], name="period_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="period_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]
        indexes = [models.Index(fields=["opened_at", "starts_on"], name="period_opened_start")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The stable code within the indicator: 2026-08/2026-10, or with days where it does not follow months."""
        following = self.ends_on.toordinal() + 1
        if self.starts_on.day == 1 and date.fromordinal(following).day == 1:
            return f"{self.starts_on:%Y-%m}/{self.ends_on:%Y-%m}"
        return f"{self.starts_on.isoformat()}/{self.ends_on.isoformat()}"


class LockException(models.Model):
    """A locked period opened again for one partner, until a day, with the reason."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="lock_exceptions")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    until = models.DateField(_("Open until"))
    reason = models.TextField(_("Reason"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["period", "organisation"], name="lock_exception_period")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.organisation_id} {self.until}"


class TargetQuerySet(models.QuerySet["Target"]):
    """Spoken adjectives of targets."""

    def visible_to(self, user: Any) -> "TargetQuerySet":
        """Those of the projects a person sees; of single partners officers see all, a partner its own."""
        seen = self.filter(indicator__project__in=Project.objects.visible_to(user))
        if not user.is_authenticated or user.has_role(*SEES_ALL_PROJECTS):
            return seen
        officer = Project.objects.managed_by(user, ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)
        own = Membership.objects.filter(user=user).values("organisation_id")
        return seen.filter(Q(organisation=None) | Q(organisation__in=own) | Q(indicator__project__in=officer))


class Target(models.Model):
    """What is aimed at: of a period, or for the whole life (no period); for all or for a cell, a place, a partner."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    period = models.ForeignKey(Period, on_delete=models.CASCADE, null=True, blank=True, related_name="targets")
    cell = models.CharField(max_length=500, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    numerator = MillionthsField(null=True, blank=True)
    denominator = MillionthsField(null=True, blank=True)
    text = models.TextField(blank=True)
    comment = TextsField(blank=True)

    objects: ClassVar[Any] = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["indicator_id", "period_id", "cell", "id"]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id} {self.cell}"
