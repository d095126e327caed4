"""What bodies of updates say: values by category, a total, and for what they are. Form only (400)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers

from kmop.shared.api.fields import EXTERNAL_ID, AmountField, TextField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.references import CodeOrIdField
from projects.api.named import IndicatorField, PeriodField, own_organisations, seen_places
from projects.choices import CellState, UpdateState
from projects.models import Period, Update
from projects.queries.references import find_period
from projects.services.inputs import NOT_REPORTED, UpdateInput, ValueInput, content_of
from projects.services.updates import refuse_other_figure

LONGEST_TEXT = 20_000
MOST_VALUES = 5_000
GIVEN_STATES = [(UpdateState.DRAFT, UpdateState.DRAFT.label), (UpdateState.SUBMITTED, UpdateState.SUBMITTED.label)]
REASONS = [CellState.NOT_APPLICABLE.value, NOT_REPORTED]
DECIMAL: dict[str, Any] = {"type": ["string", "number", "null"], "format": "decimal", "examples": ["12.50"]}
VALUE_PARTS: dict[str, Any] = {
    "value": {**DECIMAL, "description": "The number; null where there is none, with its reason."},
    "numerator": {**DECIMAL, "description": "Of a ratio or percentage, in place of value."},
    "denominator": DECIMAL,
    "reason": {"type": "string", "enum": REASONS, "description": "Why value is null."},
    "text": {"type": "string", "maxLength": LONGEST_TEXT, "description": "The answer in words, where it is one."},
}


class ValueSerializer(InputSerializer):
    """One value of the breakdown: {value, disaggregation}, or {numerator, denominator, disaggregation}."""

    value = AmountField(required=False, allow_null=True, help_text=VALUE_PARTS["value"]["description"])
    numerator = AmountField(required=False, allow_null=True, help_text=VALUE_PARTS["numerator"]["description"])
    denominator = AmountField(required=False, allow_null=True)
    reason = serializers.ChoiceField(choices=REASONS, required=False, help_text=VALUE_PARTS["reason"]["description"])
    text = TextField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text=VALUE_PARTS["text"]["description"]
    )
    disaggregation = serializers.DictField(
        child=TextField(max_length=60),
        required=False,
        help_text=_("Categories by dimension, those the indicator asks for; none is the total."),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A value is there in one of its ways."""
        check_way(attrs)
        return attrs


def check_way(given: Mapping[str, Any]) -> None:
    """Raise where a value is said in no way, or in two."""
    if not {"value", "numerator", "reason", "text"} & set(given):
        detail = _("Give a value, or a numerator and a denominator.")
        raise serializers.ValidationError({"value": [exceptions.ErrorDetail(str(detail), "required")]})
    if "value" in given and {"numerator", "denominator"} & set(given):
        detail = _("Give either a value, or a numerator and a denominator.")
        raise serializers.ValidationError({"value": [exceptions.ErrorDetail(str(detail), "two_ways")]})


def value_input(given: Mapping[str, Any]) -> ValueInput:
    """What the services take."""
    number: Decimal | None = given.get("value") if "value" in given else given.get("numerator")
    silent = number is None and given.get("denominator") is None and not given.get("text")
    return ValueInput(
        cell=given.get("disaggregation") or {},
        numerator=number,
        denominator=given.get("denominator"),
        text=given.get("text", ""),
        state=given.get("reason", NOT_REPORTED if silent else CellState.REPORTED),
    )


class TotalSerializer(ValueSerializer):
    """A total that is no plain number."""

    disaggregation = None  # type: ignore[assignment]  # how DRF takes an inherited field away


@extend_schema_field({"oneOf": [DECIMAL, {"type": "object", "properties": VALUE_PARTS}], "description": "The total."})
class TotalField(serializers.Field[Any, Any, Any, Any]):
    """ "73", or {numerator, denominator}, or {value: null, reason}; null or nothing: added up where that is certain."""

    def to_internal_value(self, data: Any) -> ValueInput:
        """What the services take."""
        if not isinstance(data, Mapping):
            return ValueInput(numerator=AmountField().run_validation(data))
        read = TotalSerializer(data=data)
        read.is_valid(raise_exception=True)
        return value_input(read.validated_data)


class ContentInput(InputSerializer):
    """What an update says, whoever and whenever."""

    values = serializers.ListField(child=ValueSerializer(), required=False, max_length=MOST_VALUES)
    total = TotalField(required=False, allow_null=True)
    incomplete = serializers.BooleanField(
        required=False, help_text=_("The breakdown is known to be incomplete: its parts need not give the total.")
    )
    narrative = TextField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    language = TextField(
        required=False, allow_blank=True, max_length=10, help_text=_("Of the narrative: a code of ISO 639, such as el.")
    )
    warnings_answer = TextField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text=_("Why figures with warnings are right.")
    )
    flag_answers = serializers.DictField(
        child=TextField(allow_blank=True, max_length=1000),
        required=False,
        help_text=_("Why the figure is right, by the code of the warning it answers; replaced as a whole."),
    )
    external_id = serializers.RegexField(
        EXTERNAL_ID, required=False, help_text=_("The client's own name of this update, unique for the client.")
    )
    state = serializers.ChoiceField(
        choices=GIVEN_STATES,
        required=False,
        help_text=_("submitted hands it in at once; without it a draft stays a draft."),
    )


class UpdateInputSerializer(ContentInput):
    """An update that is to be. The organisation is one's own; who belongs to several names it."""

    indicator = IndicatorField()
    period = PeriodField()
    place = CodeOrIdField(queryset_for=seen_places, required=False, allow_null=True)
    organisation = CodeOrIdField(queryset_for=own_organisations, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The period is one of the indicator's."""
        if "period" in attrs and "indicator" in attrs:
            rows = Period.objects.filter(indicator=attrs["indicator"])
            found = find_period(attrs["period"], rows)
            if found is None:
                detail = _("The indicator has no such period.")
                raise serializers.ValidationError({"period": [exceptions.ErrorDetail(str(detail), "does_not_exist")]})
            attrs["period"] = found
        return attrs


class UpdateReplacement(ContentInput):
    """What PUT takes: what an update says. For what it is may stand in it, and can't be changed."""

    indicator = IndicatorField(required=False)
    period = PeriodField(required=False)
    place = CodeOrIdField(queryset_for=seen_places, required=False, allow_null=True)
    organisation = CodeOrIdField(queryset_for=own_organisations, required=False)


class UpdateChange(UpdateReplacement):
    """What PATCH takes. `values` are replaced as a whole; given without `total` it is added up anew where certain."""


def content_from(values: Mapping[str, Any]) -> UpdateInput:
    """The whole content that a body gives; what is not given is empty."""
    return UpdateInput(
        values=tuple(value_input(one) for one in values.get("values", ())),
        total=values.get("total"),
        narrative=values.get("narrative", ""),
        language=values.get("language", ""),
        is_incomplete=values.get("incomplete", False),
        flag_answer=values.get("warnings_answer", ""),
        external_id=values.get("external_id", ""),
        flag_answers=values.get("flag_answers", {}),
    )


RENAMED = {"incomplete": "is_incomplete", "warnings_answer": "flag_answer"}
AS_GIVEN = ("narrative", "language", "external_id", "incomplete", "warnings_answer", "flag_answers")


def changed_content(update: Update, values: Mapping[str, Any]) -> UpdateInput:
    """The content of an update with what a body gives put in its place."""
    changes: dict[str, Any] = {RENAMED.get(name, name): values[name] for name in AS_GIVEN if name in values}
    if "values" in values:
        changes |= {"values": tuple(value_input(one) for one in values["values"]), "total": None}
    if "total" in values:
        changes["total"] = values["total"]
    return replace(content_of(update), **changes)


def check_same(update: Update, values: Mapping[str, Any]) -> None:
    """Raise `ValidationError` where a body names another indicator, period, place or organisation than the update's."""
    given = {name: values[name] for name in ("indicator", "place", "organisation") if name in values}
    if "period" in values:
        given["period"] = find_period(values["period"], Period.objects.filter(indicator=update.indicator))
    refuse_other_figure(update, {name: one.pk if one else None for name, one in given.items()})


def wants_submission(values: Mapping[str, Any]) -> bool:
    """Does the body hand the update in?"""
    return bool(values.get("state") == UpdateState.SUBMITTED)
