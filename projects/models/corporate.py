"""Corporate indicators: one figure over many projects, fed by mappings that somebody declared."""

from fractions import Fraction
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from projects.choices import AcrossPartners, Measure
from projects.models.library import IndicatorDefinition
from projects.models.results import Indicator

# A formula is no part: its inputs are.
MEASURES = [(one.value, one.label) for one in Measure if one.value not in ("formula", "qualitative")]
METHODS = [(one.value, one.label) for one in AcrossPartners if one != AcrossPartners.LATEST]


class CorporateIndicatorQuerySet(models.QuerySet["CorporateIndicator"]):
    """Spoken adjectives of corporate indicators."""

    def visible_to(self, user: Any) -> "CorporateIndicatorQuerySet":
        """Everybody signed in reads what they are; their figures are made of the projects a person sees."""
        return self if user.is_authenticated and user.is_active else self.none()


class CorporateIndicator(Versioned):
    """What is added up over a portfolio: its unit, its measure, and the method across projects."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    titles = TextsField(_("Title"))
    definitions = TextsField(_("Definition"), blank=True)
    units = TextsField(_("Unit"), blank=True)
    measure = models.CharField(_("Measure"), max_length=12, choices=MEASURES, default=Measure.COUNT)
    across_projects = models.CharField(_("Across projects"), max_length=15, choices=METHODS, default=AcrossPartners.SUM)
    decimals = models.PositiveSmallIntegerField(_("Decimals shown"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = CorporateIndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class CorporateMapping(Versioned):
    """An indicator, or all that come from a definition of the library, times an exact fraction, in a corporate one."""

    corporate = models.ForeignKey(CorporateIndicator, on_delete=models.CASCADE, related_name="mappings")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, null=True, blank=True, related_name="corporate_mappings"
    )
    definition = models.ForeignKey(
        IndicatorDefinition, on_delete=models.PROTECT, null=True, blank=True, related_name="corporate_mappings"
    )
    factor_top = models.PositiveBigIntegerField(default=1, validators=[MinValueValidator(1)])
    factor_bottom = models.PositiveBigIntegerField(default=1, validators=[MinValueValidator(1)])
    note = models.TextField(_("Why one is the other"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["corporate", "indicator"], name="corporate_indicator_once"),
            models.UniqueConstraint(fields=["corporate", "definition"], name="corporate_definition_once"),
            models.CheckConstraint(
                condition=Q(indicator=None) ^ Q(definition=None),
                name="corporate_mapping_one_source",
                violation_error_message=_("Choose an indicator of a project, or one of the library."),
            ),
            models.CheckConstraint(
                condition=Q(factor_top__gte=1) & Q(factor_bottom__gte=1), name="corporate_mapping_factor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.corporate_id} {self.indicator_id or ''} {self.definition_id or ''}"

    @property
    def factor(self) -> Fraction:
        """One unit of the source is so many of the corporate indicator."""
        return Fraction(self.factor_top, self.factor_bottom)
