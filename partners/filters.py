"""Filters of organisations and offers: for REST every field shown, exactly; for pages what a reader asks."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.shared.countries import country_name
from kmop.shared.filters import AmountFilter, CodeOrIdFilter, TextsFilter
from kmop.shared.text import fold
from partners.choices import IatiType, MembershipRole, OfferKind, OfferState, Sector
from partners.models import ApiClient, Membership, Offer, Organisation, OrganisationCountry


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


def _countries() -> list[tuple[str, str]]:
    """The countries in which any organisation works, by name."""
    codes = OrganisationCountry.objects.order_by().values_list("country", flat=True).distinct()
    return sorted(((code, country_name(code)) for code in codes), key=lambda one: one[1])


def _by_words(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """By the folded text, with or without accents."""
    return rows.filter(search_text__contains=fold(value))


class DirectoryFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """The directory: words, sector, country."""

    search = django_filters.CharFilter(label=_("Search"), method=_by_words)
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=Sector.choices, empty_label=_("All"))
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=_countries, field_name="countries__country", empty_label=_("All")
    )

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = []


class OffersFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Lists of offers: words, kind, state."""

    search = django_filters.CharFilter(label=_("Search"), method=_by_words)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=OfferKind.choices, empty_label=_("All"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=OfferState.choices, empty_label=_("All"))

    class Meta:
        model = Offer
        fields: ClassVar[list[str]] = []


class ClientFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """API clients by name."""

    search = django_filters.CharFilter(label=_("Search"), field_name="name", lookup_expr="icontains")

    class Meta:
        model = ApiClient
        fields: ClassVar[list[str]] = []


class MemberFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Members by name and role."""

    search = django_filters.CharFilter(label=_("Search"), method="by_person")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=MembershipRole.choices, empty_label=_("All"))

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = []

    def by_person(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        """Part of the name or the e-mail."""
        return rows.filter(Q(user__name__icontains=value) | Q(user__email__icontains=value))
