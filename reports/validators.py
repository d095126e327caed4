"""What is acceptable when a report is asked for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LANGUAGE = "language"
FORMATS = "formats"


def day_of(value: Any, *, name: str) -> date:
    """The day of an ISO date. Raises `ValidationError` keyed by the parameter's name."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ValidationError({name: [_("Give a day as year-month-day, such as 2026-10-31.")]}) from error


def language_is_offered(language: str) -> None:
    """Reports are written in the portal's own languages. Raises `ValidationError` with the list."""
    offered = [code for code, _name in settings.LANGUAGES]
    if language not in offered:
        said = _("Reports are written in: %(languages)s.") % {"languages": ", ".join(offered)}
        raise ValidationError({LANGUAGE: [said]})


def formats_are_known(formats: Sequence[str], known: Sequence[str]) -> None:
    """At least one format, each known, none twice. Raises `ValidationError` with the list."""
    if not formats or len(set(formats)) != len(formats) or not set(formats) <= set(known):
        said = _("Name each format once; there are: %(formats)s.") % {"formats": ", ".join(known)}
        raise ValidationError({FORMATS: [said]})


def parameters_are_known(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """No parameter that the report doesn't take. Raises `ValidationError` keyed by each such name."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        said = _("This report takes: %(names)s.") % {"names": ", ".join(known)}
        raise ValidationError({name: [said] for name in unknown})
