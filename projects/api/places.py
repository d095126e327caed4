"""`/api/v1/places/`: the code list of places. A protected place (a shelter) is not in it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.fields import PortalModelSerializer
from kmop.shared.api.viewsets import Lists
from projects.filters.rest import PlaceFilter
from projects.models import Place


class PlaceSerializer(PortalModelSerializer):
    """A place; `name` is the local one."""

    parent: Any = serializers.SerializerMethodField()
    parent_code = serializers.SerializerMethodField()

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = [
            "id", "code", "name", "names", "level", "country", "parent", "parent_code", "latitude", "longitude",
            "created_at", "updated_at",
        ]  # fmt: skip

    def get_parent(self, row: Place) -> int | None:
        """The id of the area it lies in."""
        return row.parent_id if row.parent and not row.parent.is_protected else None

    def get_parent_code(self, row: Place) -> str | None:
        """The code of the area it lies in."""
        return row.parent.code if row.parent and not row.parent.is_protected else None


class PlaceViewSet(Lists):
    """The code list of places: countries, regions, towns, points."""

    model = Place
    permission = SIGNED_IN
    scope = "projects"
    serializer_class = PlaceSerializer
    filterset_class = PlaceFilter
    orderings = ("code", "name", "created_at", "updated_at")
    searched = ("search_text",)

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The places this user may know of."""
        rows: QuerySet[Any] = Place.objects.visible_to(user)
        return rows.select_related("parent")
