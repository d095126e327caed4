"""Serializer fields of the portal: exact decimals as text, money, texts in several languages."""

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers

from kmop.shared.fields import MillionthsField, TextsField, to_decimal
from kmop.shared.languages import is_language

PLAIN_OPTIONS = ("required", "allow_null", "read_only")
PLACES = 6
EXTERNAL_ID = r"^[A-Za-z0-9._:-]{1,100}$"


class AmountField(serializers.Field[Decimal, str | int | float, str, Any]):
    """An exact decimal: text out ("12.50"), text or number in."""

    default_error_messages = {"invalid": _('Enter a number, best as text: "12.50".')}

    def to_internal_value(self, data: Any) -> Decimal:
        """The number. What is no number is a wrong type; what is too fine or too large is told as such."""
        if isinstance(data, bool) or not isinstance(data, str | int | float | Decimal) or len(str(data)) > 40:
            self.fail("invalid")
        try:
            return to_decimal(data)
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, code=error.code) from error

    def to_representation(self, value: Decimal) -> str:
        """Plain digits, never an exponent."""
        return format(Decimal(value), "f")


def told_number(value: Decimal | None) -> str | None:
    """A computed number: plain digits, at most six places; None where there is none."""
    return None if value is None else format(round(value, PLACES).normalize(), "f")


class TextField(serializers.CharField):
    """Text, and nothing else: a number where words are wanted is a wrong type, never quietly turned into words."""

    def to_internal_value(self, data: Any) -> str:
        """The text, trimmed and checked as usual."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class MomentField(serializers.DateTimeField):
    """A time, shown in UTC with Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **kwargs})


class TextsJsonField(serializers.DictField):
    """Texts in several languages: {"en": "...", "el": "..."}."""

    child = TextField(allow_blank=True, max_length=20_000)
    default_error_messages = {"unknown_language": _("There is no language with this code (ISO 639).")}

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """The texts; what is no language is told where it stands."""
        texts: dict[str, str] = super().to_internal_value(data)
        wrong = [code for code in texts if not is_language(code)]
        if wrong:
            told = exceptions.ErrorDetail(str(self.error_messages["unknown_language"]), "unknown_language")
            raise exceptions.ValidationError({code: [told] for code in wrong})
        return texts


class MoneyField(serializers.Field[dict[str, Any], Any, dict[str, str | None], Any]):
    """{amount, currency} over two columns of the row; `null` where there is no amount."""

    columns = ("amount", "currency")  # in files; the first is a number

    def __init__(self, *, amount: str, currency: str, **kwargs: Any) -> None:
        super().__init__(**{"source": "*", **kwargs})
        self.amount, self.currency = amount, currency

    default_error_messages = {"invalid": _('Give money as {{"amount": "12.50", "currency": "EUR"}}.')}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Both columns."""
        if not isinstance(data, Mapping) or set(data) != {"amount", "currency"} or not is_currency(data["currency"]):
            self.fail("invalid")
        return {self.amount: AmountField().to_internal_value(data["amount"]), self.currency: data["currency"]}

    def to_representation(self, value: Any) -> dict[str, str | None] | None:  # type: ignore[override]
        """The pair."""
        amount = getattr(value, self.amount)
        return None if amount is None else {"amount": format(amount, "f"), "currency": getattr(value, self.currency)}


def is_currency(text: Any) -> bool:
    """Has this the shape of an ISO 4217 code?"""
    return isinstance(text, str) and len(text) == 3 and text.isascii() and text.isupper()


class PortalModelSerializer(serializers.ModelSerializer[Any]):
    """How a row is read: every field is read only, and the portal's own columns are known."""

    def get_fields(self) -> dict[str, Any]:
        """All fields, none of them to be written."""
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        return fields

    serializer_field_mapping: ClassVar[Any] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: MomentField,
        MillionthsField: AmountField,
        TextsField: TextsJsonField,
    }

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[Any, dict[str, Any]]:
        """Exact decimals and texts have bounds of their own, not those of their columns."""
        kind, options = super().build_standard_field(field_name, model_field)
        if issubclass(kind, AmountField | TextsJsonField):
            options = {name: value for name, value in options.items() if name in PLAIN_OPTIONS}
        return kind, options
