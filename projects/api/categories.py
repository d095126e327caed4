"""`/api/v1/categories/`: the code list of breakdowns: dimensions, each with its categories."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.fields import PortalModelSerializer
from kmop.shared.api.viewsets import Lists
from projects.filters.rest import DimensionFilter
from projects.models import Category, Dimension
from projects.queries.categories import dimensions


class CategorySerializer(PortalModelSerializer):
    """One category; its code is what `disaggregation` names."""

    class Meta:
        model = Category
        fields: ClassVar[list[str]] = ["id", "code", "titles", "order"]


class DimensionSerializer(PortalModelSerializer):
    """A dimension; categories of an exclusive one leave nobody out and count nobody twice."""

    categories = serializers.SerializerMethodField()

    class Meta:
        model = Dimension
        fields: ClassVar[list[str]] = [
            "id", "code", "titles", "is_exclusive", "categories", "created_at", "updated_at",
        ]  # fmt: skip

    def get_categories(self, row: Dimension) -> list[Any]:
        """In their order."""
        return list(CategorySerializer(row.categories.all(), many=True).data)


class DimensionViewSet(Lists):
    """The code list of breakdowns: dimensions (sex, age ...) with their categories."""

    model = Dimension
    permission = SIGNED_IN
    scope = "projects"
    serializer_class = DimensionSerializer
    filterset_class = DimensionFilter
    orderings = ("code", "created_at", "updated_at")

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """All of them: the list serves every project."""
        return dimensions()
