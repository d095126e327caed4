"""Names of countries (ISO 3166-1 alpha-2) and regions of the world, in the reader's language, from Unicode's CLDR."""

from functools import cache

import pycountry
from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _language(language: str | None) -> str:
    return language or get_language() or "en"


@cache
def country_codes() -> frozenset[str]:
    """All codes of ISO 3166-1 alpha-2, and XK (Kosovo), which IATI files use."""
    return frozenset(one.alpha_2 for one in pycountry.countries) | {"XK"}


def country_name(code: str, language: str | None = None) -> str:
    """The name of a country in `language` (the reader's own when None); the code itself where it is unknown."""
    return str(_locale(_language(language)).territories.get(code.upper(), code))


@cache
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    named = ((code, country_name(code, language)) for code in country_codes())
    return tuple(sorted(named, key=lambda one: one[1]))


def country_choices(language: str | None = None) -> list[tuple[str, str]]:
    """Code and name of every country, by name in `language` (the reader's own when None)."""
    return list(_choices(_language(language)))
