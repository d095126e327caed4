"""Model fields of the portal: exact decimals, and texts in several languages."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils.translation import gettext_lazy as _

WORD = re.compile(r"[A-Za-z0-9_-]+")
MILLION = 1_000_000
LARGEST = Decimal(9_000_000_000_000)


def to_decimal(value: Any) -> Decimal:
    """`value` as an exact `Decimal`. Raises `ValidationError` for what is no number, too fine or too large."""
    if isinstance(value, float):
        value = repr(value)
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except InvalidOperation as error:
        raise ValidationError(_("Enter a number."), code="invalid") from error
    if not number.is_finite():
        raise ValidationError(_("Enter a number."), code="invalid")
    if abs(number) > LARGEST:
        raise ValidationError(_("The number is larger than 9,000,000,000,000."), code="too_large")
    if number != number.quantize(Decimal("0.000001")):
        raise ValidationError(_("At most six decimals can be kept."), code="too_fine")
    return number


def to_millionths(number: Decimal) -> int:
    """The whole number of millionths that is stored."""
    return int(number.scaleb(6))


def from_millionths(stored: int) -> Decimal:
    """The `Decimal` behind a stored number, without trailing zeros (12.5, not 12.500000)."""
    whole, rest = divmod(stored, MILLION)
    return Decimal(whole) if not rest else (Decimal(stored).scaleb(-6)).normalize()


class MillionthsField(models.BigIntegerField["Decimal | int | str | None", "Decimal | None"]):
    """An exact decimal kept as whole millionths (SQLite adds decimals as floats): six decimals, up to 9 x 10^12."""

    description = _("Exact decimal")

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Decimal | None:
        """Stored millionths to `Decimal`."""
        return None if value is None else from_millionths(int(value))

    def to_python(self, value: Any) -> Any:
        """Anything entered to `Decimal`."""
        return None if value in (None, "") else to_decimal(value)

    def get_prep_value(self, value: Any) -> Any:
        """`Decimal` to stored millionths."""
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return to_millionths(to_decimal(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """As `get_prep_value`: the database sees a whole number."""
        return value if prepared else self.get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        """A decimal field in forms."""
        return models.Field.formfield(
            self, **{"form_class": forms.DecimalField, "max_digits": 19, "decimal_places": 6, **kwargs}
        )


def check_texts(value: Any) -> None:
    """Texts in several languages are a mapping of language code to text."""
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise ValidationError(_('Give a text for each language, such as {"en": "..."}.'), code="invalid")


def holds_word(column: str, word: str, key: str = "") -> models.Q:
    """The rows whose JSON list in `column` holds `word`, or an object with it under `key`."""
    if not WORD.fullmatch(word):
        return models.Q(pk__in=[])
    written = f'"{key}": "{word}"' if key else f'"{word}"'
    return models.Q(Contains(Cast(column, models.TextField()), written))


class TextsField(models.JSONField):
    """Texts in several languages: {"en": "...", "el": "..."}."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, check_texts]
