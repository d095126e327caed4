"""Text folded for searching, and texts in several languages."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import get_language

FALLBACK = "en"


def fold(*texts: str) -> str:
    """Lower case without accents, in every script: for search columns, as SQLite's LIKE knows no Greek."""
    joined = " ".join(text for text in texts if text)
    parts = unicodedata.normalize("NFKD", joined.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def in_language(texts: Mapping[str, str] | None, language: str | None = None) -> str:
    """The text in `language` (the reader's own when None), else in English, else the first there is, else empty."""
    if not texts:
        return ""
    wanted = (language or get_language() or FALLBACK).split("-")[0]
    return texts.get(wanted) or texts.get(FALLBACK) or next(iter(texts.values()), "")
