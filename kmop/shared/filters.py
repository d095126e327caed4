"""Filters for pages and REST alike: by id or code, by text in any language, by exact decimal, by a strict yes or no."""

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import holds_word, to_decimal

WORDS = {"true": True, "false": False}


class YesNoField(forms.Field):
    """`true` or `false`, nothing else."""

    def to_python(self, value: Any) -> bool | None:
        """The value as a boolean, None for an empty one."""
        if value in (None, ""):
            return None
        if str(value).lower() not in WORDS:
            raise ValidationError(_("Say true or false."), code="invalid")
        return WORDS[str(value).lower()]


class YesNoFilter(django_filters.Filter):  # type: ignore[misc]  # the package publishes no types
    """`?is_active=true`"""

    field_class = YesNoField


class CodeOrIdFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package publishes no types
    """`?organisation=12` or `?organisation=KMOP`: rows whose relation has this id or this code.

    `code` is the look-up of the code from the filtered rows, such as `organisation__code`; where several rows may have
    the same code, digits are an id and nothing else.
    """

    def __init__(self, *args: Any, code: str, is_unique: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, max_length=200, **kwargs)
        self.code = code
        self.is_unique = is_unique

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow `qs`; digits are an id unless a code of digits is what the relation has."""
        if not value:
            return qs
        is_id = value.isascii() and value.isdigit()
        wanted = Q() if is_id and not self.is_unique else Q(**{self.code: value})
        if is_id:
            wanted |= Q(**{f"{self.field_name}__pk": int(value)})
        return qs.filter(wanted)


class HeldFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package publishes no types
    """`?formats=pdf`: rows whose JSON list holds this word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=60, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow `qs`; what is no plain word is held by no row."""
        return qs.filter(holds_word(self.field_name, value)) if value else qs


class TextsFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package publishes no types
    """`?title=...`: rows whose text is exactly this in any of the portal's languages."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow `qs`."""
        if not value:
            return qs
        wanted = Q()
        for language in {*dict(settings.LANGUAGES), *settings.PUBLIC_LANGUAGES}:
            wanted |= Q(**{f"{self.field_name}__{language}": value})
        return qs.filter(wanted)


class AmountFormField(forms.Field):
    """An exact decimal."""

    def to_python(self, value: Any) -> Decimal | None:
        """The number, None for an empty value."""
        return None if value in (None, "") else to_decimal(value)


class AmountFilter(django_filters.Filter):  # type: ignore[misc]  # the package publishes no types
    """`?quantity=12.5`"""

    field_class = AmountFormField
