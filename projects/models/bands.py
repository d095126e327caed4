"""Donors' ways to break down, told from ours: which category becomes which."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.models import Versioned
from projects.models.results import Dimension


class DimensionMapping(Versioned):
    """Every category of `source` becomes one of `target`: {"0-5": "0-17", ...}. Checked when it is designed."""

    source = models.ForeignKey(
        Dimension, on_delete=models.CASCADE, related_name="mappings", verbose_name=_("As partners report")
    )
    target = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="+", verbose_name=_("As it is told"))
    pairs = models.JSONField(default=dict)

    class Meta:
        ordering = ["source__code", "target__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"],
                name="dimension_mapping_once",
                violation_error_message=_("These two are mapped already."),
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="dimension_mapping_of_two",
                violation_error_message=_("Choose two different ways to break down."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} > {self.target}"
