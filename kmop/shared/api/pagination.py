"""Cursor pages: a cursor carries the value, the id and the ordering, so that no row is lost or shown twice."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ImproperlyConfigured
from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.api.parameters import refuse
from kmop.shared.api.tombstones import Tombstones

PAGE_SIZE, LARGEST_PAGE = 50, 500
NOT_FILTERS = {"cursor", "page_size", "fields", "language", "format"}
signer = Signer(salt="kmop.api.cursor")


def ordering_of(request: Request, view: Any) -> str:
    """The column asked for (`title`, `-title`), else the endpoint's first. Raises for one it does not declare."""
    allowed = (*view.orderings, "id")
    wanted = request.query_params.get("ordering", view.default_ordering or allowed[0])
    if wanted.removeprefix("-") not in allowed:
        raise refuse("ordering", _("Order by one of: %(known)s.") % {"known": ", ".join(allowed)}, "unknown_ordering")
    name = wanted.removeprefix("-")
    return str(wanted.removesuffix(name) + view.ordering_columns.get(name, name))


def ordered(queryset: QuerySet[Any], ordering: str, *, backwards: bool = False) -> QuerySet[Any]:
    """`queryset` in this ordering, the id last and in the same direction."""
    falling = ordering.startswith("-") != backwards
    name = _column(queryset.model, ordering)
    sign = "-" if falling else ""
    return queryset.order_by(f"{sign}{name}", f"{sign}pk") if name != "pk" else queryset.order_by(f"{sign}pk")


def _column(model: type[Model], ordering: str) -> str:
    """The column behind an ordering; never nullable and never across a relation, or a cursor would lose rows."""
    name = ordering.removeprefix("-")
    if name == "id":
        return "pk"
    if "__" in name or model._meta.get_field(name).null:
        raise ImproperlyConfigured(f"{model.__name__} can't be paged by {name}")
    return name


class PortalCursorPagination(BasePagination):
    """`?cursor=&page_size=`; the answer is {next, previous, results}. Deleted rows follow the living ones."""

    display_page_controls = False

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The rows of the page asked for; with `updated_since` the tombstones come after the last row."""
        self.request = request
        self.size = self._page_size(request)
        self.ordering = ordering_of(request, view)
        self.filters = self._filter_mark(request)
        cursor = self._read_cursor(request)
        self.next: dict[str, Any] | None = None
        self.previous: dict[str, Any] | None = None
        rows = [] if "gone" in cursor else self._page(queryset, cursor)
        self.gone = self._tombstones(view, cursor, self.size - len(rows))
        return rows

    def _page(self, queryset: QuerySet[Any], cursor: Mapping[str, Any]) -> list[Any]:
        backwards = bool(cursor.get("back"))
        rows = ordered(self._after(queryset, cursor), self.ordering, backwards=backwards)
        found = list(rows[: self.size + 1])
        more, page = len(found) > self.size, found[: self.size]
        if backwards:
            page.reverse()
        if page and (more or backwards):
            self.next = self._position(page[-1])
        if page and (more if backwards else "id" in cursor):
            self.previous = {**self._position(page[0]), "back": True}
        return page

    def _after(self, queryset: QuerySet[Any], cursor: Mapping[str, Any]) -> QuerySet[Any]:
        if "id" not in cursor:
            return queryset
        column = _column(queryset.model, self.ordering)
        beyond = "lt" if self.ordering.startswith("-") != bool(cursor.get("back")) else "gt"
        later = Q(**{f"pk__{beyond}": cursor["id"]})
        if column == "pk":
            return queryset.filter(later)
        value = queryset.model._meta.get_field(column).to_python(cursor["value"])
        return queryset.filter(Q(**{f"{column}__{beyond}": value}) | Q(later, **{column: value}))

    def _position(self, row: Any) -> dict[str, Any]:
        column = _column(type(row), self.ordering)
        pk = row.pk if isinstance(row.pk, int) else str(row.pk)
        return {"id": pk, "value": "" if column == "pk" else row._meta.get_field(column).value_to_string(row)}

    def _tombstones(self, view: Any, cursor: Mapping[str, Any], room: int) -> list[dict[str, Any]]:
        told = Tombstones(view, self.request)
        if self.next is not None or not told.asked:
            return []
        found = told.after(int(cursor.get("gone", 0)), room + 1)
        if len(found) > room:
            self.next = {"gone": found[room - 1].pk if room else int(cursor.get("gone", 0))}
        return [{"id": told.identity(stone), "deleted": True} for stone in found[:room]]

    def _page_size(self, request: Request) -> int:
        given = request.query_params.get("page_size", str(PAGE_SIZE))
        if not (given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= LARGEST_PAGE):
            raise refuse("page_size", _("Give a number from 1 to %(most)s.") % {"most": LARGEST_PAGE})
        return int(given)

    def _filter_mark(self, request: Request) -> str:
        """A short mark of everything that decides which rows there are."""
        pairs = [(name, values) for name, values in sorted(request.query_params.lists()) if name not in NOT_FILTERS]
        return hashlib.sha256(urlencode(pairs, doseq=True).encode()).hexdigest()[:16]

    def _read_cursor(self, request: Request) -> dict[str, Any]:
        given = request.query_params.get("cursor")
        if given is None:
            return {}
        try:
            cursor: dict[str, Any] = signer.unsign_object(given)
        except (BadSignature, ValueError) as error:
            detail = _("That cursor can't be read. Take it from next or previous.")
            raise refuse("cursor", detail, "bad_cursor") from error
        if cursor["for"] != [self.ordering, self.filters]:
            detail = _("That cursor belongs to another ordering or filter. Begin again without it.")
            raise refuse("cursor", detail, "other_cursor")
        return cursor

    def _link(self, position: dict[str, Any] | None) -> str | None:
        if position is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = signer.sign_object({**position, "for": [self.ordering, self.filters]})
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response(self, data: Any) -> Response:
        """The page with its links."""
        links = {"next": self._link(self.next), "previous": self._link(self.previous)}
        return Response({**links, "results": [*data, *self.gone]})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The shape of a page, for the OpenAPI document. Deleted rows come with `updated_since` only."""
        rows = {"type": "array", "items": {"anyOf": [schema["items"], {"$ref": "#/components/schemas/Deleted"}]}}
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": rows},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters of a page, for the OpenAPI document."""
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "required": False, "schema": size},
        ]

    def to_html(self) -> str:
        """Pages have no HTML controls."""
        return ""
