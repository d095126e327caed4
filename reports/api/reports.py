"""`/api/v1/reports/`: the catalogue, with the parameters of each report as JSON Schema."""

from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.api.conventions import ApiView
from reports.catalogue.registry import Parameter, Report, Takes, reports
from reports.renderers.registry import renderers
from reports.validators import LANGUAGE

FORMATS_OF = {Takes.DAY: {"type": "string", "format": "date"}}
CODE = {"type": ["string", "integer"]}


class ReportSerializer(serializers.Serializer[Any]):
    """A report of the catalogue. `parameters` is a JSON Schema of what its making takes."""

    code = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    formats = serializers.ListField(child=serializers.CharField())
    parameters = serializers.DictField()


class CatalogueSerializer(serializers.Serializer[Any]):
    """The whole catalogue; it is never longer than a page."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReportSerializer(many=True)


class ReportsView(ApiView):
    """What can be told."""

    permission = "reports.see"
    scope = "reports"
    serializer_class = CatalogueSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every report with its formats and parameters."""
        rows = [_told(report) for report in reports().values()]
        return self.shown(CatalogueSerializer({"next": None, "previous": None, "results": rows}))


def _told(report: Report) -> dict[str, Any]:
    return {
        "code": report.code,
        "title": str(report.title),
        "summary": str(report.summary),
        "formats": list(renderers()),
        "parameters": schema_of(report),
    }


def schema_of(report: Report) -> dict[str, Any]:
    """The JSON Schema of a report's parameters."""
    languages = [code for code, _name in settings.LANGUAGES]
    properties = {each.name: _property(each) for each in report.parameters}
    return {
        "type": "object",
        "properties": properties | {LANGUAGE: {"type": "string", "enum": languages}},
        "required": [each.name for each in report.parameters if each.is_required],
        "additionalProperties": False,
    }


def _property(parameter: Parameter) -> dict[str, Any]:
    told = {**FORMATS_OF.get(parameter.takes, CODE), "title": str(parameter.label)}
    return told | ({"description": str(parameter.help)} if parameter.help else {})
