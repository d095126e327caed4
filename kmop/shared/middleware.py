"""What every request passes through: a number for its log lines, and the language it is answered in."""

import re
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
KEPT = "language"
Answer = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("requests")


class RequestLogMiddleware:
    """One log line a request: its number, method, route, status and time. No address, no browser, no full path.

    The number is that of `X-Request-ID` if it looks like one; it stands in every log line and goes back in the answer.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and log that."""
        given = request.headers.get("X-Request-ID", "")
        number = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = number
        log.info(
            "request",
            method=request.method,
            route=request.resolver_match.route if request.resolver_match else "",
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000),
        )
        return response


class LanguageMiddleware:
    """Chooses the language: `?language=`, what a page of this session chose, the account's, `Accept-Language`.

    A page of the signed-in frame keeps a choice made by `?language=` for the session; public pages and REST do not.
    Public pages know more languages (`settings.PUBLIC_LANGUAGES`) than the rest.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language, and say which it was."""
        translation.activate(chosen_language(request, portal_languages()))
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        translation.deactivate()
        return response

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> None:
        """Once it is known which page was asked for: widen the choice, or keep it."""
        view = getattr(view_func, "view_class", None)
        if getattr(view, "speaks_public_languages", False):
            translation.activate(chosen_language(request, settings.PUBLIC_LANGUAGES))
        elif getattr(view, "keeps_language", False) and request.user.is_authenticated:
            asked = request.GET.get("language", "")
            if asked in portal_languages() and request.session.get(KEPT) != asked:
                request.session[KEPT] = asked
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE


def portal_languages() -> list[str]:
    """The codes of the languages that the signed-in pages are complete in."""
    return [code for code, _name in settings.LANGUAGES]


def chosen_language(request: HttpRequest, known: Sequence[str]) -> str:
    """The first wish that we can fulfil; English if none."""
    wishes = [request.GET.get("language", ""), *_own_wishes(request), *_browser_wishes(request)]
    for wish in wishes:
        for code in (wish.lower(), wish.lower().partition("-")[0]):
            if code in known:
                return code
    return settings.LANGUAGE_CODE


def _own_wishes(request: HttpRequest) -> list[str]:
    if not request.user.is_authenticated:
        return []
    return [str(request.session.get(KEPT, "")), str(getattr(request.user, "language", ""))]


def _browser_wishes(request: HttpRequest) -> list[str]:
    return [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
