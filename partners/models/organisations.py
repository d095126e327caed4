"""Organisations of every sector and the people who belong to them."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.fields import TextsField
from kmop.shared.models import Versioned
from partners.choices import IatiType, MembershipRole, Sector
from partners.rules import works_at_home

if TYPE_CHECKING:
    from kmop.accounts.models import User

SEES_ALL_ORGANISATIONS = (
    PortalRole.PORTAL_ADMINISTRATOR,
    PortalRole.PORTFOLIO_MANAGER,
    PortalRole.DATA_PROTECTION_OFFICER,
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Spoken adjectives of organisations."""

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """The directory: KMOP's people see all; a partner sees its own organisation and KMOP."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*SEES_ALL_ORGANISATIONS) or works_at_home(user):
            return self
        own = Membership.objects.filter(user=user).values("organisation_id")
        return self.filter(Q(pk__in=own) | Q(code=settings.HOME_ORGANISATION))

    def of_user(self, user: "User") -> "OrganisationQuerySet":
        """The organisations this user belongs to."""
        return self.filter(memberships__user=user)


class Organisation(Versioned):
    """Any actor, KMOP included."""

    code = models.CharField(_("Code"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=500)
    names = TextsField(_("Name in other languages"), blank=True)
    sector = models.CharField(_("Sector"), max_length=20, choices=Sector)
    iati_type = models.CharField(_("IATI organisation type"), max_length=3, choices=IatiType, blank=True)
    iati_identifier = models.CharField(_("IATI identifier"), max_length=200, blank=True)
    description = models.TextField(_("What it does"), blank=True)
    website = models.URLField(_("Website"), blank=True)
    search_text = models.TextField(editable=False, default="")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Any] = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["iati_identifier"], condition=~Q(iati_identifier=""), name="organisation_iati_identifier_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_home(self) -> bool:
        """Is this the organisation that runs the portal?"""
        return bool(self.code == settings.HOME_ORGANISATION)


class OrganisationName(models.Model):
    """Another name under which an organisation has been met, folded; imports match on it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="known_names")
    folded = models.CharField(max_length=500, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "folded"], name="organisation_name_once")]

    def __str__(self) -> str:
        return self.folded


class OrganisationCountry(models.Model):
    """A country an organisation works in (ISO 3166-1 alpha-2)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="countries")
    country = models.CharField(max_length=2)

    class Meta:
        ordering = ["country"]
        constraints = [models.UniqueConstraint(fields=["organisation", "country"], name="organisation_country_once")]

    def __str__(self) -> str:
        return self.country


class Membership(models.Model):
    """A user in an organisation, with a role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=MembershipRole)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organisation_id}"
