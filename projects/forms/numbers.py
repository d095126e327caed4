"""Numbers as people write them: 1,302.5 or 1.302,5, with or without groups of three."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

COMMA_LANGUAGES = frozenset({"el", "fr", "uk", "de", "it", "es"})
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})*")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")


def decimal_sign(language: str | None = None) -> str:
    """The sign before decimals in a language (the reader's own)."""
    return "," if (language or get_language() or "en").split("-")[0] in COMMA_LANGUAGES else "."


def to_number(text: str, language: str | None = None) -> Decimal | None:
    """The number a person wrote, None for nothing; ValueError for what is none.

    Where both signs stand the last one is the decimal sign; a single one before three digits is read by the language.
    """
    plain = _SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")
    if not plain:
        return None
    sign = _decimal_sign_in(plain, language)
    group = "." if sign == "," else ","
    try:
        number = Decimal(plain.replace(group, "").replace(sign, "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite():
        raise ValueError(text)
    return number


def _decimal_sign_in(plain: str, language: str | None) -> str:
    own = decimal_sign(language)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return own
    other = "." if plain[last] == "," else ","
    if other in plain:
        return plain[last]
    grouped = _GROUPED.fullmatch(plain)
    if grouped and (plain.count(plain[last]) > 1 or plain[last] != own):
        return other
    return plain[last]


def as_typed(number: Decimal | None, language: str | None = None) -> str:
    """A number as it stands in a field: no groups, no noughts at the end, the reader's decimal sign."""
    if number is None:
        return ""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", decimal_sign(language))


class NumberField(forms.CharField):
    """A number in the reader's way of writing, or nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)

    def clean(self, value: Any) -> Any:
        """The number as `Decimal`, None for nothing."""
        text = super().clean(value)
        try:
            return to_number(text)
        except ValueError as error:
            raise ValidationError(_("“%(text)s” is not a number.") % {"text": text}, code="invalid") from error
