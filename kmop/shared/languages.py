"""Names of languages (ISO 639), in themselves or in the reader's language, from Unicode's CLDR."""

import re
from functools import cache

import pycountry
from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,6})?")


@cache
def is_language(tag: str) -> bool:
    """Is this a language of ISO 639 (two or three letters), perhaps with its script or region, such as el or pt-BR?"""
    if not TAG.fullmatch(tag):
        return False
    code = tag.split("-")[0].lower()
    if len(code) == 2:
        return pycountry.languages.get(alpha_2=code) is not None
    return any(pycountry.languages.get(**{kind: code}) is not None for kind in ("alpha_3", "bibliographic"))


@cache
def language_name(code: str, language: str) -> str:
    """The name of the language `code` in `language`, with a capital; the code itself where it is unknown."""
    try:
        named: str = Locale.parse(language.replace("-", "_")).languages.get(code.lower(), code)
    except (UnknownLocaleError, ValueError):
        return code
    return named[:1].upper() + named[1:]


def check_language(tag: str) -> None:
    """Raise `ValidationError` (key "language") for what is no language; nothing at all is taken."""
    if tag and not is_language(tag):
        detail = _("There is no language with this code. Give one of ISO 639, such as el, en or ar, or leave it out.")
        raise ValidationError({"language": ValidationError(detail, code="unknown_language")})


def own_name(code: str) -> str:
    """What a language calls itself: Ελληνικά, العربية."""
    return language_name(code, code)


def shown_name(code: str) -> str:
    """The name of a language in the reader's language; empty for none."""
    return language_name(code, get_language() or "en") if code else ""
