"""`/api/v1/projects/{id}/framework/`: results > indicators > periods of a project, the whole tree in one call.

Its tree is built by hand and not by nested serializers: it is the largest answer of all.
"""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.access import SIGNED_IN
from kmop.shared.api.conventions import ApiView
from kmop.shared.api.references import find, with_id
from kmop.shared.api.versions import etag
from projects.api.figures import (
    DISAGGREGATION,
    FIGURE,
    PROGRESS,
    told_cell,
    told_figure,
    told_plan,
    told_progress,
    told_verdict,
)
from projects.calculation.values import NOT_REPORTED
from projects.models import Project
from projects.queries.figures import IndicatorFacts, PeriodFacts
from projects.queries.framework import DimensionFacts, FrameworkTree, IndicatorNode, ResultNode, framework

TEXTS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}
TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}


def shape(**properties: Any) -> dict[str, Any]:
    """An object all of whose properties are always there."""
    return {"type": "object", "required": list(properties), "properties": properties}


def many(items: dict[str, Any]) -> dict[str, Any]:
    """A list."""
    return {"type": "array", "items": items}


CELL = shape(disaggregation=DISAGGREGATION, target=FIGURE, actual=FIGURE)
OWED = shape(organisation=WHOLE, organisation_code=TEXT, place_code={"type": ["string", "null"]}, due_date=DAY)
PERIOD = shape(
    id=WHOLE,
    code=TEXT,
    starts_on=DAY,
    ends_on=DAY,
    due_date={"type": ["string", "null"], "format": "date"},
    is_locked={"type": "boolean"},
    target=FIGURE,
    actual=FIGURE,
    lacking={**many(TEXT), "description": "The codes for want of which a formula has no figure."},
    updates=WHOLE,
    progress=PROGRESS,
    disaggregations=many(CELL),
    missing=many(OWED),
)
PLAN = shape(day={**DAY, "type": ["string", "null"]}, actual=FIGURE, target=FIGURE, missing=WHOLE, progress=PROGRESS)
DIMENSION = shape(
    code=TEXT, titles=TEXTS, is_exclusive={"type": "boolean"}, categories=many(shape(code=TEXT, titles=TEXTS))
)
INDICATOR = shape(
    id=WHOLE,
    code=TEXT,
    titles=TEXTS,
    units=TEXTS,
    measure=TEXT,
    formula={**TEXT, "description": "How it is computed; empty for what partners report."},
    direction=TEXT,
    is_cumulative={"type": "boolean"},
    across_partners=TEXT,
    across_time=TEXT,
    decimals=WHOLE,
    is_active={"type": "boolean"},
    dimensions=many(DIMENSION),
    baseline={"allOf": [FIGURE], "properties": {"year": {"type": ["integer", "null"]}}},
    target=FIGURE,
    actual=FIGURE,
    progress=PROGRESS,
    plan=PLAN,
    verdict=TEXT,
    lacking=many(TEXT),
    periods=many(PERIOD),
)
RESULT = shape(
    id=WHOLE,
    code=TEXT,
    level={"type": "string", "enum": ["impact", "outcome", "output"]},
    parent={"type": ["integer", "null"]},
    titles=TEXTS,
    descriptions=TEXTS,
    assumptions=TEXT,
    depth=WHOLE,
    indicators=many(INDICATOR),
)


class FrameworkSerializer(serializers.Serializer[Any]):
    """A project's framework on a day."""

    project = serializers.IntegerField(source="project.pk")
    project_code = serializers.CharField(source="project.code")
    day = serializers.DateField()
    progress = serializers.SerializerMethodField()
    results = serializers.SerializerMethodField()

    @extend_schema_field(
        shape(
            answer={"type": "string", "enum": ["yes", "partly", "no", "incomplete", "no_plan"]},
            at_or_above=WHOLE,
            of=WHOLE,
            incomplete=WHOLE,
        )
    )
    def get_progress(self, tree: FrameworkTree) -> dict[str, Any]:
        """Whether it keeps its plan."""
        return told_verdict(tree.verdict)

    @extend_schema_field(many(RESULT))
    def get_results(self, tree: FrameworkTree) -> list[dict[str, Any]]:
        """All results in reading order, each with its parent and its depth (0 at the top)."""
        return [told_result(one, tree.project.code) for one in tree.results]


class FrameworkView(ApiView):
    """The whole results framework of a project, with targets, actuals and breakdowns."""

    permission = SIGNED_IN
    scope = "projects"
    serializer_class = FrameworkSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The tree, in a fixed number of statements whatever its size."""
        rows = Project.objects.visible_to(request.user)
        project = with_id(rows, kwargs["id"]).first() or find(rows, kwargs["id"], "code")
        if project is None:
            raise Http404
        tree = framework(project, user=request.user, day=timezone.localdate())
        return self.shown(FrameworkSerializer(tree), ETag=etag(project))


def told_result(node: ResultNode, project_code: str) -> dict[str, Any]:
    """A result with its indicators."""
    result = node.result
    return {
        "id": result.pk,
        "code": result.code,
        "level": result.level,
        "parent": result.parent_id,
        "titles": result.titles,
        "descriptions": result.descriptions or {},
        "assumptions": result.assumptions,
        "depth": node.depth,
        "indicators": [told_indicator(one, project_code) for one in node.indicators],
    }


def told_indicator(node: IndicatorNode, project_code: str) -> dict[str, Any]:
    """An indicator: how it is measured, how far it has come, and its periods."""
    one, facts = node.indicator, node.facts
    return {
        "id": one.pk,
        "code": f"{project_code}/{one.code}",
        "titles": one.titles,
        "units": one.units or {},
        "measure": one.measure,
        "formula": one.formula,
        "direction": one.direction,
        "is_cumulative": one.is_cumulative,
        "across_partners": one.across_partners,
        "across_time": one.across_time,
        "decimals": one.decimals,
        "is_active": one.is_active,
        "dimensions": [_dimension(each) for each in node.dimensions],
        **_standing(facts),
        "periods": [told_period(each) for each in facts.periods],
    }


def _standing(facts: IndicatorFacts) -> dict[str, Any]:
    return {
        "baseline": {**told_figure(facts.baseline), "year": facts.baseline_year},
        "target": told_figure(facts.target),
        "actual": told_figure(facts.actual),
        "progress": told_progress(facts.progress),
        "plan": told_plan(facts.plan),
        "verdict": facts.verdict.value,
        "lacking": list(facts.lacking),
    }


def _dimension(one: DimensionFacts) -> dict[str, Any]:
    return {
        "code": one.code,
        "titles": one.titles,
        "is_exclusive": one.is_exclusive,
        "categories": [{"code": each.code, "titles": each.titles} for each in one.categories],
    }


def told_period(facts: PeriodFacts) -> dict[str, Any]:
    """A period: what is aimed at, what was reported, by category too, and who still owes a figure."""
    one = facts.period
    cells = sorted({*facts.cells, *facts.cell_targets})
    return {
        "id": one.pk,
        "code": one.code,
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "due_date": one.due_on.isoformat() if one.due_on else None,
        "is_locked": one.is_locked,
        "target": told_figure(facts.target),
        "actual": told_figure(facts.actual),
        "lacking": list(facts.lacking),
        "updates": facts.count,
        "progress": told_progress(facts.progress) if facts.progress else None,
        "disaggregations": [_cell(facts, cell) for cell in cells],
        "missing": [
            {
                "organisation": each.organisation_id,
                "organisation_code": each.organisation_code,
                "place_code": each.place or None,
                "due_date": each.due_on.isoformat(),
            }
            for each in facts.missing
        ],
    }


def _cell(facts: PeriodFacts, cell: str) -> dict[str, Any]:
    return {
        "disaggregation": told_cell(cell),
        "target": told_figure(facts.cell_targets.get(cell, NOT_REPORTED)),
        "actual": told_figure(facts.cells.get(cell, NOT_REPORTED)),
    }
