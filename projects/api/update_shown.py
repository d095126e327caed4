"""How an update is read."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from kmop.shared.api.fields import MomentField, PortalModelSerializer
from projects.api.figures import DISAGGREGATION, told_cell, told_total, told_value
from projects.api.named import PlaceShown
from projects.api.update_inputs import VALUE_PARTS
from projects.calculation.cells import TOTAL
from projects.choices import ApprovalStep, ObligationState, UpdateState
from projects.models import Evidence, Obligation, Update
from projects.queries.flags import seen_flags, sentence
from projects.queries.updates import updates_with_values
from projects.services.updates.answers import texts_of

VALUE: dict[str, Any] = {"type": "object", "properties": {**VALUE_PARTS, "disaggregation": DISAGGREGATION}}
TOTAL_SHAPE: dict[str, Any] = {
    "oneOf": [
        {"type": ["string", "null"], "format": "decimal"},
        {"type": "object", "properties": VALUE_PARTS},
    ]
}


def shown_updates(rows: QuerySet[Update]) -> QuerySet[Update]:
    """The updates with all that their answer needs, in a fixed number of statements."""
    owed = Obligation.objects.with_state(timezone.localdate())
    return (
        updates_with_values(rows)
        .select_related("place__parent", "revises")
        .prefetch_related(
            Prefetch("evidence", Evidence.objects.order_by("added_at", "pk")),
            Prefetch("obligations", owed),
            Prefetch("revises__obligations", owed),
        )
    )


class EvidenceSerializer(PortalModelSerializer):
    """A file, and where it is."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = ["id", "name", "content_type", "size", "sha256", "added_at", "url"]

    def get_url(self, row: Evidence) -> str:
        """The address of the file itself."""
        kwargs = {"update_id": row.update_id, "id": row.pk}
        return str(reverse("evidence-detail", kwargs=kwargs, request=self.context["request"]))


class AnsweredSerializer(serializers.Serializer[Any]):
    """The obligation that an update answers."""

    id = serializers.IntegerField()
    due_date = serializers.DateField(source="due_on")
    state = serializers.ChoiceField(choices=ObligationState.choices)


class WarningSerializer(serializers.Serializer[Any]):
    """A quality flag in words; it refuses nothing, the reviewer sees it first. `answer`: why the figure is right."""

    code = serializers.CharField()
    detail = serializers.CharField()
    disaggregation = serializers.DictField(child=serializers.CharField())
    answer = serializers.CharField(allow_null=True)


class UpdateSerializer(PlaceShown, PortalModelSerializer):
    """An update as it is read; values and total as a body gives them."""

    project = serializers.IntegerField(source="indicator.project_id")
    project_code = serializers.CharField(source="indicator.project.code")
    indicator_code = serializers.SerializerMethodField()
    period_code = serializers.CharField(source="period.code")
    organisation_code = serializers.CharField(source="organisation.code")
    values = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    incomplete = serializers.BooleanField(source="is_incomplete")
    warnings = serializers.SerializerMethodField()
    warnings_answer = serializers.CharField(source="flag_answer")
    evidence = EvidenceSerializer(many=True)
    obligation = serializers.SerializerMethodField()
    submitted_at = MomentField(allow_null=True)
    step = serializers.SerializerMethodField()
    steps = serializers.ListField(
        child=serializers.ChoiceField(ApprovalStep.choices), source="indicator.project.approval_steps"
    )
    flag_answers = serializers.SerializerMethodField()

    class Meta:
        model = Update
        fields: ClassVar[list[str]] = [
            "id", "project", "project_code", "indicator", "indicator_code", "period", "period_code", "organisation",
            "organisation_code", "place", "place_code", "state", "external_id", "source", "values", "total",
            "incomplete", "narrative", "language", "warnings", "warnings_answer", "evidence", "obligation", "revision",
            "revises", "revision_reason", "note", "submitted_at", "decided_at", "superseded_at", "created_at",
            "updated_at", "step", "steps", "flag_answers",
        ]  # fmt: skip

    def get_indicator_code(self, row: Update) -> str:
        """Such as STR-25/1.2.a."""
        return f"{row.indicator.project.code}/{row.indicator.code}"

    @extend_schema_field({"type": "array", "items": VALUE})
    def get_values(self, row: Update) -> list[dict[str, Any]]:
        """The breakdown, by the names of its cells."""
        return [{**told_value(one), "disaggregation": told_cell(one.cell)} for one in row.values.all() if one.cell]

    @extend_schema_field(TOTAL_SHAPE)
    def get_total(self, row: Update) -> Any:
        """What was said for all together."""
        return next((told_total(one) for one in row.values.all() if one.cell == TOTAL), None)

    @extend_schema_field(WarningSerializer(many=True))
    def get_warnings(self, row: Update) -> list[dict[str, Any]]:
        """Quality flags in words."""
        answers = texts_of(row)
        return [
            {
                "code": one["code"],
                "detail": sentence(one),
                "disaggregation": told_cell(one["cell"]),
                "answer": answers.get(one["code"]),
            }
            for one in seen_flags(row, self.context["request"].user)
        ]

    @extend_schema_field({"type": ["string", "null"], "enum": [*ApprovalStep.values, None]})
    def get_step(self, row: Update) -> str | None:
        """The step it waits for, while it waits."""
        return str(row.step) if row.state == UpdateState.SUBMITTED else None

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_flag_answers(self, row: Update) -> dict[str, str]:
        """Why the figure is right, by the code of the rule."""
        return texts_of(row)

    @extend_schema_field(AnsweredSerializer(allow_null=True))
    def get_obligation(self, row: Update) -> Any:
        """What was owed; a revision answers what the update before it answered."""
        owed = list(row.obligations.all()) or (list(row.revises.obligations.all()) if row.revises else [])
        return AnsweredSerializer(owed[0]).data if owed else None
