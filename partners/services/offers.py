"""Acts on offers: what an organisation can give."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import bump, refuse_stale
from kmop.shared.text import fold
from partners import validators
from partners.choices import Action, OfferState
from partners.models import Offer, Organisation

CHANGEABLE = (
    "title", "description", "kind", "sector", "group", "quantity", "unit", "starts_on", "ends_on", "state",
    "external_id",
)  # fmt: skip
NEXT_STATES = {
    OfferState.DRAFT: {OfferState.OPEN, OfferState.WITHDRAWN},
    OfferState.OPEN: {OfferState.DRAFT, OfferState.WITHDRAWN},
    OfferState.WITHDRAWN: {OfferState.DRAFT, OfferState.OPEN},
    OfferState.EXPIRED: {OfferState.OPEN, OfferState.WITHDRAWN},
}


@transaction.atomic
def create_offer(
    *, organisation: Organisation, title: str, by: User, places: Sequence[Any] = (), **facts: Any
) -> Offer:
    """Offer something in the organisation's name: a title alone is a draft. `facts` are among `CHANGEABLE`.

    Raises `NotAllowed`, `ValidationError`, `RuleBroken` (code "duplicate") for an external id in use.
    """
    require(by, "partners.create_offer", organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    offer = Offer(organisation=organisation, title=title, **facts)
    _check(offer)
    offer.save()
    offer.places.set(places)
    audit.record(by, Action.OFFER_CREATED, offer, organisation=organisation.pk, state=offer.state)
    return offer


@transaction.atomic
def change_offer(
    *,
    offer: Offer,
    by: User,
    places: Sequence[Any] | None = None,
    expected_version: int | None = None,
    **changes: Any,
) -> Offer:
    """Change facts among `CHANGEABLE`, and the places where given.

    Raises `NotAllowed`, `ValidationError`, `RuleBroken` for a state that can't follow, `Stale`.
    """
    require(by, "partners.change_offer", offer)
    refuse_stale(offer, expected_version)
    wanted = changes.get("state", offer.state)
    if wanted != offer.state and wanted not in NEXT_STATES[OfferState(offer.state)]:
        raise RuleBroken(_("An offer can't go from this state to that."), "wrong_state")
    for field, value in changes.items():
        setattr(offer, field, value)
    _check(offer)
    bump(offer, *changes, "search_text")
    if places is not None:
        offer.places.set(places)
    changed = sorted([*changes, *(["places"] if places is not None else [])])
    audit.record(by, Action.OFFER_CHANGED, offer, changed=changed, state=offer.state)
    return offer


@transaction.atomic
def expire_offers(*, day: date, by: User) -> int:
    """Let open offers expire whose last day lies before `day`; how many. A second time does nothing."""
    require(by, "partners.expire_offers")
    rows = list(Offer.objects.past(day).select_for_update().order_by("pk"))
    changed = {"state": OfferState.EXPIRED, "version": F("version") + 1, "updated_at": timezone.now()}
    Offer.objects.filter(pk__in=[one.pk for one in rows]).update(**changed)
    audit.record_many(
        by, Action.OFFER_CHANGED, [(one, {"changed": ["state"], "state": str(OfferState.EXPIRED)}) for one in rows]
    )
    return len(rows)


def _check(offer: Offer) -> None:
    """What is acceptable, and the folded text for searching."""
    offer.search_text = fold(offer.title, offer.description, offer.group)
    validators.external_id_is_fit(offer.external_id)
    others = Offer.objects.filter(organisation_id=offer.organisation_id, external_id=offer.external_id)
    if offer.external_id and others.exclude(pk=offer.pk).exists():
        raise RuleBroken(_("This organisation has an offer with this external id already."), "duplicate")
    validators.offer_has_unit(offer)
    validators.offer_ends_after_start(offer)
    if offer.state == OfferState.OPEN:
        validators.offer_can_open(offer, timezone.localdate())
    offer.full_clean()
