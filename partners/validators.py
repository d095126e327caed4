"""What is acceptable for organisations, API clients and offers: for model, form and API alike."""

import ipaddress
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.choices import Scope

EXTERNAL_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def countries_exist(codes: Iterable[str]) -> None:
    """Raise for codes that are not ISO 3166-1 alpha-2."""
    unknown = sorted({code for code in codes if pycountry.countries.get(alpha_2=code) is None})
    if unknown:
        detail = _("No country has this code (ISO 3166-1, two letters): %(codes)s.") % {"codes": ", ".join(unknown)}
        raise ValidationError({"countries": ValidationError(detail, code="unknown_country")})


def scopes_exist(scopes: Iterable[str]) -> None:
    """Raise for scopes that there are not, and for none at all."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not list(scopes):
        detail = _("Choose scopes from: %(known)s.") % {"known": ", ".join(Scope.values)}
        raise ValidationError({"scopes": ValidationError(detail, code="unknown_scope")})


def networks_are_readable(networks: Iterable[str]) -> None:
    """Raise for what is no network such as 192.0.2.0/24 or 2001:db8::/32."""
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            detail = _("%(network)s is no network such as 192.0.2.0/24.") % {"network": network}
            raise ValidationError({"networks": ValidationError(detail, code="no_network")}) from error


def offer_can_open(offer: Any, day: date) -> None:
    """Raise where an offer is to be seen by others but does not say what it is, or has ended before `day`."""
    if offer.ends_on and offer.ends_on < day:
        detail = _("This day is over. Give a later one, or none.")
        raise ValidationError({"ends_on": ValidationError(detail, code="in_the_past")})
    if not offer.kind:
        detail = _("Say what kind of offer this is before you open it.")
        raise ValidationError({"kind": ValidationError(detail, code="required_to_open")})


def offer_has_unit(offer: Any) -> None:
    """Raise for a quantity without its unit, or one that is not above nothing."""
    if offer.quantity is None:
        return
    if offer.quantity <= 0:
        detail = _("The quantity must be above 0.")
        raise ValidationError({"quantity": ValidationError(detail, code="not_positive")})
    if not offer.unit:
        detail = _("Say the unit of the quantity, such as hours or beds.")
        raise ValidationError({"quantity": ValidationError(detail, code="unit_missing")})


def offer_ends_after_start(offer: Any) -> None:
    """Raise for an offer that ends before it begins."""
    if offer.starts_on and offer.ends_on and offer.ends_on < offer.starts_on:
        detail = _("The end lies before the start.")
        raise ValidationError({"ends_on": ValidationError(detail, code="before_start")})


def external_id_is_fit(text: str) -> None:
    """Raise for an external id that is not 1 to 100 of letters, digits and `._:-`."""
    if text and not EXTERNAL_ID.fullmatch(text):
        detail = _("Use 1 to 100 letters, digits and the signs . _ : -")
        raise ValidationError({"external_id": ValidationError(detail, code="unfit")})
