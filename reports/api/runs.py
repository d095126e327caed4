"""`/api/v1/reports/runs/`: ask for a report, see how far it is, take its files."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.api.conventions import ApiView, writes
from kmop.shared.api.fields import MomentField, PortalModelSerializer, TextField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.parameters import is_dry_run
from kmop.shared.api.problems import PROBLEM_JSON, Problem, problem_page
from kmop.shared.api.viewsets import Lists, Shows
from kmop.shared.views import serve_file
from reports.catalogue.registry import Report, report_of
from reports.choices import RunState
from reports.filters import RunApiFilter
from reports.models import Run, RunFile
from reports.services.runs import ask_for_report, note_download
from reports.validators import FORMATS


class RunFileSerializer(serializers.Serializer[Any]):
    """A file of a run."""

    format = serializers.CharField()
    name = serializers.CharField()
    url = serializers.SerializerMethodField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField(source="size")
    content_type = serializers.CharField()

    def get_url(self, file: RunFile) -> str:
        """Where it is taken."""
        address = reverse("api-run-file", args=[file.run_id, file.format])
        request = self.context.get("request")
        return str(request.build_absolute_uri(address)) if request else address


class ErasedFileSerializer(serializers.Serializer[Any]):
    """The SHA-256 of a file before and after an erasure."""

    format = serializers.CharField()
    sha256_before = serializers.CharField()
    sha256_after = serializers.CharField()


class RunErasureSerializer(serializers.Serializer[Any]):
    """A voice was erased from the run: when, and the SHA-256 of data and files before and after."""

    at = MomentField()
    frozen_sha256_before = serializers.CharField(source="frozen_before")
    frozen_sha256_after = serializers.CharField(source="frozen_after")
    files = ErasedFileSerializer(many=True)


class RunSerializer(PortalModelSerializer):
    """One making of a report."""

    parameters = serializers.DictField(source="params", read_only=True)
    project_code = serializers.CharField(source="project.code", read_only=True, default=None, allow_null=True)
    organisation_code = serializers.CharField(source="organisation.code", read_only=True, default=None, allow_null=True)
    state = serializers.ChoiceField(source="now", choices=RunState.choices, read_only=True)
    progress = serializers.IntegerField(source="percent", min_value=0, max_value=100, read_only=True)
    files = RunFileSerializer(many=True, read_only=True)
    erasures = RunErasureSerializer(many=True, read_only=True)
    done_at = MomentField(read_only=True, allow_null=True)

    class Meta:
        model = Run
        fields: ClassVar[list[str]] = [
            "id", "report", "parameters", "formats", "language", "project", "project_code", "organisation",
            "organisation_code", "state", "progress", "frozen_sha256", "files", "erasures", "created_at",
            "updated_at", "done_at",
        ]  # fmt: skip


class RunInput(InputSerializer):
    """What POST takes: the report, its parameters (as its JSON Schema says), the formats (all, where none is named)."""

    report = TextField(max_length=60)
    parameters = serializers.DictField(required=False)
    formats = serializers.ListField(child=TextField(max_length=10), required=False)


class RunViewSet(Lists, Shows):
    """The reports that were asked for."""

    model = Run
    permission = "reports.see"
    scope = "reports"
    serializer_class = RunSerializer
    filterset_class = RunApiFilter
    unfiltered: ClassVar[dict[str, str]] = {
        "erasures": "tell when and what sums, not which voice",
        "language": "is the answer's own parameter; use `report_language`",
        "parameters": "holds what `project` and `organisation` say, and days",
    }
    orderings = ("created_at", "updated_at")
    default_ordering = "-created_at"

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The runs this user may read, with their state as it is now."""
        rows = Run.objects.visible_to(user).with_state().defer("frozen")
        found: QuerySet[Any] = rows.select_related("project", "organisation").prefetch_related("files", "erasures")
        return found

    @extend_schema(request=RunInput, responses={202: RunSerializer})
    @writes
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Ask for a report; a worker makes it. The answer says where to look."""
        values = self.input(RunInput).values()
        run = _ask(values, request.user)
        response = self.answer(run, HTTPStatus.ACCEPTED)
        if is_dry_run(request):
            response.data = {**response.data, "id": None}
        else:
            response["Location"] = str(self.reverse_action("detail", kwargs={"id": run.pk}))
        return response


def _ask(values: Mapping[str, Any], by: Any) -> Run:
    report = _report(values["report"])
    try:
        return ask_for_report(report=report, params=values.get("parameters", {}), formats=_formats(values), by=by)
    except ValidationError as error:
        raise ValidationError({_pointer(name): said for name, said in error.error_dict.items()}) from error


def _formats(values: Mapping[str, Any]) -> list[str]:
    if FORMATS in values and not values[FORMATS]:
        raise ValidationError({FORMATS: ValidationError(_("Name at least one format."), code="empty")})
    return list(values.get(FORMATS, []))


def _pointer(name: str) -> str:
    return name if name == FORMATS else f"parameters/{name}"


def _report(code: str) -> Report:
    try:
        return report_of(code)
    except LookupError as error:
        raise ValidationError({"report": ValidationError(_("There is no such report."), code="unknown")}) from error


UNMET = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
KINDS = (
    "application/pdf",
    "text/html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
TOLD: dict[tuple[int, str | None], Any] = {
    **{(status, kind): OpenApiTypes.BINARY for status in (200, 206) for kind in KINDS},
    (304, None): None,
    (int(UNMET), PROBLEM_JSON): {"$ref": "#/components/schemas/Problem"},
}


class RunFileView(ApiView):
    """A file of a run, whole or in part, under a name that a person understands."""

    permission = "reports.see"
    scope = "reports"

    @extend_schema(responses=TOLD)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The bytes; with `Range` a part of them (206)."""
        runs = Run.objects.visible_to(request.user).done()
        files = RunFile.objects.filter(run__in=runs).select_related("run")
        kept = get_object_or_404(files, run=kwargs["id"], format=kwargs["file_format"])
        by: Any = request.user
        if "Range" not in request.headers:
            note_download(file=kept, by=by)
        served = serve_file(
            request, kept.file, name=kept.name, content_type=kept.content_type, size=kept.size, sha256=kept.sha256
        )
        return _unmet(request, served) if served.status_code == UNMET else served


def _unmet(request: Request, served: HttpResponseBase) -> HttpResponseBase:
    """A range that can't be met, told like every refusal; the file's size stands in `Content-Range`."""
    headers = {name: served[name] for name in ("Accept-Ranges", "Content-Range", "ETag")}
    detail = _("The file has no such part; Content-Range says how long it is.")
    return problem_page(request._request, Problem(UNMET, "range_unmet", detail, headers=headers))
