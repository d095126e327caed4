"""Organisations and what belongs to them."""

from partners.models.clients import ApiClient
from partners.models.offers import Offer
from partners.models.organisations import Membership, Organisation, OrganisationCountry, OrganisationName
from partners.rules import works_at_home

__all__ = [
    "ApiClient",
    "Membership",
    "Offer",
    "Organisation",
    "OrganisationCountry",
    "OrganisationName",
    "works_at_home",
]
