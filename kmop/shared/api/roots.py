"""What stands around the endpoints: the OpenAPI document, its readable page, and refusals outside any endpoint."""

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.csrf import csrf_failure as csrf_page
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import BasePermission
from rest_framework.response import Response

from kmop.shared.access import PUBLIC
from kmop.shared.api.conventions import Conventions
from kmop.shared.api.permissions import DeclaredPermission
from kmop.shared.api.problems import FAILED, NOT_FOUND, UNREADABLE, Problem, problem_page

ROOT = "/api/"
CSRF = Problem(HTTPStatus.FORBIDDEN, "csrf_failed", _("Send the cookie csrftoken back as the header X-CSRFToken."))
OPEN: list[type[BasePermission]] = [DeclaredPermission]


@lru_cache(maxsize=16)
def document(language: str) -> dict[str, Any]:
    """The OpenAPI document in one language; it does not change while the process lives."""
    with translation.override(language):
        generator: Any = SchemaGenerator
        made: dict[str, Any] = generator().get_schema(request=None, public=True)
        return made


class SchemaView(Conventions, SpectacularAPIView):
    """The OpenAPI 3.1 document: JSON, or YAML by `?format=yaml` or `Accept`."""

    permission = PUBLIC
    permission_classes = OPEN
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]

    def query_names(self) -> set[str]:
        """What its readable page adds."""
        return {"lang", "version"}

    def _get_schema_response(self, request: Any) -> Response:
        return Response(document(translation.get_language() or "en"))


class DocsView(Conventions, SpectacularSwaggerSplitView):
    """The document as a page to read and try."""

    permission = PUBLIC
    permission_classes = OPEN
    url_name = "api-schema"

    def query_names(self) -> set[str]:
        """What the page asks itself for."""
        return {"script", "lang", "version"}


@csrf_exempt
def unknown_address(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """404 for every address below `/api/` that leads nowhere."""
    return problem_page(request, NOT_FOUND)


def for_api(request: HttpRequest) -> bool:
    """Was this asked below `/api/`?"""
    return request.path.startswith(ROOT)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """handler500: a problem below `/api/`, a page elsewhere."""
    return problem_page(request, FAILED) if for_api(request) else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """handler400: what never reached an endpoint."""
    if for_api(request):
        return problem_page(request, Problem(HTTPStatus.BAD_REQUEST, "invalid", UNREADABLE))
    return defaults.bad_request(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The setting CSRF_FAILURE_VIEW: a problem below `/api/`, a page elsewhere."""
    return problem_page(request, CSRF) if for_api(request) else csrf_page(request, reason)
