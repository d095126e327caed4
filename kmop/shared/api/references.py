"""An id or a stable code, wherever a request names an object."""

from collections.abc import Callable
from typing import Any, TypeAlias, cast

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

CodeLookup: TypeAlias = str | Callable[[QuerySet[Any], str], QuerySet[Any]]
LONGEST_CODE = 300


def with_code(rows: QuerySet[Any], code: str, lookup: CodeLookup) -> QuerySet[Any]:
    """The rows that have this code."""
    return rows.filter(**{lookup: code}) if isinstance(lookup, str) else lookup(rows, code)


def with_id(rows: QuerySet[Any], given: Any) -> QuerySet[Any]:
    """The rows that have this id; none where it can't be one."""
    try:
        return rows.filter(pk=rows.model._meta.pk.to_python(given))
    except (ValidationError, OverflowError):
        return rows.none()


def find(rows: QuerySet[Any], given: int | str, lookup: CodeLookup) -> Any | None:
    """The row with this id (a number, or text that is no code) or this code; None where there is none."""
    if isinstance(given, int):
        return with_id(rows, given).first()
    if "\x00" in given or not given:
        return None
    return with_code(rows, given, lookup).first() or with_id(rows, given).first()


class CodeOrIdField(serializers.Field[Any, Any, Any, Any]):
    """Takes an id or a code, gives the object; shows the id (a second field beside it shows the code).

    `queryset_for(user)` says what the reader may know of: anything else is "not there", in the same words.
    """

    default_error_messages = {
        "incorrect_type": _("Give an id (a number) or a code (text)."),
        "does_not_exist": _("There is nothing with this id or code."),
    }

    def __init__(
        self, *, queryset_for: Callable[[Any], QuerySet[Any]], code_lookup: CodeLookup = "code", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.queryset_for = queryset_for
        self.code_lookup = code_lookup

    def to_internal_value(self, data: Any) -> Any:
        """The object; each id or code is looked up once a request."""
        if isinstance(data, bool) or not isinstance(data, int | str) or len(str(data)) > LONGEST_CODE:
            self.fail("incorrect_type")
        seen = cast(dict[str, Any], self.context).setdefault("references", {})
        key = (self.queryset_for, type(data), data)
        if key not in seen:
            seen[key] = find(self.queryset_for(self.context["request"].user), data, self.code_lookup)
        if seen[key] is None:
            self.fail("does_not_exist")
        return seen[key]

    def to_representation(self, value: Any) -> Any:
        """The id."""
        return value.pk if isinstance(value, Model) else value
