"""Frameworks kept by name, to begin others with."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.access import ask
from kmop.shared.models import Versioned
from projects.models.projects import Project


class FrameworkTemplateQuerySet(models.QuerySet["FrameworkTemplate"]):
    """Spoken adjectives of templates."""

    def visible_to(self, user: Any) -> "FrameworkTemplateQuerySet":
        """Managers and M&E officers see all of them."""
        return self if user.is_authenticated and ask(user, "projects.manage_lists") else self.none()


class FrameworkTemplate(Versioned):
    """A framework as plain data (`shape`, see `services.frameworks.shapes`): without periods, places and partners."""

    name = models.CharField(_("Name"), max_length=200, unique=True)
    description = models.TextField(_("What it is for"), blank=True)
    shape = models.JSONField()
    results = models.PositiveIntegerField(_("Results"), default=0)
    indicators = models.PositiveIntegerField(_("Indicators"), default=0)
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = FrameworkTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
