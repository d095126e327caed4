"""How figures, progress and breakdowns are told in JSON: decimals as text, at most six places, each with its state."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kmop.shared.api.fields import told_number
from projects.calculation.cells import parse_cell
from projects.calculation.progress import OfPlan, Progress, ProjectVerdict
from projects.calculation.values import Figure, Reason, ValueState

NUMBER: dict[str, Any] = {"type": ["string", "null"], "format": "decimal"}
STATES = [one.value for one in ValueState]
REASONS = [one.value for one in Reason]
FIGURE: dict[str, Any] = {
    "type": "object",
    "required": ["state", "value", "numerator", "denominator", "text", "reason"],
    "properties": {
        "state": {"type": "string", "enum": STATES},
        "value": NUMBER,
        "numerator": {**NUMBER, "description": "Only of figures that go by parts."},
        "denominator": NUMBER,
        "text": {"type": "string", "description": "Words that are no number."},
        "reason": {"type": "string", "enum": REASONS, "description": "Why a figure is not applicable."},
    },
}
PROGRESS: dict[str, Any] = {
    "type": "object",
    "required": ["state", "percent", "reason"],
    "properties": {"state": FIGURE["properties"]["state"], "percent": NUMBER, "reason": FIGURE["properties"]["reason"]},
}
DISAGGREGATION: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}


def told_figure(one: Figure) -> dict[str, Any]:
    """A figure: its state, its value, and its parts where it goes by parts."""
    has_parts = one.denominator is not None
    return {
        "state": one.state.value,
        "value": told_number(one.value),
        "numerator": told_number(one.numerator) if has_parts else None,
        "denominator": told_number(one.denominator),
        "text": one.text,
        "reason": one.reason.value,
    }


def told_progress(one: Progress) -> dict[str, Any]:
    """How far it has come, in percent."""
    return {"state": one.state.value, "percent": told_number(one.percent), "reason": one.reason.value}


def told_plan(one: OfPlan) -> dict[str, Any]:
    """The figure against the plan to the same day."""
    return {
        "day": one.day.isoformat() if one.day else None,
        "actual": told_figure(one.actual),
        "target": told_figure(one.target),
        "missing": one.missing,
        "progress": told_progress(one.progress),
    }


def told_verdict(one: ProjectVerdict) -> dict[str, Any]:
    """`at_or_above` of `of` outcome indicators keep the plan, `incomplete` lack a partner's figure."""
    return {"answer": one.answer.value, "at_or_above": one.at_or_above, "of": one.of, "incomplete": one.incomplete}


def told_cell(cell: str) -> dict[str, str]:
    """The categories by dimension; empty for the total."""
    return parse_cell(cell)


@extend_schema_field(FIGURE)
class FigureField(serializers.Field[Any, Any, dict[str, Any], Any]):
    """A figure with its state."""

    def to_representation(self, value: Figure) -> dict[str, Any]:
        """As `told_figure`."""
        return told_figure(value)


@extend_schema_field(PROGRESS)
class ProgressField(serializers.Field[Any, Any, dict[str, Any], Any]):
    """Progress with its state."""

    def to_representation(self, value: Progress) -> dict[str, Any]:
        """As `told_progress`."""
        return told_progress(value)


@extend_schema_field(
    {
        "type": "object",
        "required": ["day", "actual", "target", "missing", "progress"],
        "properties": {
            "day": {"type": ["string", "null"], "format": "date"},
            "actual": FIGURE,
            "target": FIGURE,
            "missing": {"type": "integer"},
            "progress": PROGRESS,
        },
    }
)
class PlanField(serializers.Field[Any, Any, dict[str, Any], Any]):
    """The figure against the plan to the same day."""

    def to_representation(self, value: OfPlan) -> dict[str, Any]:
        """As `told_plan`."""
        return told_plan(value)


def told_value(one: Any) -> dict[str, Any]:
    """A stored value as a body gives it: {value}, {numerator, denominator}, {text}, or {value: null, reason}."""
    told: dict[str, Any]
    if one.state == ValueState.NOT_APPLICABLE:
        told = {"value": None, "reason": ValueState.NOT_APPLICABLE.value}
    elif one.denominator is not None:
        told = {"numerator": told_number(one.numerator), "denominator": told_number(one.denominator)}
    else:
        told = {"value": told_number(one.numerator)}
    return {**told, **({"text": one.text} if one.text else {})}


def told_total(one: Any) -> str | Mapping[str, Any] | None:
    """A stored total as a body gives it: plain text for a plain number, an object for everything else."""
    told = told_value(one)
    return told["value"] if set(told) == {"value"} else told
