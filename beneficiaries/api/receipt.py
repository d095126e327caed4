"""`/api/v1/feedback/receipt/`: what a person does with code and PIN, which travel in headers, never in an address."""

from typing import Any

from django.http import Http404
from django.utils.crypto import salted_hmac
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.choices import FeedbackState, MessageFrom
from beneficiaries.models import Receipt
from beneficiaries.services.by_receipt import erase, read_receipt, reply, say_met, withdraw
from beneficiaries.services.receipts import NoSuchReceipt, open_receipt
from kmop.shared.access import PUBLIC
from kmop.shared.api.conventions import ApiView, writes
from kmop.shared.api.fields import MomentField, TextField
from kmop.shared.api.inputs import Input, InputSerializer, read_input

CODE, PIN = "Receipt-Code", "Receipt-PIN"
SECRETS = [OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True) for name in (CODE, PIN)]


class TurnSerializer(serializers.Serializer[Any]):
    """A further message, of staff or of the person."""

    sender = serializers.ChoiceField(choices=MessageFrom.choices)
    text = serializers.CharField()
    language = serializers.CharField()
    at = MomentField()


class NeedSaidSerializer(serializers.Serializer[Any]):
    """The need that the message belongs to, and whether the person says that it is met (null: she said nothing)."""

    title = serializers.CharField()
    is_met = serializers.BooleanField(allow_null=True)


class ReceiptSerializer(serializers.Serializer[Any]):
    """What the person reads; a protected message names no project and no day."""

    state = serializers.ChoiceField(choices=FeedbackState.choices)
    received_at = MomentField()
    promised_on = serializers.DateField(allow_null=True)
    project = serializers.CharField()
    text = serializers.CharField()
    language = serializers.CharField()
    messages = TurnSerializer(many=True)
    need = NeedSaidSerializer(allow_null=True)


class ErasedSerializer(serializers.Serializer[Any]):
    """After an erasure there is nothing left to show."""

    state = serializers.ChoiceField(choices=["erased"])


DONE = PolymorphicProxySerializer(
    component_name="ReceiptAnswer", serializers=[ReceiptSerializer, ErasedSerializer], resource_type_field_name=None
)


class ReceiptAct(InputSerializer):
    """What POST takes; a reply needs its text."""

    act = serializers.ChoiceField(choices=["reply", "met", "not_met", "withdraw", "erase"])
    text = TextField(max_length=20_000, required=False, allow_blank=True)


class ReceiptView(ApiView):
    """Unknown code, wrong PIN and locked are all the same 404; the try stays counted whatever comes after.

    The receipt is opened before the write's own transaction begins, since that one may roll back.
    """

    permission = PUBLIC
    serializer_class = ReceiptSerializer
    http_method_names = ("get", "head", "post", "options")
    given: Input | None = None
    receipt: Receipt

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After all other checks: read the body, then open the receipt."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            self.given = read_input(ReceiptAct, request, view=self)
        try:
            self.receipt = open_receipt(code=request.headers.get(CODE, ""), pin=request.headers.get(PIN, ""))
        except NoSuchReceipt as error:
            raise Http404 from error

    def idempotency_client(self, request: Request) -> str:
        """Whose keys these are: the receipt's, so that a wrong PIN never gets another's kept answer."""
        told = f"{request.headers.get(CODE, '')}\n{request.headers.get(PIN, '')}"
        return "receipt:" + salted_hmac("beneficiaries.receipt-keys", told, algorithm="sha256").hexdigest()[:40]

    @extend_schema(parameters=SECRETS, responses=ReceiptSerializer)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The message, where it stands, and the answers."""
        return self._answer()

    @extend_schema(parameters=SECRETS, request=ReceiptAct, responses=DONE)
    @writes
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Reply, say whether the need is met, withdraw, or erase for good, after which nothing is left to show."""
        values = self.given.values() if self.given else {}
        if values["act"] == "erase":
            erase(receipt=self.receipt)
            return Response({"state": "erased"})
        if values["act"] == "withdraw":
            withdraw(receipt=self.receipt)
        elif values["act"] in ("met", "not_met"):
            say_met(receipt=self.receipt, is_met=values["act"] == "met")
        else:
            reply(receipt=self.receipt, text=values.get("text", ""))
        return self._answer()

    def _answer(self) -> Response:
        shown = self.shown(ReceiptSerializer(read_receipt(receipt=self.receipt)))
        shown["Cache-Control"] = "no-store"
        return shown
