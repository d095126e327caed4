"""Links to documents of a project (IATI document-link)."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import TextsField
from kmop.shared.text import in_language
from projects.models.projects import Project
from projects.models.workplan import InProjectQuerySet


class DocumentLink(models.Model):
    """A document on the web. `categories` are codes of the IATI list DocumentCategory."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    url = models.CharField(_("Address"), max_length=2000)
    format = models.CharField(_("Format"), max_length=100, blank=True)
    titles = TextsField(_("Title"), blank=True)
    categories = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    on = models.DateField(_("Date"), null=True, blank=True)
    order = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "order", "id"]

    def __str__(self) -> str:
        return in_language(self.titles) or self.url
