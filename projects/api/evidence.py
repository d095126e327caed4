"""`/api/v1/updates/{id}/evidence/`: the files that show what an update says."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.access import SIGNED_IN, require
from kmop.shared.api.conventions import shown_version, writes
from kmop.shared.api.inputs import InputSerializer, NoInput
from kmop.shared.api.parsers import UploadParser
from kmop.shared.api.versions import check_if_match
from kmop.shared.api.viewsets import Creates, Lists
from projects.api.update_shown import EvidenceSerializer
from projects.filters.rest import EvidenceFilter
from projects.models import Evidence, Update
from projects.services.evidence import add_evidence, clear_evidence, remove_evidence

LARGEST = 25 * 1024 * 1024
AROUND = 16 * 1024  # what a form adds to its file
RULE = "projects.add_evidence"


class EvidenceInput(InputSerializer):
    """A form with one file."""

    file = serializers.FileField(max_length=255, help_text=_("At most 25 MB, of the types that the portal takes."))


class EvidenceViewSet(Lists, Creates):
    """Files of one update. Their ETag is the update's, since they are a part of it."""

    model = Evidence
    permission = SIGNED_IN
    scope = "updates"
    serializer_class = EvidenceSerializer
    create_input = EvidenceInput
    filterset_class = EvidenceFilter
    unfiltered: ClassVar[dict[str, str]] = {"url": "follows from `id`"}
    orderings = ("added_at", "name", "size")
    parser_classes = (UploadParser,)
    largest_body = LARGEST + AROUND

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever may not see the update finds nothing."""
        super().initial(request, *args, **kwargs)
        rows = Update.objects.visible_to(request.user).select_related("indicator")
        found = rows.filter(pk=kwargs["update_id"]).first()
        if found is None:
            raise Http404
        self.report: Update = found

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The files of the update in the address."""
        rows = Evidence.objects.filter(update__in=Update.objects.visible_to(user), update_id=self.kwargs["update_id"])
        return rows.annotate(version=F("update__version")).select_related("update__indicator")

    def reverse_action(self, url_name: str, *args: Any, **kwargs: Any) -> str:
        """The address of a file stands below its update's."""
        kwargs["kwargs"] = {**kwargs.get("kwargs", {}), "update_id": self.kwargs["update_id"]}
        return str(super().reverse_action(url_name, *args, **kwargs))

    def perform_create(self, values: Mapping[str, Any], by: Any) -> Any:
        """Keep the file."""
        file: UploadedFile[bytes] = values["file"]
        return add_evidence(update=self.report, file=file, by=by)

    @writes
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add a file to a draft or returned update."""
        values = self.input(self.create_input).values()
        require(request.user, RULE, self.report)
        return self.answer(self.perform_create(values, request.user), HTTPStatus.CREATED)

    @extend_schema(responses={(200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The file itself.")})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file itself, as it was handed in."""
        found = self.get_object()
        require(request.user, "projects.view_evidence", found.update)
        headers = {**shown_version(found), "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return FileResponse(
            found.file.open("rb"),
            as_attachment=True,
            filename=found.name,
            content_type=found.content_type,
            headers=headers,
        )

    @writes
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take one file away from a draft or returned update."""
        self.input(NoInput)
        found = self.get_object()
        require(request.user, RULE, found.update)
        check_if_match(request, found.update)
        remove_evidence(evidence=found, by=self.me)
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(operation_id="updates_evidence_clear", responses={204: None})
    @writes
    def clear(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take all files away from a draft or returned update."""
        self.input(NoInput)
        require(request.user, RULE, self.report)
        check_if_match(request, self.report)
        clear_evidence(update=self.report, by=self.me)
        return Response(status=HTTPStatus.NO_CONTENT)
