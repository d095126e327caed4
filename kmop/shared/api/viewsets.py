"""Base viewsets: lists, single objects, and writes that call a service. An endpoint says what is its own, no more."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponseBase
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kmop.shared.access import require
from kmop.shared.api.conventions import Conventions, narrow, shown_version, writes
from kmop.shared.api.exports import EXPORTS
from kmop.shared.api.inputs import Input, NoInput, read_input
from kmop.shared.api.pagination import ordered, ordering_of
from kmop.shared.api.references import CodeLookup, find, with_id
from kmop.shared.api.renderers import CsvRenderer, XlsxRenderer
from kmop.shared.api.versions import check_if_match
from kmop.shared.models import Tombstone


class PortalViewSet(Conventions, GenericViewSet[Any]):
    """Rows of one model, read from `queryset_for(user)`, which begins with `Model.objects.visible_to(user)`.

    orderings        columns a list may be ordered by, never nullable; the first is the usual one (`id` is always known)
    default_ordering another usual one, such as `-id`
    ordering_columns the columns of orderings that are shown under another name
    searched         folded columns that `?search=` looks into
    unfiltered       the fields shown that no filter of the same name takes, each with the reason
    code_lookup      what a code in the address is compared with; None where rows have only ids
    """

    model: ClassVar[type[Model]]
    orderings: ClassVar[tuple[str, ...]] = ()
    default_ordering: ClassVar[str] = ""
    ordering_columns: ClassVar[Mapping[str, str]] = {}
    searched: ClassVar[tuple[str, ...]] = ()
    filterset_class: ClassVar[Any] = None
    unfiltered: ClassVar[Mapping[str, str]] = {}
    code_lookup: ClassVar[CodeLookup | None] = None
    lookup_value_regex = "[^/]+"
    lookup_field = "pk"
    lookup_url_kwarg = "id"

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The rows this user may read, with all that the answer needs."""
        return self.model._default_manager.none()

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Read what rows need beside the query, for all of them at once: a page, a piece of a file, a single one."""
        return rows

    def tombstones_for(self, rows: QuerySet[Tombstone]) -> QuerySet[Tombstone]:
        """Those of the deleted rows that this reader may be told of; nobody is told where nothing is said."""
        return rows.none()

    def get_queryset(self) -> QuerySet[Any]:
        """As `queryset_for`; no rows while the OpenAPI document is made."""
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.queryset_for(self.request.user)

    def list_parameters(self) -> set[str]:
        """The query parameters of the list."""
        filters = set(self.filterset_class.base_filters) if self.filterset_class else set()
        columns = {field.name for field in self.model._meta.get_fields()}
        since = {"updated_since"} if "updated_at" in columns else set()
        return filters | since | ({"search"} if self.searched else set())

    def get_object(self) -> Any:
        """The object in the address, by id or code. Raises `Http404` for what is not there or may not be known."""
        return self.object_among(self.get_queryset())

    def object_among(self, rows: QuerySet[Any]) -> Any:
        """The object in the address, looked for in `rows`."""
        given = str(self.kwargs[self.lookup_url_kwarg])
        found = with_id(rows, given).first()
        if found is None and self.code_lookup:
            found = find(rows, given, self.code_lookup)
        if found is None:
            raise Http404
        return found

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The answer's serializer, narrowed to `?fields=`."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        if not getattr(self, "swagger_fake_view", False):
            narrow(serializer, self.request)
        return serializer

    def input(self, serializer: type[serializers.Serializer[Any]], *, partial: bool = False) -> Input:
        """The body, read: 400 at once for a missing field or a wrong type; 422 when its values are taken."""
        return read_input(serializer, self.request, view=self, partial=partial)

    def object_to_change(self, rule: str) -> Any:
        """The object of a change: 404, 403 with the rule in words, 428, 412; its row is locked from here on."""
        obj = self.object_among(self.get_queryset().prefetch_related(None))  # what an answer shows is read after it
        require(self.request.user, rule, obj)
        check_if_match(self.request, obj)
        return obj

    def answer(self, obj: Any, status: int = HTTPStatus.OK) -> Response:
        """The object as the reader sees it now, with its ETag; a made one with its address."""
        [shown] = self.prepare([self.get_queryset().filter(pk=obj.pk).first() or obj])
        headers = shown_version(shown)
        if status == HTTPStatus.CREATED:
            headers["Location"] = str(self.reverse_action("detail", kwargs={"id": obj.pk}))
        return Response(self.get_serializer(shown).data, status=status, headers=headers)


class Shows(PortalViewSet):
    """GET of one."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One object, by id or code."""
        [obj] = self.prepare([self.get_object()])
        return Response(self.get_serializer(obj).data, headers=shown_version(obj))


class Lists(PortalViewSet):
    """GET of the list, as JSON pages or whole as CSV and XLSX."""

    renderer_classes = (JSONRenderer, CsvRenderer, XlsxRenderer)

    def get_renderers(self) -> list[Any]:
        """Files are made of lists only."""
        return [cls() for cls in self.renderer_classes] if self.action == "list" else [JSONRenderer()]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The rows that the reader may see and asks for."""
        rows = self.filter_queryset(self.get_queryset())
        export = EXPORTS.get(request.accepted_renderer.format)
        if export is not None:
            serializer = self.get_serializer()
            return export(self.basename, serializer, ordered(rows, ordering_of(request, self)), self.prepare)
        page = self.prepare(self.paginate_queryset(rows) or [])
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class Creates(PortalViewSet):
    """POST to the list: `create_input` is read, `perform_create` calls the service and gives the new row.

    `create_rule`, where there is one, is asked without an object before ids and codes are looked up.
    """

    create_rule: ClassVar[str] = ""
    create_input: ClassVar[type[serializers.Serializer[Any]]]

    def perform_create(self, values: Mapping[str, Any], by: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    @writes
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make one."""
        given = self.input(self.create_input)
        if self.create_rule:
            require(request.user, self.create_rule)
        return self.answer(self.perform_create(given.values(), request.user), HTTPStatus.CREATED)


class Changes(PortalViewSet):
    """PATCH of one: `change_rule` is asked, `change_input` is read, `perform_change` calls the service."""

    change_rule: ClassVar[str]
    change_input: ClassVar[type[serializers.Serializer[Any]]]

    def perform_change(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    @writes
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given, leave the rest."""
        given = self.input(self.change_input, partial=True)
        obj = self.object_to_change(self.change_rule)
        return self.answer(self.perform_change(obj, given.values(), request.user))


class Replaces(PortalViewSet):
    """PUT of one: as PATCH, but what is not given becomes empty; `perform_replace` calls the service."""

    change_rule: ClassVar[str]
    replace_input: ClassVar[type[serializers.Serializer[Any]]]

    def perform_replace(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        """Call the service."""
        raise NotImplementedError

    @writes
    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replace it whole."""
        given = self.input(self.replace_input)
        obj = self.object_to_change(self.change_rule)
        return self.answer(self.perform_replace(obj, given.values(), request.user))


class Deletes(PortalViewSet):
    """DELETE of one: `delete_rule` is asked, `perform_delete` calls the service (which leaves a tombstone)."""

    delete_rule: ClassVar[str]

    def perform_delete(self, obj: Any, by: Any) -> None:
        """Call the service."""
        raise NotImplementedError

    @writes
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete it."""
        self.input(NoInput)
        self.perform_delete(self.object_to_change(self.delete_rule), request.user)
        return Response(status=HTTPStatus.NO_CONTENT)


Act = Callable[[Any, Any, Mapping[str, Any]], Any]


def act(
    name: str,
    *,
    rule: str,
    input_class: type[serializers.Serializer[Any]] = NoInput,
    status: int = HTTPStatus.OK,
) -> Callable[[Act], Callable[..., Response]]:
    """POST `/{id}/<name>/`: a method `(self, obj, values)` that calls a service and gives the changed row.

    Body 400, object 404, `rule` 403, `If-Match` 428 and 412 are checked before it; the answer is the row with its
    ETag, and its address where `status` is 201.
    """

    def wrap(method: Act) -> Callable[..., Response]:
        @writes
        def handler(self: PortalViewSet, request: Request, *args: Any, **kwargs: Any) -> Response:
            given = self.input(input_class)
            obj = self.object_to_change(rule)
            return self.answer(method(self, obj, given.values()), status)

        handler.__name__ = method.__name__
        handler.__doc__ = method.__doc__
        handler.input_class, handler.on_version = input_class, True  # type: ignore[attr-defined]
        return action(detail=True, methods=["post"], url_path=name, url_name=name)(handler)

    return wrap
