"""Versions of an indicator's definition, and what became of categories: nothing that was entered is touched."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.results import Indicator


class IndicatorVersion(models.Model):
    """How an indicator was defined from a moment on. `snapshot` is the whole definition, `moved` periods' dates.

    `moved` holds, by the id of a period, its days before and after: [[start, end, due], [start, end, due]].
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("Version"))
    snapshot = models.JSONField()
    moved = models.JSONField(default=dict, blank=True)
    reason = models.TextField(_("Reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["indicator_id", "number"]
        constraints = [models.UniqueConstraint(fields=["indicator", "number"], name="indicator_version_once")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.number}"


class CategoryMapping(models.Model):
    """What a category of an indicator's breakdown became: another one, none (""), or itself, kept but not asked for."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="category_mappings")
    dimension = models.CharField(max_length=60)
    category = models.CharField(max_length=60)
    becomes = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["indicator_id", "dimension", "category"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "dimension", "category"], name="category_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.dimension}:{self.category} > {self.becomes}"


class CellMapping(models.Model):
    """The same for each cell that was entered, crossed ones too: what the roll-up joins. "" is left out."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="cell_mappings")
    cell = models.CharField(max_length=500)
    becomes = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["indicator_id", "cell"]
        constraints = [models.UniqueConstraint(fields=["indicator", "cell"], name="cell_mapping_once")]

    def __str__(self) -> str:
        return f"{self.cell} > {self.becomes}"
