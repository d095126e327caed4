"""Numbers, days, booleans and languages as they are written in real IATI files.

Pure functions of a text: each returns None where the text says no such thing, and never guesses.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

import pycountry

from projects.services.imports.shapes import UNKNOWN_LANGUAGE

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(T[0-9:.]+)?(Z|[+-]\d{2}:\d{2})?")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}

EARLIEST_YEAR = 1950
"""Years before this stand for "unknown" in practice (1900 is a software default)."""


def squeeze(text: str | None) -> str:
    """The text without white space at its ends (no-break spaces included); "" for None."""
    return text.strip() if text else ""


def plain_number(text: str) -> Decimal | None:
    """The number that a text says in the form of xs:decimal (an exponent is understood); None for anything else."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def loose_number(text: str, *, percentage: bool = False) -> Decimal | None:
    """A number written for people, only where it can't mean anything else.

    "10,000.00" and "1,234,567" are understood, and "36%" where a percentage is expected. "23,152" is not: half of
    the world reads it as a decimal fraction.
    """
    text = text.strip()
    if percentage and text.endswith("%"):
        return plain_number(text[:-1])
    return Decimal(text.replace(",", "")) if _GROUPED.fullmatch(text) else None


@lru_cache(maxsize=4096)
def day(text: str) -> date | None:
    """A day from xs:date, with or without a zone, or from xs:dateTime; None where it is none."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def boolean(text: str) -> bool | None:
    """xs:boolean; None where the text is none."""
    return _BOOLEANS.get(text.strip().lower())


@lru_cache(maxsize=512)
def language(text: str) -> str:
    """The ISO 639-1 code of a language tag ("EN", "ENG", "en-GB" are all "en"); ISO 639-2 where there is no shorter.

    "und" where the tag is empty or no language.
    """
    tag = re.split(r"[-_]", text.strip().lower())[0]
    found = None
    if len(tag) == 2:
        found = pycountry.languages.get(alpha_2=tag)
    elif len(tag) == 3:
        found = pycountry.languages.get(alpha_3=tag) or pycountry.languages.get(bibliographic=tag)
    if found is None:
        return UNKNOWN_LANGUAGE
    return str(getattr(found, "alpha_2", None) or found.alpha_3)
