"""The order of checks that every REST endpoint shares, and the frame around every write.

429, 401, scope 403, 405, replay, 413, 415, 400; then the endpoint itself: object 404 or 403, 428, 412, 422, 423, 409.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kmop.shared.api.idempotency import KeptAnswer, KeyTaken, fingerprint_of, kept_answer_of, transaction_waiting
from kmop.shared.api.parameters import (
    check_language,
    check_parameters,
    is_dry_run,
    known_parameters,
    read_names,
    refuse,
)
from kmop.shared.api.parsers import check_size
from kmop.shared.api.problems import Busy, renamed
from kmop.shared.api.throttling import PortalThrottle
from kmop.shared.api.versions import etag

Handler = TypeVar("Handler", bound=Callable[..., Any])
UNREADABLE = "-"


class Answered(Exception):
    """The request has its answer before the endpoint is asked: a replay."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class Conventions(APIView):
    """What every endpoint has; it lets nobody in until it declares `permission` and, for tokens, `scope`.

    permission  name of a rule asked without an object (`SIGNED_IN`, `PUBLIC`, `reports.make_report` ...)
    scope       `offers`: read or write by method; `updates:read`: exactly this; `*`: any token; not needed if PUBLIC
    query_class serializers of further query parameters, by action (viewsets) or method in small letters
    largest_body  bytes; None is the portal's usual limit
    pointers    what a service names otherwise than the body: {"ends_on": "until"}
    """

    permission: ClassVar[str] = ""
    scope: ClassVar[str] = ""
    query_class: ClassVar[Mapping[str, type[serializers.Serializer[Any]]]] = {}
    largest_body: ClassVar[int | None] = None
    pointers: ClassVar[Mapping[str, str]] = {}
    metadata_class = None
    format_kwarg: str | None = None
    kept: KeptAnswer | None = None

    @property
    def me(self) -> Any:
        """Who asks. The basement does not know the user's class; services do."""
        return self.request.user

    @property
    def token_client(self) -> Any:
        """The API client behind the token; None for a session."""
        return self.request.auth

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """All checks that need no knowledge of the endpoint's objects, in the order of the conventions."""
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        request.version, request.versioning_scheme = None, None
        self._sign_in(request)
        self.check_throttles(request)
        self.check_permissions(request)
        if getattr(self, str(request.method).lower(), None) is None:
            raise exceptions.MethodNotAllowed(str(request.method))
        if request.method not in SAFE_METHODS:
            self._read_body(request)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        language = check_language(request)
        if language:
            translation.activate(language)
        check_parameters(request, known_parameters(self, str(request.method)))
        is_dry_run(request)

    def _sign_in(self, request: Request) -> None:
        """Who asks; wrong tokens are counted per address."""
        try:
            self.perform_authentication(request)
        except exceptions.AuthenticationFailed:
            throttle = PortalThrottle()
            if not throttle.allow_request(request, self):
                raise exceptions.Throttled(throttle.wait()) from None
            raise

    def _read_body(self, request: Request) -> None:
        """Replay, then 413, 415 and 400. A body that can't be read differs from every kept one."""
        broken: Exception | None = None
        fingerprint = UNREADABLE
        try:
            check_size(request, self.largest_body)
            fingerprint = fingerprint_of(request.data)
        except exceptions.APIException as error:
            broken = error
        self.kept = kept_answer_of(request, self.idempotency_client(request), fingerprint)
        if self.kept and not is_dry_run(request):
            replayed = self.kept.replay()
            if replayed is not None:
                raise Answered(replayed)
        if broken is not None:
            raise broken

    def idempotency_client(self, request: Request) -> str:
        """Whose keys these are: the signed-in user (each API client has its own), else everybody without a name."""
        return f"user:{request.user.pk}" if request.user.is_authenticated else "public"

    def query_names(self) -> set[str]:
        """The names of the endpoint's own query parameters."""
        return set(self.query_fields())

    def query_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The endpoint's own query parameters for the present action."""
        found = self.query_class.get(getattr(self, "action", None) or str(self.request.method).lower())
        return dict(found().fields) if found else {}

    def query(self) -> dict[str, Any]:
        """The endpoint's own query parameters, read. Raises 400 for what can't be read."""
        found = self.query_class[getattr(self, "action", None) or str(self.request.method).lower()]
        params = self.request.query_params
        given = {name: params[name] for name in self.query_fields() if name in params}
        read = found(data=given, context={"request": self.request, "view": self})
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def handle_exception(self, exc: Exception) -> Any:
        """A replay is an answer; everything else is a problem."""
        return exc.response if isinstance(exc, Answered) else super().handle_exception(renamed(exc, self.pointers))

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Limits and language in the headers of every answer, refusals included."""
        finished: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        rate = getattr(request, "rate", None)
        for name, value in (rate.headers() if rate else {}).items():
            finished[name] = value
        patch_vary_headers(finished, ["Accept-Language", "Authorization", "Cookie"])
        finished["Content-Language"] = translation.get_language() or "en"
        finished.setdefault("Cache-Control", "private, no-cache")
        return finished


def writes(handler: Handler) -> Handler:
    """Mark a handler as a write: one transaction holds its effect and its kept answer; a dry run is rolled back."""

    @wraps(handler)
    def written(view: Conventions, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        dry = is_dry_run(request)
        kept = None if dry else view.kept
        try:
            with transaction_waiting(kept):
                if kept:
                    kept.take()
                response = handler(view, request, *args, **kwargs)
                _settle(response, dry=dry, kept=kept)
        except KeyTaken as error:
            return _answer_of_the_first(kept, error)
        return _told_as_dry(response) if dry else response

    written.is_write = True  # type: ignore[attr-defined]
    return written  # type: ignore[return-value]


def _settle(response: Response, *, dry: bool, kept: KeptAnswer | None) -> None:
    """Keep what succeeded, undo what was dry or failed."""
    if dry or response.status_code >= HTTPStatus.BAD_REQUEST:
        transaction.set_rollback(True)
    elif kept:
        kept.keep(response)


def _answer_of_the_first(kept: KeptAnswer | None, error: KeyTaken) -> HttpResponse:
    replayed = kept.replay() if kept else None
    if replayed is None:
        raise Busy from error
    return replayed


def _told_as_dry(response: Response) -> Response:
    """What would happen: the same body, marked; a made object has no id, since it does not exist."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        return response
    data = dict(response.data) if isinstance(response.data, Mapping) else {}
    if response.status_code == HTTPStatus.CREATED and "id" in data:
        data["id"] = None
    return Response({**data, "dry_run": True})


def narrow(serializer: Any, request: Request) -> None:
    """Leave only the fields named by `?fields=`. Raises 400 for one that the serializer does not have."""
    wanted = read_names(request, "fields")
    if wanted is None:
        return
    fields: dict[str, Any] = getattr(serializer, "child", serializer).fields
    unknown = [name for name in wanted if name not in fields]
    if unknown:
        detail = _("There is no such field: %(unknown)s. There are: %(known)s.")
        raise refuse("fields", detail % {"unknown": ", ".join(unknown), "known": ", ".join(fields)}, "unknown_field")
    for name in set(fields) - set(wanted):
        fields.pop(name)


def shown_version(obj: Any) -> dict[str, str]:
    """The ETag header of a versioned object; none for other things."""
    return {"ETag": etag(obj)} if hasattr(obj, "version") else {}


class ApiView(Conventions):
    """An endpoint that is no list of rows: write `get`, `post` (with `@writes`) ..."""

    def shown(self, serializer: Any, status: int = HTTPStatus.OK, **headers: str) -> Response:
        """The serializer's data, narrowed to `?fields=`; header names use underscores."""
        narrow(serializer, self.request)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(serializer.data, status=status, headers=told)
