"""What bodies name by id or code, and how it is shown: projects, indicators, periods, places."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kmop.shared.api.references import CodeOrIdField
from partners.models import Organisation
from projects.models import Indicator, Place
from projects.queries.references import coded_indicators, nameable_places
from projects.rules import held_by

JSON = "json"


def seen_indicators(user: Any) -> QuerySet[Any]:
    """The indicators a user may name."""
    rows: QuerySet[Any] = Indicator.objects.visible_to(user)
    return rows.select_related("project")


def seen_places(user: Any) -> QuerySet[Any]:
    """The places a user may name."""
    return nameable_places(user)


def own_organisations(user: Any) -> QuerySet[Any]:
    """The organisations in whose name a user may write."""
    rows: QuerySet[Any] = Organisation.objects.of_user(user)
    return rows


class IndicatorField(CodeOrIdField):
    """An indicator by id or by a code such as STR-25/1.2.a."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset_for": seen_indicators, "code_lookup": coded_indicators, **kwargs})


@extend_schema_field({"type": ["integer", "string"], "description": "An id, or a code such as 2026-08/2026-10."})
class PeriodField(serializers.Field[Any, Any, Any, Any]):
    """An id, or a code such as 2026-08/2026-10; it is looked up when the indicator is known."""

    default_error_messages = CodeOrIdField.default_error_messages

    def to_internal_value(self, data: Any) -> Any:
        """The id or code itself."""
        if isinstance(data, bool) or not isinstance(data, int | str) or not 1 <= len(str(data)) <= 50:
            self.fail("incorrect_type")
        return data

    def to_representation(self, value: Any) -> Any:
        """The id."""
        return value.pk


def place_shown(row: Any, serializer: Any) -> Place | None:
    """The place of a row: a protected one to its own organisation, and in no file; else no finer than its region."""
    place: Place | None = row.place
    if place is None or not place.is_protected:
        return place
    request = serializer.context["request"]
    is_own = row.organisation_id in held_by(request.user).organisations
    if is_own and request.accepted_renderer.format == JSON:
        return place
    return place.parent if place.parent and not place.parent.is_protected else None


class PlaceShown(serializers.Serializer[Any]):
    """`place` and `place_code` of a row that belongs to an organisation."""

    place = serializers.SerializerMethodField()
    place_code = serializers.SerializerMethodField()

    def get_place(self, row: Any) -> int | None:
        """Its id."""
        place = place_shown(row, self)
        return place.pk if place else None

    def get_place_code(self, row: Any) -> str | None:
        """Its code."""
        place = place_shown(row, self)
        return place.code if place else None
