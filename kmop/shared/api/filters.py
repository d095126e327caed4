"""Narrowing a list: the endpoint's FilterSet, `?search=` in folded text, `?updated_since=`."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.request import Request

from kmop.shared.api.parameters import read_moment, refuse
from kmop.shared.api.tombstones import LEEWAY
from kmop.shared.text import fold

LONGEST_SEARCH = 200


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # the package publishes no types
    """Every value that a filter can't read is 400, never ignored."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The rows that the request asks for."""
        filterset = self.get_filterset(request, queryset, view)
        if filterset is not None:
            if not filterset.is_valid():
                raise exceptions.ValidationError(_told(filterset.errors))
            queryset = filterset.qs
        return self._changed_since(request, self._searched(request, queryset, view))

    def _searched(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        given = request.query_params.get("search", "") if view.searched else ""
        if "\x00" in given or len(given) > LONGEST_SEARCH:
            raise refuse("search", _("Search for at most %(most)s letters.") % {"most": LONGEST_SEARCH})
        for word in fold(given).split():
            found = Q()
            for column in view.searched:
                found |= Q(**{f"{column}__contains": word})
            queryset = queryset.filter(found)
        return queryset

    def _changed_since(self, request: Request, queryset: QuerySet[Any]) -> QuerySet[Any]:
        moment = read_moment(request, "updated_since")
        return queryset if moment is None else queryset.filter(updated_at__gte=moment - LEEWAY)


def _told(errors: Any) -> dict[str, list[exceptions.ErrorDetail]]:
    """A filter form's errors with their codes."""
    return {
        name: [exceptions.ErrorDetail(message, one.code or "invalid") for one in data for message in one.messages]
        for name, data in errors.as_data().items()
    }
