"""Every refusal of the REST door as `application/problem+json` (RFC 9457), translated here and nowhere else."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from kmop.shared.errors import NotAllowed, RuleBroken, Sentence, Stale

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"
AGAIN_SECONDS = 5
WHOLE = ("non_field_errors", "__all__")
DUPLICATE_CODES = {"unique", "unique_together"}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a request; `pointer` is a JSON pointer into it."""

    pointer: str
    detail: Sentence
    code: str

    def told(self) -> dict[str, str]:
        """As it stands in the answer."""
        return {"pointer": self.pointer, "detail": str(self.detail), "code": self.code}


@dataclass(frozen=True)
class Problem:
    """A refusal: status, a code for programs, a sentence for people, and the single faults."""

    status: int
    code: str
    detail: Sentence
    errors: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def told(self, instance: str) -> dict[str, Any]:
        """The body; `instance` is the address without its query."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": str(self.detail),
            "instance": instance,
            "code": self.code,
            "errors": [fault.told() for fault in self.errors],
        }


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problems."""

    media_type = PROBLEM_JSON


class Unprocessable(exceptions.ValidationError):
    """Readable, but naming something that is not there."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY


class PreconditionRequired(exceptions.APIException):
    """A change without `If-Match`."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = _("Send the ETag you last read as If-Match, so that nobody's change is lost.")
    default_code = "if_match_required"


class TooLarge(exceptions.APIException):
    """A body beyond the limit."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The request is larger than this address takes.")
    default_code = "too_large"


class Busy(exceptions.APIException):
    """The first request with this key still runs."""

    status_code = HTTPStatus.CONFLICT
    default_detail = _("The first request with this Idempotency-Key still runs. Ask again in a moment.")
    default_code = "still_running"
    wait = AGAIN_SECONDS


def pointer_to(*steps: Any) -> str:
    """A JSON pointer (RFC 6901) through `steps`."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def faults_in(detail: Any, pointer: str = "") -> Iterator[Fault]:
    """The faults in the nested detail of a DRF validation error."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from faults_in(inner, pointer if name in WHOLE else pointer + pointer_to(name))
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from faults_in(inner, pointer + pointer_to(position) if nested else pointer)
    else:
        yield Fault(pointer, str(detail), getattr(detail, "code", None) or "invalid")


def faults_of(error: ValidationError) -> Iterator[Fault]:
    """The faults in a Django validation error; keys may be paths such as `values/2/value`."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
    for name, errors in by_field.items():
        pointer = "" if name in WHOLE else "/" + name
        for single in errors:
            yield from (Fault(pointer, message, single.code or "invalid") for message in single.messages)


def renamed(error: Exception, names: Mapping[str, str]) -> Exception:
    """`error`, its fields named as the body names them; what is no Django validation error by field stays."""
    if not names or not isinstance(error, ValidationError) or not hasattr(error, "error_dict"):
        return error
    return ValidationError({names.get(name, name): told for name, told in error.error_dict.items()})


@singledispatch
def problem_of(error: Exception) -> Problem | None:
    """The problem that `error` is, or None where it is a fault of ours."""
    return None


@problem_of.register
def _api_problem(error: exceptions.APIException) -> Problem:
    challenge, wait = getattr(error, "auth_header", None), getattr(error, "wait", None)
    headers = {"WWW-Authenticate": str(challenge)} if challenge else {}
    if wait is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    detail = error.detail
    code = getattr(detail, "code", None) or error.default_code
    return Problem(error.status_code, code, str(detail), headers=headers)


@problem_of.register
def _faults_problem(error: exceptions.ValidationError) -> Problem:
    return _with_faults(error.status_code, tuple(faults_in(error.detail)))


@problem_of.register
def _values_problem(error: ValidationError) -> Problem:
    faults = tuple(faults_of(error))
    duplicate = all(fault.code in DUPLICATE_CODES for fault in faults)
    return _with_faults(HTTPStatus.CONFLICT if duplicate else HTTPStatus.UNPROCESSABLE_ENTITY, faults)


def _with_faults(status: int, faults: tuple[Fault, ...]) -> Problem:
    """A problem whose sentence is its only fault's, or says how many there are."""
    one = len(faults) == 1
    detail = faults[0].detail if one else several_faults(len(faults))
    code = "duplicate" if status == HTTPStatus.CONFLICT else (faults[0].code if one else "invalid")
    return Problem(status, code, detail, faults)


def several_faults(number: int) -> str:
    """The sentence above several faults."""
    return str(SEVERAL) % {"number": number}


@problem_of.register
def _forbidden_problem(error: NotAllowed) -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, error.code, error.message)


@problem_of.register
def _broken_problem(error: RuleBroken) -> Problem:
    return Problem(HTTPStatus.LOCKED if error.locked else HTTPStatus.CONFLICT, error.code, error.message)


@problem_of.register
def _stale_problem(error: Stale) -> Problem:
    return Problem(HTTPStatus.PRECONDITION_FAILED, error.code, error.message)


@problem_of.register
def _missing_problem(error: Http404) -> Problem:
    return NOT_FOUND


@problem_of.register
def _unknown_problem(error: exceptions.NotFound) -> Problem:
    return NOT_FOUND


@problem_of.register
def _permission_problem(error: PermissionDenied) -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, "not_allowed", str(error) or NOT_ALLOWED)


@problem_of.register
def _size_problem(error: RequestDataTooBig) -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TooLarge.default_code, TooLarge.default_detail)


@problem_of.register
def _suspicious_problem(error: SuspiciousOperation) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, "invalid", UNREADABLE)


@problem_of.register(OperationalError)
@problem_of.register(InterfaceError)
def _down_problem(error: Exception) -> Problem:
    logger.error("database unavailable: %s", type(error.__cause__ or error).__name__, exc_info=error)
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", UNAVAILABLE, headers={"Retry-After": str(AGAIN_SECONDS)}
    )


@problem_of.register
def _twice_problem(error: IntegrityError) -> Problem | None:
    """Two requests saved the same at once: the second is a duplicate. Any other one is a fault of ours."""
    return Problem(HTTPStatus.CONFLICT, "duplicate", DUPLICATE) if "unique" in str(error).lower() else None


def problem_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler: the problem as an answer, or None (then it is a 500)."""
    problem = problem_of(error)
    if problem is None:
        return None
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), PROBLEM_JSON
    return Response(problem.told(request.path), status=problem.status, headers=dict(problem.headers))


def problem_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as an answer outside any endpoint."""
    return JsonResponse(
        problem.told(request.path), status=problem.status, content_type=PROBLEM_JSON, headers=dict(problem.headers)
    )


SEVERAL = _("%(number)s things in this request are wrong; see errors.")
NOT_ALLOWED = _("You may not do this.")
UNREADABLE = _("The request could not be read.")
UNAVAILABLE = _("The portal can't answer at the moment. Nothing was saved; try again shortly.")
DUPLICATE = _("This is there already.")
NOT_FOUND = Problem(HTTPStatus.NOT_FOUND, "not_found", _("There is nothing at this address."))
FAILED = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "failed", _("Something went wrong on our side. Nothing was saved."))
