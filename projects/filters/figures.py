"""`?total=73`, `?total=80/200`, `?values=age:18-24|sex:female=42`: what updates say, exactly."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from kmop.shared.fields import to_decimal
from projects.calculation.cells import TOTAL, canonical
from projects.choices import CellState
from projects.models import UpdateValue

Said = dict[str, Any]


def said_by(text: str) -> Said:
    """The columns of a value that says this: a number, two parts, or that it is not applicable."""
    if text == CellState.NOT_APPLICABLE:
        return {"state": text}
    top, is_parted, bottom = text.partition("/")
    return {"numerator": to_decimal(top), "denominator": to_decimal(bottom) if is_parted else None}


class TotalField(forms.Field):
    """A figure."""

    def to_python(self, value: Any) -> Said | None:
        """The columns of the total, None for an empty value."""
        return None if value in (None, "") else {"cell": TOTAL, **said_by(str(value))}


class CellField(forms.Field):
    """A cell, alone or with its figure behind an equals sign."""

    def to_python(self, value: Any) -> Said | None:
        """The columns of the value, None for an empty one."""
        if value in (None, ""):
            return None
        name, has_figure, figure = str(value).partition("=")
        try:
            return {"cell": canonical(name), **(said_by(figure) if has_figure else {})}
        except ValueError as error:
            raise ValidationError(_("Name a cell such as age:18-24|sex:female."), code="invalid") from error


class _SaidFilter(django_filters.Filter):  # type: ignore[misc]  # the package publishes no types
    """Updates that have a value with these columns."""

    def filter(self, qs: QuerySet[Any], value: Said | None) -> QuerySet[Any]:
        """Narrow `qs`."""
        return qs.filter(pk__in=UpdateValue.objects.filter(**value).values("update_id")) if value else qs


@extend_schema_field(str)
class TotalFilter(_SaidFilter):
    """`?total=73`, `?total=80/200`, `?total=not_applicable`"""

    field_class = TotalField


@extend_schema_field(str)
class CellFilter(_SaidFilter):
    """`?values=sex:female` (says anything for it) or `?values=sex:female=42`"""

    field_class = CellField
