"""Places in which projects work."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from projects.choices import PlaceLevel


class PlaceQuerySet(models.QuerySet["Place"]):
    """Spoken adjectives of places."""

    def visible_to(self, user: Any) -> "PlaceQuerySet":
        """Everybody signed in sees the list of places; a protected place no finer than its region."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(is_protected=False)

    def unprotected(self) -> "PlaceQuerySet":
        """Places that may be named in public."""
        return self.filter(is_protected=False)


class Place(Versioned):
    """A point or an area. A protected place (a shelter) is shown no finer than its region and is in no export."""

    code = models.CharField(_("Code"), max_length=40, unique=True)
    name = models.CharField(_("Local name"), max_length=300)
    names = TextsField(_("Name in other languages"), blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=PlaceLevel, default=PlaceLevel.TOWN)
    country = models.CharField(_("Country"), max_length=2, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    is_protected = models.BooleanField(_("Protected"), default=False)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code", "id"]

    def __str__(self) -> str:
        return in_language({**self.names}) or self.name
