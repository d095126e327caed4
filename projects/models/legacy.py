"""What is to remain after a project, and whether it does."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from partners.models import Organisation
from projects.choices import LegacyKind, LegacyResult
from projects.models.projects import Project
from projects.models.workplan import InProjectQuerySet


class Legacy(Versioned):
    """A capacity, system, service, network, law or budget line that is to remain, and who will own it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="legacies")
    kind = models.CharField(_("Kind"), max_length=15, choices=LegacyKind)
    titles = TextsField(_("Title"))
    future_owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Future owner")
    )
    handover_on = models.DateField(_("Handed over on"), null=True, blank=True)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return in_language(self.titles)


class LegacyCheckQuerySet(models.QuerySet["LegacyCheck"]):
    """Spoken adjectives of legacy checks."""

    def visible_to(self, user: Any) -> "LegacyCheckQuerySet":
        """Those of the projects a person sees."""
        return self.filter(legacy__project__in=Project.objects.visible_to(user))

    def due_on(self, day: date) -> "LegacyCheckQuerySet":
        """Not done and due by `day`."""
        return self.filter(done_on=None, due_on__lte=day)


class LegacyCheck(Versioned):
    """A look at 6, 12, 24 and 60 months after closure."""

    legacy = models.ForeignKey(Legacy, on_delete=models.CASCADE, related_name="checks")
    months = models.PositiveSmallIntegerField(_("Months after closure"))
    due_on = models.DateField(_("Due"))
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    result = models.CharField(_("Result"), max_length=10, choices=LegacyResult, blank=True)
    note = models.TextField(_("What was found"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = LegacyCheckQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["legacy", "months"], name="legacy_check_once")]

    def __str__(self) -> str:
        return f"{self.legacy_id} +{self.months}"
