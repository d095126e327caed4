"""Allowed words of organisations: sectors, roles, scopes, kinds of offers, audit actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kmop.shared.tables import Badge


class Sector(models.TextChoices):
    """The seven sectors that resilience needs."""

    GOVERNMENT = "government", _("Government")
    BUSINESS = "business", _("Business")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    COMMUNITY = "community", _("Community")
    INSTITUTION = "institution", _("Institution")
    ACADEMIA = "academia", _("Academia")
    INTERNATIONAL = "international", _("International organisation")


class IatiType(models.TextChoices):
    """IATI 2.03 code list OrganisationType."""

    GOVERNMENT = "10", _("Government")
    LOCAL_GOVERNMENT = "11", _("Local government")
    OTHER_PUBLIC = "15", _("Other public sector")
    INTERNATIONAL_NGO = "21", _("International NGO")
    NATIONAL_NGO = "22", _("National NGO")
    REGIONAL_NGO = "23", _("Regional NGO")
    PARTNER_COUNTRY_NGO = "24", _("Partner country based NGO")
    PUBLIC_PRIVATE = "30", _("Public private partnership")
    MULTILATERAL = "40", _("Multilateral")
    FOUNDATION = "60", _("Foundation")
    PRIVATE = "70", _("Private sector")
    PRIVATE_PROVIDER = "71", _("Private sector in provider country")
    PRIVATE_RECIPIENT = "72", _("Private sector in aid recipient country")
    PRIVATE_THIRD = "73", _("Private sector in third country")
    ACADEMIC = "80", _("Academic, training and research")
    OTHER = "90", _("Other")


class MembershipRole(models.TextChoices):
    """What a person does for her organisation."""

    ADMINISTRATOR = "partner_administrator", _("Partner administrator")
    CONTRIBUTOR = "partner_contributor", _("Partner contributor")
    VIEWER = "partner_viewer", _("Partner viewer")


class Scope(models.TextChoices):
    """What an API client may touch; every write includes read."""

    UPDATES_READ = "updates:read", _("Read updates")
    UPDATES_WRITE = "updates:write", _("Write updates")
    EXPENSES_READ = "expenses:read", _("Read expenses")
    EXPENSES_WRITE = "expenses:write", _("Write expenses")
    PARTICIPATIONS_READ = "participations:read", _("Read participations")
    PARTICIPATIONS_WRITE = "participations:write", _("Write participations")
    PROJECTS_READ = "projects:read", _("Read projects")
    PROJECTS_WRITE = "projects:write", _("Write projects")
    FEEDBACK_READ = "feedback:read", _("Read feedback")
    FEEDBACK_WRITE = "feedback:write", _("Write feedback")
    REPORTS_READ = "reports:read", _("Read reports")
    REPORTS_WRITE = "reports:write", _("Make reports")
    OFFERS_READ = "offers:read", _("Read offers")
    OFFERS_WRITE = "offers:write", _("Write offers")


class OfferKind(models.TextChoices):
    """What an organisation can give."""

    GOODS = "goods", _("Goods")
    PLACES = "places", _("Rooms and places")
    EXPERTISE = "expertise", _("Expertise")
    JOBS = "jobs", _("Jobs")
    CARE_HOURS = "care_hours", _("Care hours")
    MONEY = "money", _("Money")


class OfferState(models.TextChoices):
    """Where an offer stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


# how every page shows where an offer stands
OFFER_BADGES = {
    OfferState.DRAFT: Badge(OfferState.DRAFT.label, "", "pencil-line"),
    OfferState.OPEN: Badge(OfferState.OPEN.label, "ok", "gift"),
    OfferState.WITHDRAWN: Badge(OfferState.WITHDRAWN.label, "", "ban"),
    OfferState.EXPIRED: Badge(OfferState.EXPIRED.label, "", "calendar-x"),
}


class Action(models.TextChoices):
    """What the audit trail calls the acts of this app."""

    ORGANISATION_CREATED = "organisation.created", _("Organisation created")
    ORGANISATION_CHANGED = "organisation.changed", _("Organisation changed")
    MEMBERSHIP_GRANTED = "membership.granted", _("Membership granted")
    MEMBERSHIP_WITHDRAWN = "membership.withdrawn", _("Membership withdrawn")
    API_CLIENT_CREATED = "api_client.created", _("API client created")
    API_CLIENT_TOKEN_REPLACED = "api_client.token_replaced", _("Token of an API client replaced")
    API_CLIENT_REVOKED = "api_client.revoked", _("API client revoked")
    OFFER_CREATED = "offer.created", _("Offer created")
    OFFER_CHANGED = "offer.changed", _("Offer changed")
