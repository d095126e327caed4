"""The library of indicators: definitions shared over projects, with the codes that others give them."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import MillionthsField, TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from projects.choices import AcrossPartners, AcrossTime, Direction, Frequency, Measure
from projects.models.projects import FocusArea

SDG = "sdg"


class IndicatorDefinitionQuerySet(models.QuerySet["IndicatorDefinition"]):
    """Spoken adjectives of definitions."""

    def visible_to(self, user: Any) -> "IndicatorDefinitionQuerySet":
        """Everybody signed in reads the library; which projects use a definition is told by their own rule."""
        return self if user.is_authenticated and user.is_active else self.none()

    def offered(self) -> "IndicatorDefinitionQuerySet":
        """Not retired: what a framework may still take."""
        return self.filter(is_active=True)


class IndicatorDefinition(Versioned):
    """What is measured and how, said once for all projects. A retired one stays with those that took it."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
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
    dimensions = models.ManyToManyField(
        "projects.Dimension", blank=True, related_name="definitions", verbose_name=_("Broken down by")
    )
    verification = models.TextField(_("Means of verification"), blank=True)
    source = models.TextField(_("Where the data come from"), blank=True)
    responsible = models.CharField(_("Who is responsible"), max_length=300, blank=True)
    frequency = models.CharField(_("How often"), max_length=10, choices=Frequency, blank=True)
    guidance = models.TextField(_("Guidance"), blank=True)
    focus_areas = models.ManyToManyField(
        FocusArea, blank=True, related_name="definitions", verbose_name=_("Focus areas")
    )
    is_active = models.BooleanField(_("Offered to frameworks"), default=True)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = IndicatorDefinitionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class DefinitionCode(models.Model):
    """What an SDG indicator (scheme "sdg", code such as 5.2.1) or a donor calls a definition."""

    definition = models.ForeignKey(IndicatorDefinition, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(_("Scheme"), max_length=40)
    code = models.CharField(_("Code"), max_length=60)

    class Meta:
        ordering = ["scheme", "code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "scheme", "code"], name="definition_code_once"),
        ]
        indexes = [models.Index(fields=["scheme", "code"], name="definition_code_scheme")]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.code}"
