"""`/api/v1/indicators/`: what is measured and how; `/{id}/explain/`: the lineage of a figure."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.conventions import narrow
from kmop.shared.api.fields import PortalModelSerializer
from kmop.shared.api.parameters import refuse
from kmop.shared.api.viewsets import Lists, Shows
from projects.api.explanations import ExplanationSerializer
from projects.calculation.cells import canonical, grouped
from projects.filters.rest import IndicatorFilter
from projects.models import Indicator, Period
from projects.queries.explain import explain
from projects.queries.references import coded_indicators, find_period


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["code", "titles", "is_exclusive", "categories"],
            "properties": {
                "code": {"type": "string"},
                "titles": {"type": "object", "additionalProperties": {"type": "string"}},
                "is_exclusive": {"type": "boolean"},
                "categories": {"type": "array", "items": {"type": "string"}},
            },
        },
    }
)
class AskedField(serializers.Field[Any, Any, list[dict[str, Any]], Any]):
    """How figures are broken down: what `disaggregation` may name."""

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        """Dimensions by code, categories in their order."""
        return [
            {
                "code": one.code,
                "titles": one.titles,
                "is_exclusive": one.is_exclusive,
                "categories": [each.code for each in one.categories.all()],
            }
            for one in sorted(value.all(), key=lambda each: each.code)
        ]


class IndicatorSerializer(PortalModelSerializer):
    """The definition of an indicator; `code` is its stable code, such as STR-25/1.2.a."""

    code = serializers.SerializerMethodField()
    project_code = serializers.CharField(source="project.code")
    result_code = serializers.CharField(source="result.code")
    dimensions = AskedField()
    crossed = serializers.SerializerMethodField()

    class Meta:
        model = Indicator
        fields: ClassVar[list[str]] = [
            "id", "code", "project", "project_code", "result", "result_code", "titles", "definitions", "units",
            "measure", "formula", "direction", "is_cumulative", "is_share", "across_partners", "across_time",
            "scale_minimum", "scale_maximum", "decimals", "evidence_required", "source", "is_active", "dimensions",
            "crossed", "created_at", "updated_at",
        ]  # fmt: skip

    def get_code(self, row: Indicator) -> str:
        """Project and indicator."""
        return f"{row.project.code}/{row.code}"

    @extend_schema_field({"type": "array", "items": {"type": "array", "items": {"type": "string"}}})
    def get_crossed(self, row: Indicator) -> list[list[str]]:
        """The dimensions that a `disaggregation` may name together, group by group."""
        codes = sorted(one.code for one in row.dimensions.all())
        return [list(group) for group in grouped(codes, row.crossings)]


class ExplainQuery(serializers.Serializer[Any]):
    """Which figure is explained."""

    period = serializers.CharField(
        required=False, max_length=50, help_text=_("Id or code of a period; without it the whole life so far.")
    )
    cell = serializers.CharField(
        required=False, max_length=500, help_text=_("A part of the breakdown, such as age:18-24|sex:female.")
    )
    as_of = serializers.DateField(required=False, help_text=_("As it stood at the end of this day."))


class IndicatorViewSet(Lists, Shows):
    """Indicators of the projects one sees."""

    model = Indicator
    permission = SIGNED_IN
    scope = "projects"
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilter
    unfiltered: ClassVar[dict[str, str]] = {"crossed": "groups what `dimensions` names"}
    orderings = ("created_at", "updated_at")
    default_ordering = "id"
    searched = ("search_text",)
    code_lookup = staticmethod(coded_indicators)
    lookup_value_regex = r"[0-9]+|[^/]+/.+"
    query_class = {"explain": ExplainQuery}

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The indicators this user may know of."""
        rows: QuerySet[Any] = Indicator.objects.visible_to(user)
        return rows.select_related("project", "result").prefetch_related("dimensions__categories")

    @extend_schema(responses=ExplanationSerializer)
    @action(detail=True, methods=["get"], url_path="explain", url_name="explain")
    def explain(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Explain a figure: updates behind it, method, what is left out and why, who is missing."""
        asked = self.query()
        indicator = self.get_object()
        explanation = explain(
            indicator,
            user=request.user,
            day=timezone.localdate(),
            period=self._period(indicator, asked.get("period")),
            cell=self._cell(asked.get("cell", "")),
            as_of=asked.get("as_of"),
        )
        serializer = ExplanationSerializer(explanation, context=self.get_serializer_context())
        narrow(serializer, request)
        return Response(serializer.data)

    def _period(self, indicator: Indicator, given: str | None) -> Period | None:
        if given is None:
            return None
        found = find_period(given, Period.objects.filter(indicator=indicator))
        if found is None:
            raise refuse("period", _("This indicator has no such period."), "does_not_exist")
        return found

    def _cell(self, given: str) -> str:
        try:
            return canonical(given)
        except ValueError as error:
            raise refuse("cell", _("This is not the name of a cell.")) from error
