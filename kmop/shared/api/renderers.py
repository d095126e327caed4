"""Which form an answer takes: `?format=`, else what `Accept` names, else the endpoint's first."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class PortalNegotiation(DefaultContentNegotiation):
    """An unknown `?format=` is refused; an `Accept` that nothing fits gets the endpoint's first form."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer and its media type."""
        known = list(renderers)
        wanted = request.query_params.get("format")
        if wanted is not None:
            return self._named(wanted, known)
        try:
            found: tuple[BaseRenderer, str] = super().select_renderer(request, known, format_suffix)
        except exceptions.NotAcceptable:
            return known[0], known[0].media_type
        return found[0], found[0].media_type

    def _named(self, wanted: str, renderers: Sequence[BaseRenderer]) -> tuple[BaseRenderer, str]:
        for renderer in renderers:
            if renderer.format == wanted:
                return renderer, renderer.media_type
        known = ", ".join(sorted({str(renderer.format) for renderer in renderers}))
        detail = _("This address does not answer in that format. It knows: %(known)s.") % {"known": known}
        raise exceptions.ValidationError({"format": [exceptions.ErrorDetail(str(detail), "unknown_format")]})


class ExportRenderer(BaseRenderer):
    """Names a file format of lists; the file itself is written by `kmop.shared.api.exports`."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """Never reached: a list answers with its file."""
        return data


class CsvRenderer(ExportRenderer):
    """`?format=csv`"""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"


class XlsxRenderer(ExportRenderer):
    """`?format=xlsx`"""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
    charset = None
