"""`/api/v1/offers/`: what organisations can give. An offer needs only a title; then it is a draft."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.fields import EXTERNAL_ID, AmountField, PortalModelSerializer, TextField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.references import CodeOrIdField
from kmop.shared.api.viewsets import Changes, Creates, Lists, Shows
from partners.choices import OfferKind, OfferState, Sector
from partners.filters import OfferFilter
from partners.models import Offer, Organisation
from partners.queries.organisations import told_tombstones, writing_organisation_of
from partners.services.offers import change_offer, create_offer

WRITABLE_STATES = [choice for choice in OfferState.choices if choice[0] != OfferState.EXPIRED]


class QuantityParts(InputSerializer):
    """Both parts of a quantity, each with its own pointer where it can't be read."""

    value = AmountField()
    unit = TextField(max_length=60)


@extend_schema_field(
    {
        "type": "object",
        "required": ["value", "unit"],
        "properties": {"value": {"type": "string", "format": "decimal"}, "unit": {"type": "string", "maxLength": 60}},
    }
)
class QuantityField(serializers.Field[Any, Any, Any, Any]):
    """{value, unit} over two columns; null where no quantity is said."""

    columns = ("value", "unit")  # in files; the first is a number

    default_error_messages = {"invalid": _('Give a quantity as {{"value": "12.5", "unit": "hours"}}.')}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Both columns."""
        if data is None:
            return {"quantity": None, "unit": ""}
        if not isinstance(data, Mapping):
            self.fail("invalid")
        read = QuantityParts(data=data)
        read.is_valid(raise_exception=True)
        return {"quantity": read.validated_data["value"], "unit": read.validated_data["unit"]}

    def to_representation(self, value: Any) -> dict[str, str] | None:
        """The pair."""
        return None if value.quantity is None else {"value": format(value.quantity, "f"), "unit": value.unit}


class OfferSerializer(PortalModelSerializer):
    """An offer as it is read."""

    organisation_code = serializers.CharField(source="organisation.code", read_only=True)
    places = serializers.PrimaryKeyRelatedField[Any](many=True, read_only=True)
    place_codes = serializers.SlugRelatedField[Any](source="places", many=True, read_only=True, slug_field="code")
    quantity = QuantityField(source="*", read_only=True, allow_null=True)
    until = serializers.DateField(source="ends_on", read_only=True, allow_null=True)

    class Meta:
        model = Offer
        fields: ClassVar[list[str]] = [
            "id", "organisation", "organisation_code", "title", "description", "kind", "sector", "group", "places",
            "place_codes", "quantity", "until", "state", "external_id", "created_at", "updated_at",
        ]  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python, so it is added here."""
        shown = serializers.DateField(source="starts_on", read_only=True, allow_null=True)
        return {**super().get_fields(), "from": shown}


class OfferInput(InputSerializer):
    """What POST and PATCH take."""

    title = TextField(max_length=300)
    organisation = CodeOrIdField(queryset_for=lambda user: Organisation.objects.of_user(user), required=False)
    description = TextField(allow_blank=True, max_length=20_000, required=False)
    kind = serializers.ChoiceField(choices=OfferKind.choices, allow_blank=True, required=False)
    sector = serializers.ChoiceField(choices=Sector.choices, allow_blank=True, required=False)
    group = TextField(allow_blank=True, max_length=200, required=False)
    places = serializers.ListField(
        child=CodeOrIdField(queryset_for=lambda user: places_for(user)), max_length=500, required=False
    )
    quantity = QuantityField(source="*", required=False, allow_null=True)
    until = serializers.DateField(source="ends_on", allow_null=True, required=False)
    state = serializers.ChoiceField(choices=WRITABLE_STATES, required=False)
    external_id = serializers.RegexField(EXTERNAL_ID, required=False)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python, so it is added here."""
        given = serializers.DateField(source="starts_on", allow_null=True, required=False)
        return {**super().get_fields(), "from": given}


class OfferChange(OfferInput):
    """What PATCH takes: the organisation stays."""

    organisation = None  # type: ignore[assignment]  # how DRF takes an inherited field away


def places_for(user: Any) -> QuerySet[Any]:
    """The places a user may name; they belong to the floor above, so the way leads through the relation."""
    place: Any = Offer._meta.get_field("places").related_model
    rows: QuerySet[Any] = place.objects.visible_to(user)
    return rows


class OfferViewSet(Lists, Shows, Creates, Changes):
    """What organisations can give: one's own, drafts included; KMOP's people see all but drafts."""

    model = Offer
    permission = SIGNED_IN
    scope = "offers"
    serializer_class = OfferSerializer
    create_input = OfferInput
    change_rule = "partners.change_offer"
    change_input = OfferChange
    filterset_class = OfferFilter
    orderings = ("title", "state", "created_at", "updated_at")
    default_ordering = "-id"
    searched = ("search_text",)
    pointers: ClassVar[dict[str, str]] = {
        "starts_on": "from",
        "ends_on": "until",
        "quantity": "quantity/value",
    }

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The offers this user may read."""
        rows: QuerySet[Any] = Offer.objects.visible_to(user)
        return rows.select_related("organisation").prefetch_related("places")

    def tombstones_for(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the user's organisations."""
        return told_tombstones(rows, self.request.user)

    def perform_create(self, values: Mapping[str, Any], by: Any) -> Any:
        """Offer it in the name of the organisation given, else of the writer's only one."""
        facts = dict(values)
        organisation = facts.pop("organisation", None) or writing_organisation_of(by)
        if organisation is None:
            detail = _("Name the organisation that offers this.")
            raise ValidationError({"organisation": ValidationError(detail, code="required")})
        return create_offer(organisation=organisation, by=by, **facts)

    def perform_change(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        """Change what is given."""
        return change_offer(offer=obj, by=by, **values)
