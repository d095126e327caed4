"""`/api/v1/projects/`: the portfolio one sees, with plan and people side by side."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.fields import PortalModelSerializer, told_number
from kmop.shared.api.viewsets import Lists, Shows
from projects.calculation.progress import PlanAnswer
from projects.models import FocusArea, Partnership, Project
from reports.filters import ProjectFilter
from reports.queries.projects import ProjectStanding, project_standings

NUMBER: dict[str, Any] = {"type": ["string", "null"], "format": "decimal"}


class FocusAreaSerializer(PortalModelSerializer):
    """What a project is about."""

    class Meta:
        model = FocusArea
        fields: ClassVar[list[str]] = ["id", "code", "titles"]


class PartnershipSerializer(PortalModelSerializer):
    """An organisation's part in a project; `share` is its share of the money in percent, where it is known."""

    organisation_code = serializers.CharField(source="organisation.code")
    organisation_name = serializers.CharField(source="organisation.name")

    class Meta:
        model = Partnership
        fields: ClassVar[list[str]] = [
            "organisation", "organisation_code", "organisation_name", "role", "share", "reports",
        ]  # fmt: skip


class VerdictSerializer(serializers.Serializer[Any]):
    """`at_or_above` of `of` outcome indicators keep the plan, `incomplete` of them lack a partner's figure."""

    answer = serializers.ChoiceField(choices=[one.value for one in PlanAnswer])
    at_or_above = serializers.IntegerField()
    of = serializers.IntegerField()
    incomplete = serializers.IntegerField()


class NeedsSerializer(serializers.Serializer[Any]):
    """Of the people of the newest rounds: whose first need is answered, and whose is met. Shares from 0 to 1."""

    people_asked = serializers.IntegerField(source="asked")
    people_answering = serializers.IntegerField(source="answering")
    answered = serializers.SerializerMethodField()
    met = serializers.SerializerMethodField()
    round_on = serializers.DateField(allow_null=True)

    @extend_schema_field(NUMBER)
    def get_answered(self, said: Any) -> str | None:
        """The share whose first need is answered."""
        return told_number(said.shares.answered.value)

    @extend_schema_field(NUMBER)
    def get_met(self, said: Any) -> str | None:
        """The share whose first need is met, as they say themselves."""
        return told_number(said.shares.met.value)


class ProjectSerializer(PortalModelSerializer):
    """A project as it is read."""

    countries = serializers.SlugRelatedField[Any](many=True, read_only=True, slug_field="country")
    focus_areas = FocusAreaSerializer(many=True)
    partnerships = PartnershipSerializer(many=True)
    progress = serializers.SerializerMethodField()
    needs = serializers.SerializerMethodField()

    class Meta:
        model = Project
        fields: ClassVar[list[str]] = [
            "id", "code", "titles", "short_titles", "descriptions", "status", "starts_on", "ends_on", "closed_on",
            "countries", "focus_areas", "partnerships", "progress", "needs", "currency", "iati_identifier",
            "is_published", "created_at", "updated_at",
        ]  # fmt: skip

    def _standing(self, row: Project) -> ProjectStanding:
        standing: ProjectStanding = self.context["view"].standings[row.pk]
        return standing

    @extend_schema_field(VerdictSerializer)
    def get_progress(self, row: Project) -> Any:
        """Whether it keeps its plan."""
        return VerdictSerializer(self._standing(row).verdict).data

    @extend_schema_field(NeedsSerializer)
    def get_needs(self, row: Project) -> Any:
        """What people say."""
        return NeedsSerializer(self._standing(row).people).data


class ProjectViewSet(Lists, Shows):
    """Projects of one's organisation or role; `progress` is the plan's answer, `needs` the people's."""

    model = Project
    permission = SIGNED_IN
    scope = "projects"
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    unfiltered: ClassVar[dict[str, str]] = {
        "needs": "is calculated when it is read",
        "progress": "is calculated when it is read",
    }
    orderings = ("code", "status", "created_at", "updated_at")
    searched = ("search_text",)
    code_lookup = "code"

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The projects this user may know of."""
        rows: QuerySet[Any] = Project.objects.visible_to(user)
        return rows.prefetch_related("countries", "focus_areas", "partnerships__organisation")

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Reads how these projects stand."""
        self.standings = project_standings(rows, day=timezone.localdate())
        return rows
