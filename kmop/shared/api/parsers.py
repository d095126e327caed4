"""Reading a body: JSON without surprises, files by multipart, nothing beyond its size."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, parsers
from rest_framework.request import Request

from kmop.shared.api.problems import TooLarge


class PortalJSONParser(parsers.JSONParser):
    """JSON; a nesting too deep and halves of characters are told like any other broken body."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The parsed body."""
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise exceptions.ParseError(_("The JSON is nested too deeply."), code="parse_error") from error
        except UnicodeEncodeError as error:
            detail = _("The JSON holds half a character (a lone surrogate).")
            raise exceptions.ParseError(detail, code="parse_error") from error
        return data


class UploadParser(parsers.MultiPartParser):
    """A form with files, for the addresses that take them."""

    media_type = "multipart/form-data"


def check_size(request: Request, largest: int | None) -> None:
    """Raise `TooLarge` for a body beyond `largest` bytes (the portal's usual limit where None)."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if largest is None else largest
    given = request.META.get("CONTENT_LENGTH") or "0"
    if not str(given).isdigit() or int(given) > limit:
        raise TooLarge


def has_body(request: Request) -> bool:
    """Did the request bring any body?"""
    return str(request.META.get("CONTENT_LENGTH") or "0") != "0"


def no_body() -> exceptions.ParseError:
    """The 400 for a write without its body."""
    return exceptions.ParseError(_("Send a body: a JSON object."), code="no_body")
