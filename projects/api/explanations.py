"""How the lineage of a figure is told."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kmop.shared.api.fields import AmountField, MomentField, told_number
from projects.api.figures import DISAGGREGATION, FigureField, PlanField, ProgressField, told_cell
from projects.api.named import PlaceShown
from projects.choices import ApprovalStep


class PersonSerializer(serializers.Serializer[Any]):
    """Who approved."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class ApprovalSerializer(serializers.Serializer[Any]):
    """One step of an approval."""

    step = serializers.ChoiceField(ApprovalStep.choices)
    by = PersonSerializer()
    at = MomentField()


class LineSerializer(serializers.Serializer[Any]):
    """One update; `reason` says why it does not count."""

    update = serializers.IntegerField(source="update.pk")  # type: ignore[assignment]  # named as the API says
    organisation = serializers.IntegerField(source="update.organisation_id")
    organisation_code = serializers.CharField(source="update.organisation.code")
    place = serializers.SerializerMethodField()
    place_code = serializers.SerializerMethodField()
    period = serializers.IntegerField(source="update.period_id")
    period_code = serializers.CharField(source="update.period.code")
    revision = serializers.IntegerField(source="update.revision")
    state = serializers.CharField(source="update.state")
    figure = FigureField()
    is_counted = serializers.BooleanField()
    reason = serializers.CharField()
    submitted_at = MomentField(source="update.submitted_at", allow_null=True)
    approved_at = MomentField(source="update.decided_at", allow_null=True)
    approved_by = PersonSerializer(allow_null=True)
    approvals = ApprovalSerializer(many=True)

    def _shown(self, row: Any) -> PlaceShown:
        return PlaceShown(row.update, context=self.context)

    def get_place(self, row: Any) -> int | None:
        """The id of its place."""
        return self._shown(row).get_place(row.update)

    def get_place_code(self, row: Any) -> str | None:
        """The code of its place."""
        return self._shown(row).get_place_code(row.update)


class PartSerializer(serializers.Serializer[Any]):
    """What one period gives."""

    period = serializers.IntegerField(source="period.pk")
    period_code = serializers.CharField(source="period.code")
    updates = serializers.IntegerField(source="components.count")
    figure = FigureField()


class MissingSerializer(PlaceShown):
    """A figure that is owed."""

    obligation = serializers.IntegerField(source="pk")
    organisation = serializers.IntegerField(source="organisation_id")
    organisation_code = serializers.CharField(source="organisation.code")
    period = serializers.IntegerField(source="period_id")
    period_code = serializers.CharField(source="period.code")
    due_date = serializers.DateField(source="due_on")


class InputSerializer(serializers.Serializer[Any]):
    """An indicator that a formula names; without an id there is none of this code."""

    code = serializers.CharField()
    indicator = serializers.IntegerField(source="indicator.pk", allow_null=True, default=None)
    figure = FigureField()


class FormulaSerializer(serializers.Serializer[Any]):
    """How a figure is computed: the formula, the same with its numbers put in, its inputs, what keeps it from being."""

    text = serializers.CharField()
    in_words = serializers.CharField()
    with_numbers = serializers.SerializerMethodField()
    inputs = InputSerializer(many=True)
    lacking = serializers.ListField(child=serializers.CharField())

    def get_with_numbers(self, one: Any) -> str:
        """Numbers in place of codes; the state in place of a number that there is none of."""
        return str(one.written(lambda each: told_number(each.figure.value) or f"[{each.figure.state.value}]"))


class PeopleSerializer(serializers.Serializer[Any]):
    """How many different people the figure stands for: at least and at most, by a stated method."""

    method = serializers.CharField(source="counted.method")
    at_least = AmountField(source="counted.lower", allow_null=True)
    at_most = AmountField(source="counted.upper", allow_null=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """A figure with its lineage; `hidden` counts updates of others that one may not see."""

    indicator = serializers.IntegerField(source="indicator.pk")
    indicator_code = serializers.SerializerMethodField()
    period = serializers.IntegerField(source="period.pk", allow_null=True, default=None)
    period_code = serializers.CharField(source="period.code", allow_null=True, default=None)
    cell = serializers.CharField()
    disaggregation = serializers.SerializerMethodField()
    as_of = serializers.DateField(allow_null=True)
    figure = FigureField()
    baseline = FigureField()
    target = FigureField()
    progress = ProgressField()
    plan = PlanField()
    people = PeopleSerializer(allow_null=True)
    method = serializers.ListField(child=serializers.CharField())
    formula = FormulaSerializer(allow_null=True)
    definition_version = serializers.IntegerField(source="version.number", default=1)
    periods = PartSerializer(many=True)
    counted = LineSerializer(many=True)
    excluded = LineSerializer(many=True)
    hidden = serializers.IntegerField()
    missing = MissingSerializer(many=True)

    def get_indicator_code(self, one: Any) -> str:
        """Such as STR-25/1.2.a."""
        return f"{one.indicator.project.code}/{one.indicator.code}"

    @extend_schema_field(DISAGGREGATION)
    def get_disaggregation(self, one: Any) -> dict[str, str]:
        """The categories of the part; empty for the total."""
        return told_cell(one.cell)
