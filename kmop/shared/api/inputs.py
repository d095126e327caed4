"""A body read in two steps: form at once (400), meaning when the object's own checks are done (422)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request

from kmop.shared.api.parsers import has_body, no_body
from kmop.shared.api.problems import Unprocessable, faults_in

NOT_THERE = {"does_not_exist"}
MOST_TOLD = 20
UNKNOWN = _("This address does not know that field. It knows: %(known)s.")


class InputSerializer(serializers.Serializer[Any]):
    """What a body, or an object within one, may say: a field that is not declared is refused, never ignored.

    `shown` in the context names what may stand in the body beside it, since it was read there, and changes nothing.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises with unknown fields and whatever else is wrong, all at once."""
        unknown = self._unknown(data)
        try:
            values = super().to_internal_value(data)
        except exceptions.ValidationError as error:
            told: Any = error.detail
            raise exceptions.ValidationError({**unknown, **told}) from error
        if unknown:
            raise exceptions.ValidationError(unknown)
        return values

    def _unknown(self, data: Any) -> dict[str, list[exceptions.ErrorDetail]]:
        known = {*self.fields, *(self.context.get("shown", ()) if self.parent is None else ())}
        names = sorted(set(map(str, data)) - known) if isinstance(data, Mapping) else []
        told = str(UNKNOWN) % {"known": ", ".join(self.fields) or "-"}
        return {name: [exceptions.ErrorDetail(told, "unknown_field")] for name in names[:MOST_TOLD]}


class NoInput(InputSerializer):
    """A write that takes no body, or an empty object."""


class Input:
    """A body whose form is right; its values may still name what is not there."""

    def __init__(self, serializer: serializers.Serializer[Any]) -> None:
        self.serializer = serializer

    def values(self) -> dict[str, Any]:
        """The values. Raises `Unprocessable` (422) where one names something that is not there."""
        if self.serializer.errors:
            raise Unprocessable(self.serializer.errors)
        values: Mapping[str, Any] = self.serializer.validated_data
        return dict(values)


def read_input(
    serializer_class: type[serializers.Serializer[Any]], request: Request, *, view: Any, partial: bool = False
) -> Input:
    """Read the request's body. Raises 400 for no body, a missing or unknown field, or a wrong type.

    PUT takes an object as it was read: what is only shown may stand in it.
    """
    if request.data is None:
        raise no_body()
    if not issubclass(serializer_class, InputSerializer):
        raise ImproperlyConfigured(f"{serializer_class.__name__} would ignore unknown fields: make it InputSerializer")
    shown = view.serializer_class().fields if request.method == "PUT" else ()
    context = {"request": request, "view": view, "shown": shown}
    serializer = serializer_class(data=request.data, partial=partial, context=context)
    if not has_body(request) and (partial or _needs_something(serializer)):
        raise no_body()
    if not serializer.is_valid() and any(fault.code not in NOT_THERE for fault in faults_in(serializer.errors)):
        raise exceptions.ValidationError(serializer.errors)
    return Input(serializer)


def _needs_something(serializer: serializers.Serializer[Any]) -> bool:
    return any(field.required for field in serializer.fields.values())
