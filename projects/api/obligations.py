"""`/api/v1/obligations/`: what is due. `indicator`, `period` and `place` are exactly what `POST /updates/` takes."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.fields import PortalModelSerializer
from kmop.shared.api.viewsets import Lists
from projects.api.named import PlaceShown
from projects.choices import ObligationState, UpdateState
from projects.filters.rest import ObligationFilter
from projects.models import Obligation
from projects.queries.obligations import obligations
from projects.rules import held_by


def update_seen(row: Obligation, user: Any) -> int | None:
    """The id of the update that answers an obligation; a draft is known to its own organisation alone."""
    if row.update is None:
        return None
    is_known = row.update.state != UpdateState.DRAFT or row.organisation_id in held_by(user).organisations
    return row.update.pk if is_known else None


class ObligationSerializer(PlaceShown, PortalModelSerializer):
    """A figure owed, and where it stands today."""

    project = serializers.IntegerField(source="indicator.project_id")
    project_code = serializers.CharField(source="indicator.project.code")
    indicator_code = serializers.SerializerMethodField()
    period_code = serializers.CharField(source="period.code")
    organisation_code = serializers.CharField(source="organisation.code")
    due_date = serializers.DateField(source="due_on")
    state = serializers.ChoiceField(choices=ObligationState.choices)
    update = serializers.SerializerMethodField()  # type: ignore[assignment]  # the field is named as the API says
    links = serializers.SerializerMethodField()

    class Meta:
        model = Obligation
        fields: ClassVar[list[str]] = [
            "id", "project", "project_code", "indicator", "indicator_code", "period", "period_code", "organisation",
            "organisation_code", "place", "place_code", "due_date", "state", "update", "links", "created_at",
            "updated_at",
        ]  # fmt: skip

    def get_indicator_code(self, row: Obligation) -> str:
        """Such as STR-25/1.2.a."""
        return f"{row.indicator.project.code}/{row.indicator.code}"

    def get_update(self, row: Obligation) -> int | None:
        """The id of the update that answers it."""
        return update_seen(row, self.context["request"].user)

    @extend_schema_field({"type": "object", "properties": {"update": {"type": ["string", "null"], "format": "uri"}}})
    def get_links(self, row: Obligation) -> dict[str, str | None]:
        """The address of that update."""
        found = self.get_update(row)
        request = self.context["request"]
        return {"update": reverse("update-detail", kwargs={"id": found}, request=request) if found else None}


class ObligationViewSet(Lists):
    """What is due from one's own organisations; officers see what their projects are owed."""

    model = Obligation
    permission = SIGNED_IN
    scope = "updates"
    serializer_class = ObligationSerializer
    filterset_class = ObligationFilter
    unfiltered: ClassVar[dict[str, str]] = {"links": "follows from `update`"}
    orderings = ("due_date", "created_at", "updated_at")
    ordering_columns = {"due_date": "due_on"}

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The obligations this user may know of, each with its state today."""
        return obligations(user, day=timezone.localdate()).select_related("place__parent")
