"""API clients: a partner's own system that speaks to the portal."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.models import Versioned
from partners.models.organisations import Organisation


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    """Spoken adjectives of API clients."""

    def visible_to(self, user: Any) -> "ApiClientQuerySet":
        """Those of the organisations a user administers; portal administrators see all."""
        if user.has_role(PortalRole.PORTAL_ADMINISTRATOR):
            return self
        from_own = Organisation.objects.filter(memberships__user=user, memberships__role="partner_administrator")
        return self.filter(organisation__in=from_own)

    def live_at(self, moment: datetime) -> "ApiClientQuerySet":
        """Neither revoked nor expired at `moment`."""
        return self.filter(revoked_at=None).filter(models.Q(expires_at=None) | models.Q(expires_at__gt=moment))


class ApiClient(Versioned):
    """A named client of an organisation. Its token is shown once, kept as a hash; it acts as its own service user."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_clients")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_client")
    name = models.CharField(_("Name"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    token_hint = models.CharField(max_length=8, blank=True)
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(_("Expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(_("Last used"), null=True, blank=True)

    objects: ClassVar[Any] = ApiClientQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="api_client_name_once")]

    def __str__(self) -> str:
        return self.name
