"""A body read in two steps: form at once (400), meaning when the object's own checks are done (422)."""

from collections.abc import Mapping
from typing import Any

from rest_framework import exceptions, serializers
from rest_framework.request import Request

from kmop.shared.api.parsers import has_body, no_body
from kmop.shared.api.problems import Unprocessable, faults_in

NOT_THERE = {"does_not_exist"}


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
    """Read the request's body. Raises 400 for no body, a missing field or a wrong type."""
    if request.data is None:
        raise no_body()
    serializer = serializer_class(data=request.data, partial=partial, context={"request": request, "view": view})
    if not has_body(request) and (partial or _needs_something(serializer)):
        raise no_body()
    if not serializer.is_valid() and any(fault.code not in NOT_THERE for fault in faults_in(serializer.errors)):
        raise exceptions.ValidationError(serializer.errors)
    return Input(serializer)


def _needs_something(serializer: serializers.Serializer[Any]) -> bool:
    return any(field.required for field in serializer.fields.values())
