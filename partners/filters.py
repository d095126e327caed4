"""Filters of organisations and offers, for pages and REST alike: every field shown can be filtered exactly."""

from typing import ClassVar

import django_filters

from kmop.shared.filters import AmountFilter, CodeOrIdFilter, TextsFilter
from partners.choices import IatiType, OfferKind, OfferState, Sector
from partners.models import Offer, Organisation


class OrganisationFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Organisations."""

    id = django_filters.NumberFilter()
    sector = django_filters.ChoiceFilter(choices=Sector.choices)
    iati_type = django_filters.ChoiceFilter(choices=IatiType.choices)
    names = TextsFilter()
    countries = django_filters.CharFilter(field_name="countries__country")
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = ["code", "name", "iati_identifier", "description", "website"]


class OfferFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Offers."""

    id = django_filters.NumberFilter()
    organisation = CodeOrIdFilter(field_name="organisation", code="organisation__code")
    organisation_code = django_filters.CharFilter(field_name="organisation__code")
    kind = django_filters.ChoiceFilter(choices=OfferKind.choices)
    sector = django_filters.ChoiceFilter(choices=Sector.choices)
    state = django_filters.ChoiceFilter(choices=OfferState.choices)
    places = CodeOrIdFilter(field_name="places", code="places__code")
    place_codes = django_filters.CharFilter(field_name="places__code")
    quantity = AmountFilter()
    until = django_filters.DateFilter(field_name="ends_on")
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Offer
        fields: ClassVar[list[str]] = ["title", "description", "group", "external_id"]


OfferFilter.base_filters["from"] = django_filters.DateFilter(field_name="starts_on")  # `from` is a word of Python
