"""An endpoint of every kind over offers, for the tests of the base classes; and its URL map."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from kmop.shared.access import PUBLIC, SIGNED_IN
from kmop.shared.api.conventions import ApiView, writes
from kmop.shared.api.fields import MoneyField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.parsers import UploadParser
from kmop.shared.api.permissions import ANY_SCOPE
from kmop.shared.api.viewsets import Changes, Creates, Deletes, Lists, Replaces, Shows, act
from kmop.shared.errors import RuleBroken
from kmop.shared.models import Tombstone, bump
from partners.api.offers import OfferChange, OfferInput, OfferSerializer, OfferViewSet
from partners.models import Offer
from partners.services.offers import change_offer


class NoteInput(InputSerializer):
    note = serializers.CharField()


class Things(Lists, Shows, Creates, Changes, Replaces, Deletes):
    model = Offer
    permission = SIGNED_IN
    scope = "offers"
    serializer_class = OfferSerializer
    create_input = replace_input = OfferInput
    change_input = OfferChange
    change_rule = delete_rule = "partners.change_offer"
    tombstones_for = OfferViewSet.tombstones_for

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = Offer.objects.visible_to(user).prefetch_related("places")
        return rows

    def perform_replace(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        return change_offer(offer=obj, by=by, **{"description": "", **values})

    def perform_delete(self, obj: Any, by: Any) -> None:
        Tombstone.objects.create(kind="partners.offer", object_id=str(obj.pk), scope=str(obj.organisation_id))
        obj.delete()

    @act("name", rule="partners.change_offer", input_class=NoteInput)
    def name_it(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Give it a name."""
        obj.title = values["note"]
        bump(obj, "title")
        return obj

    @act("close", rule="partners.change_offer")
    def close(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Always refused: the period is locked."""
        bump(obj)
        raise RuleBroken("The period is locked.", locked=True)


class Question(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1)
    word = serializers.CharField(required=False)


class Asked(ApiView):
    permission = PUBLIC
    scope = ANY_SCOPE
    query_class = {"get": Question}

    def get(self, request: Request) -> Response:
        return Response(self.query())

    @writes
    def post(self, request: Request) -> Response:
        return Response({"heard": request.data}, status=HTTPStatus.ACCEPTED)


class Undeclared(ApiView):
    def get(self, request: Request) -> Response:
        return Response({})


class Upload(ApiView):
    permission = SIGNED_IN
    scope = ANY_SCOPE
    parser_classes = (UploadParser,)
    largest_body = 2_000

    @writes
    def post(self, request: Request) -> Response:
        file = request.data["file"]
        return Response({"name": file.name, "bytes": len(file.read())}, status=HTTPStatus.CREATED)


class Costs(serializers.Serializer[Any]):
    cost = MoneyField(amount="amount", currency="currency")


router = SimpleRouter()
router.register("things", Things, basename="thing")
urlpatterns = [
    path("api/v1/", include(router.urls)),
    path("api/v1/asked/", Asked.as_view()),
    path("api/v1/undeclared/", Undeclared.as_view()),
    path("api/v1/upload/", Upload.as_view()),
]
