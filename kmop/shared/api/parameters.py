"""Query parameters, read strictly: what an endpoint does not know, and what it can't read, is 400."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

COMMON = frozenset({"format", "language", "fields"})
PAGING = frozenset({"cursor", "page_size", "ordering"})
FIRST_YEAR, LAST_YEAR = 1900, 9998
WORDS = {"true": True, "false": False}


def refuse(name: str, detail: Any, code: str = "invalid") -> exceptions.ValidationError:
    """The 400 for the parameter `name`."""
    return exceptions.ValidationError({name: [exceptions.ErrorDetail(str(detail), code)]})


def known_parameters(view: Any, method: str) -> set[str]:
    """The names this endpoint understands for its present action."""
    known: set[str] = set(COMMON) | view.query_names()
    if method not in SAFE_METHODS:
        return known | {"dry_run"}
    if getattr(view, "action", None) == "list":
        known |= PAGING | set(view.list_parameters())
    return known


def check_parameters(request: Request, known: Iterable[str]) -> None:
    """Raise for parameters that are not among `known`."""
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        told = ", ".join(sorted(known))
        detail = _("This address does not know that parameter. It knows: %(known)s.") % {"known": told}
        raise exceptions.ValidationError(
            {name: [exceptions.ErrorDetail(str(detail), "unknown_parameter")] for name in unknown}
        )


def read_flag(request: Request, name: str) -> bool:
    """A parameter that is `true` or `false`; absent is false."""
    given = request.query_params.get(name, "false")
    if given not in WORDS:
        raise refuse(name, _("Say true or false."))
    return WORDS[given]


def is_dry_run(request: Request) -> bool:
    """Shall this write do everything but save?"""
    return request.method not in SAFE_METHODS and read_flag(request, "dry_run")


def read_names(request: Request, name: str) -> list[str] | None:
    """A parameter with names separated by commas; None where it is absent."""
    given = request.query_params.get(name)
    return None if given is None else [part.strip() for part in given.split(",") if part.strip()]


def read_moment(request: Request, name: str) -> datetime | None:
    """A time with its offset, such as 2026-11-24T10:00:00Z; None where it is absent."""
    given = request.query_params.get(name)
    if given is None:
        return None
    try:
        moment = parse_datetime(given.replace(" ", "+") if "T" in given else given)
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise refuse(name, _("Give a time such as 2026-11-24T10:00:00Z."))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def check_language(request: Request) -> str:
    """The language asked for by `?language=`, empty where none is. Raises for one the portal does not speak."""
    wanted = request.query_params.get("language", "")
    if wanted and wanted not in {*dict(settings.LANGUAGES), *settings.PUBLIC_LANGUAGES}:
        raise refuse("language", _("The portal does not speak that language."))
    return wanted
