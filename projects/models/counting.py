"""How the people of an indicator are counted, and what is known of those whom two partners reached both."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.models import Versioned
from partners.models import Organisation
from projects.choices import PeopleMethod
from projects.models.results import Indicator


class PeopleCount(Versioned):
    """The method by which the people of an indicator are counted over partners and periods."""

    indicator = models.OneToOneField(Indicator, on_delete=models.CASCADE, related_name="people_count")
    method = models.CharField(_("How people are counted"), max_length=12, choices=PeopleMethod)
    note = models.TextField(_("Why so"), blank=True)

    class Meta:
        ordering = ["indicator_id"]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.method}"


class Overlap(models.Model):
    """How many people two partners reached both, and how that is known; the partner with the lower id stands first."""

    count = models.ForeignKey(PeopleCount, on_delete=models.CASCADE, related_name="overlaps")
    first = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField(_("People in both"))
    source = models.TextField(_("How this is known"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["count_id", "first_id", "second_id"]
        constraints = [
            models.UniqueConstraint(fields=["count", "first", "second"], name="overlap_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="overlap_of_two_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.people}"
