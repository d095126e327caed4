"""`/api/v1/organisations/`: the directory; an organisation writes about itself."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.fields import PortalModelSerializer, TextField, TextsJsonField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.viewsets import Changes, Lists, Shows
from partners.choices import IatiType, Sector
from partners.filters import OrganisationFilter
from partners.models import Organisation
from partners.services.organisations import change_organisation


class OrganisationSerializer(PortalModelSerializer):
    """An organisation as it is read."""

    countries = serializers.SlugRelatedField[Any](many=True, read_only=True, slug_field="country")

    class Meta:
        model = Organisation
        fields: ClassVar[list[str]] = [
            "id", "code", "name", "names", "sector", "iati_type", "iati_identifier", "countries", "description",
            "website", "created_at", "updated_at",
        ]  # fmt: skip


class OrganisationInput(InputSerializer):
    """What PATCH takes."""

    name = TextField(max_length=500)
    names = TextsJsonField()
    sector = serializers.ChoiceField(choices=Sector.choices)
    iati_type = serializers.ChoiceField(choices=IatiType.choices, allow_blank=True)
    iati_identifier = TextField(max_length=200, allow_blank=True)
    countries = serializers.ListField(child=TextField(max_length=2, min_length=2), max_length=250)
    description = TextField(allow_blank=True, max_length=20_000)
    website = serializers.URLField(allow_blank=True, max_length=200)


class OrganisationViewSet(Lists, Shows, Changes):
    """Organisations of every sector: KMOP's people see all, a partner sees itself and KMOP."""

    model = Organisation
    permission = SIGNED_IN
    scope = "projects"
    serializer_class = OrganisationSerializer
    change_rule = "partners.change_organisation"
    change_input = OrganisationInput
    filterset_class = OrganisationFilter
    orderings = ("name", "code", "created_at", "updated_at")
    searched = ("search_text",)
    code_lookup = "code"

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The directory as this user sees it."""
        rows: QuerySet[Any] = Organisation.objects.visible_to(user).prefetch_related("countries")
        return rows

    def perform_change(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        """Change what is given."""
        return change_organisation(organisation=obj, by=by, **values)
