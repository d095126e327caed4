"""Names of languages (ISO 639), in themselves or in the reader's language, from Unicode's CLDR."""

from functools import cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language


@cache
def language_name(code: str, language: str) -> str:
    """The name of the language `code` in `language`, with a capital; the code itself where it is unknown."""
    try:
        named: str = Locale.parse(language.replace("-", "_")).languages.get(code.lower(), code)
    except (UnknownLocaleError, ValueError):
        return code
    return named[:1].upper() + named[1:]


def own_name(code: str) -> str:
    """What a language calls itself: Ελληνικά, العربية."""
    return language_name(code, code)


def shown_name(code: str) -> str:
    """The name of a language in the reader's language; empty for none."""
    return language_name(code, get_language() or "en") if code else ""
