"""Offers: what organisations can give."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import ActView, ChangesRow, FormPage, ListPage, PortalView
from partners.choices import OFFER_BADGES, OfferState
from partners.filters import OffersFilter
from partners.forms.offers import OfferForm
from partners.models import Offer
from partners.services import offers
from partners.views.part import OfOrganisation

FIELDS = (
    "title", "description", "kind", "quantity", "unit", "group", "sector", "starts_on", "ends_on", "state",
)  # fmt: skip


def offer_badge(offer: Offer) -> Badge:
    """Where an offer stands."""
    return OFFER_BADGES[OfferState(offer.state)]


def quantity(offer: Offer) -> str:
    """How much, with its unit."""
    return "" if offer.quantity is None else f"{formats.number(offer.quantity)} {offer.unit}"


def places(offer: Offer) -> str:
    """Where, by name."""
    return ", ".join(str(one) for one in offer.places.all())


class OffersView(ListPage):
    """All offers the person may see, newest first."""

    permission = SIGNED_IN
    title = gettext_lazy("Offers")
    filterset_class = OffersFilter
    default_sort = "-made"
    export_name = "offers"
    empty_title = gettext_lazy("Nothing is offered yet.")
    columns = (
        Column("title", gettext_lazy("What"), lambda row: row.title, ("title",)),
        Column("organisation", gettext_lazy("Who"), lambda row: row.organisation.name, ("organisation__name",)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display() if row.kind else "", ("kind",)),
        Column("quantity", gettext_lazy("How much"), quantity, ("quantity",), True, lambda row: row.quantity),
        Column("places", gettext_lazy("Where"), places),
        Column("ends_on", gettext_lazy("Until"), lambda row: row.ends_on, ("ends_on",)),
        Column("state", gettext_lazy("State"), offer_badge, ("state",)),
        Column("made", gettext_lazy("Made on"), lambda row: row.created_at.date(), ("created_at",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those the person may see."""
        rows: QuerySet[Any] = Offer.objects.visible_to(self.me).select_related("organisation")
        return rows.prefetch_related("places")

    def row_url(self, row: Any) -> str:
        """To the offer."""
        return f"/partners/offers/{row.pk}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the list lies."""
        crumbs = [{"label": _("Partners"), "url": "/partners/"}, {"label": _("Offers")}]
        return super().get_context_data(crumbs=crumbs, **kwargs)


class OwnOffersView(OfOrganisation, OffersView):
    """The offers of one organisation."""

    def get_queryset(self) -> QuerySet[Any]:
        """Those of this organisation."""
        return super().get_queryset().filter(organisation=self.organisation)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where the list lies, and the button."""
        context = super().get_context_data(**kwargs)
        label, url = _("Offer something"), f"{self.base}offers/new/"
        context["crumbs"] = [
            {"label": _("Partners"), "url": "/partners/"},
            {"label": self.organisation.name, "url": self.base},
            {"label": _("Offers")},
        ]
        context["acts"] = [self.act_button(label, url, "partners.create_offer", icon="gift", kind="main")]
        return context

    def empty_action(self) -> Link | None:
        """Offer something."""
        may = ask(self.me, "partners.create_offer", self.organisation)
        return Link(_("Offer something"), f"{self.base}offers/new/") if may else None


class NewOfferView(OfOrganisation, FormPage):
    """Offer something in the organisation's name."""

    permission = "partners.create_offer"
    template_name = "partners/form.html"
    form_class = OfferForm

    def form_options(self) -> dict[str, Any]:
        """Places the person may see."""
        return {"user": self.me, "initial": {"state": OfferState.DRAFT}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": _("Offer something"), "submit": _("Save the offer"), "back_url": f"{self.base}offers/"}
        return super().get_context_data(organisation=self.organisation, **words, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service."""
        made = offers.create_offer(organisation=self.organisation, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("The offer was saved."))
        return f"/partners/offers/{made.pk}/"


class OneOffer:
    """Mixin: the offer of the address, if this person may see it."""

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def offer(self) -> Offer:
        """The offer."""
        rows = Offer.objects.visible_to(self.request.user).select_related("organisation")
        found: Offer = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def permission_object(self) -> Offer:
        """The rule is asked of the offer."""
        return self.offer

    @property
    def url(self) -> str:
        """Its address."""
        return f"/partners/offers/{self.offer.pk}/"


class OfferView(OneOffer, PortalView):
    """One offer."""

    permission = SIGNED_IN
    template_name = "partners/offer.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its facts and what may be done with it."""
        offer = self.offer
        may = ask(self.me, "partners.change_offer", offer)
        dates = formats.date_range(offer.starts_on, offer.ends_on) if offer.starts_on or offer.ends_on else ""
        said = [
            (_("Kind"), str(offer.get_kind_display()) if offer.kind else ""),
            (_("How much"), quantity(offer)),
            (_("For whom"), offer.group),
            (_("For which sector"), str(offer.get_sector_display()) if offer.sector else ""),
            (_("Where"), places(offer)),
            (_("When"), dates),
            (_("Description"), offer.description),
        ]
        return super().get_context_data(
            title=offer.title,
            offer=offer,
            organisation=offer.organisation,
            badge=offer_badge(offer),
            data=[{"label": label, "text": text or "–"} for label, text in said],
            refused="" if may else str(may.reason),
            is_withdrawn=offer.state == OfferState.WITHDRAWN,
            **kwargs,
        )


class ChangeOfferView(OneOffer, ChangesRow):
    """Change an offer."""

    permission = "partners.change_offer"
    template_name = "partners/form.html"
    form_class = OfferForm

    def versioned(self) -> Offer:
        """The offer."""
        return self.offer

    def form_options(self) -> dict[str, Any]:
        """As it stands; a withdrawn one begins again as a draft."""
        initial = {name: getattr(self.offer, name) for name in FIELDS}
        if initial["state"] not in (OfferState.DRAFT, OfferState.OPEN):
            initial["state"] = OfferState.OPEN if self.offer.state == OfferState.EXPIRED else OfferState.DRAFT
        return {"user": self.me, "initial": {**initial, "places": list(self.offer.places.all())}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words of the form."""
        words = {"heading": _("Change the offer"), "submit": _("Save the offer"), "back_url": self.url}
        return super().get_context_data(organisation=self.offer.organisation, **words, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service."""
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        offers.change_offer(offer=self.offer, expected_version=version, by=self.me, **facts)
        messages.success(self.request, _("The offer was saved."))
        return self.url


class WithdrawOfferView(OneOffer, ActView):
    """Take an offer back."""

    permission = "partners.change_offer"

    def act(self) -> Sentence:
        """Call the service."""
        offers.change_offer(offer=self.offer, state=OfferState.WITHDRAWN, by=self.me)
        return _("The offer was withdrawn. You can open it again.")

    def next_url(self) -> str:
        """Back to the offer."""
        return self.url
