"""What organisations can give."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole
from kmop.shared.fields import MillionthsField
from kmop.shared.models import Versioned
from partners.choices import OfferKind, OfferState, Sector
from partners.models.organisations import Membership, Organisation
from partners.rules import works_at_home


class OfferQuerySet(models.QuerySet["Offer"]):
    """Spoken adjectives of offers."""

    def visible_to(self, user: Any) -> "OfferQuerySet":
        """KMOP's people see all that is not a draft; an organisation sees its own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = Q(organisation__in=Membership.objects.filter(user=user).values("organisation_id"))
        if user.has_role(PortalRole.PORTFOLIO_MANAGER) or works_at_home(user):
            return self.filter(own | ~Q(state=OfferState.DRAFT))
        return self.filter(own)

    def open(self, day: date) -> "OfferQuerySet":
        """What may be proposed on `day`: neither draft, withdrawn nor expired."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), state=OfferState.OPEN)

    def past(self, day: date) -> "OfferQuerySet":
        """Open still, although its last day lies before `day`."""
        return self.filter(state=OfferState.OPEN, ends_on__lt=day)


class Offer(Versioned):
    """What an organisation can give: what, where, for whom, how much, until when. A title alone is a draft."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offers")
    title = models.CharField(_("Title"), max_length=300)
    description = models.TextField(_("Description"), blank=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=OfferKind, blank=True)
    sector = models.CharField(_("For which sector"), max_length=20, choices=Sector, blank=True)
    group = models.CharField(_("For whom"), max_length=200, blank=True)
    places = models.ManyToManyField("projects.Place", blank=True, related_name="+", verbose_name=_("Where"))
    quantity = MillionthsField(_("How much"), null=True, blank=True)
    unit = models.CharField(_("Unit"), max_length=60, blank=True)
    starts_on = models.DateField(_("From"), null=True, blank=True)
    ends_on = models.DateField(_("Until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.DRAFT)
    external_id = models.CharField(max_length=100, blank=True)
    search_text = models.TextField(editable=False, default="")

    objects: ClassVar[Any] = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="offer_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
