"""`/api/v1/feedback/`: a channel's client leaves messages, staff read them. Sensitive ones are in no answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from beneficiaries.choices import AgeBand, Channel, Disability, FeedbackState, Sex
from beneficiaries.filters import FeedbackFilter
from beneficiaries.models import Feedback
from beneficiaries.queries.staff import staffed_projects
from beneficiaries.services.feedback import NewFeedback, Received, receive_feedback
from beneficiaries.services.receipts import Slip, new_slip
from kmop.shared.access import SIGNED_IN
from kmop.shared.api.conventions import writes
from kmop.shared.api.fields import EXTERNAL_ID, PortalModelSerializer, TextField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.references import CodeOrIdField
from kmop.shared.api.viewsets import Creates, Lists
from projects.models import Place, Project


class FeedbackSerializer(PortalModelSerializer):
    """A message as staff read it. How to reach the person is not in it, nor a place that is protected."""

    project_code = serializers.CharField(source="project.code", allow_null=True, read_only=True)
    place = serializers.SerializerMethodField()
    place_code = serializers.SerializerMethodField()

    class Meta:
        model = Feedback
        fields: ClassVar[list[str]] = [
            "id", "reference", "project", "project_code", "place", "place_code", "channel", "language", "text",
            "translation", "paraphrase", "may_quote", "kind", "need", "sex", "age_band", "disability", "state",
            "priority", "received_at", "promised_on", "acknowledged_at", "answered_at", "closed_at", "external_id",
            "created_at", "updated_at",
        ]  # fmt: skip

    def get_place(self, row: Feedback) -> int | None:
        """The place, unless it is protected."""
        return row.place_id if row.place and not row.place.is_protected else None

    def get_place_code(self, row: Feedback) -> str | None:
        """Its code, unless it is protected."""
        return row.place.code if row.place and not row.place.is_protected else None


class FeedbackInput(InputSerializer):
    """What POST takes."""

    project = CodeOrIdField(queryset_for=lambda user: projects_for(user))
    text = TextField(max_length=20_000, trim_whitespace=False)
    language = TextField(max_length=10, required=False, allow_blank=True)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    place = CodeOrIdField(queryset_for=lambda user: Place.objects.visible_to(user), required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False)
    age_band = serializers.ChoiceField(choices=AgeBand.choices, required=False)
    disability = serializers.ChoiceField(choices=Disability.choices, required=False)
    contact = TextField(max_length=200, required=False, allow_blank=True)
    may_quote = serializers.BooleanField(required=False)
    is_sensitive = serializers.BooleanField(required=False)
    external_id = serializers.RegexField(EXTERNAL_ID, required=False)


class SlipSerializer(serializers.Serializer[Any]):
    """Code and PIN, told this once, to be read out to the person."""

    code = serializers.CharField()
    pin = serializers.CharField()


class ReceivedSerializer(serializers.Serializer[Any]):
    """What became of a message. Of a sensitive one nothing is told but its receipt: `id` and `reference` are null."""

    id = serializers.UUIDField(allow_null=True)
    reference = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=FeedbackState.choices)
    promised_on = serializers.DateField(allow_null=True)
    receipt = SlipSerializer()


def projects_for(user: Any) -> QuerySet[Any]:
    """The projects that somebody may leave a message for: those that are published, and those one sees."""
    seen = Project.objects.visible_to(user).values("pk")
    rows: QuerySet[Any] = Project.objects.filter(Q(is_published=True) | Q(pk__in=seen))
    return rows


class FeedbackViewSet(Lists, Creates):
    """Messages: left by a channel's client, read by the staff of their project; never the sensitive ones."""

    model = Feedback
    permission = SIGNED_IN
    scope = "feedback"
    serializer_class = FeedbackSerializer
    create_input = FeedbackInput
    filterset_class = FeedbackFilter
    orderings = ("received_at", "promised_on", "state", "created_at", "updated_at")
    default_ordering = "-received_at"
    searched = ("search_text",)
    unfiltered: ClassVar[dict[str, str]] = {"language": "is the answer's own parameter; use `spoken`"}
    slip: Slip | None = None

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The messages this user may read."""
        rows: QuerySet[Any] = Feedback.objects.visible_to(user)
        return rows.select_related("project", "place")

    def tombstones_for(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the projects whose messages the reader answers."""
        from_projects = staffed_projects(self.request.user).values_list("pk", flat=True)
        return rows.filter(scope__in=[str(pk) for pk in from_projects])

    @extend_schema(responses={201: ReceivedSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take a message in; code and PIN of its receipt are told this once, `Location` is where they open it."""
        self.slip = new_slip()  # slow, so before the transaction
        return self._create(request)

    @writes
    def _create(self, request: Request) -> Response:
        values = self.input(FeedbackInput).values()
        received = self.perform_create(values, request.user)
        headers = {"Location": reverse("feedback-receipt", request=request)}
        if received.feedback:
            headers["ETag"] = f'"{received.feedback.version}"'
        return Response(ReceivedSerializer(_told(received)).data, status=HTTPStatus.CREATED, headers=headers)

    create.is_write = True  # type: ignore[attr-defined]  # `_create` is framed

    def perform_create(self, values: Mapping[str, Any], by: Any) -> Received:
        """Call the service, with the receipt that was drawn."""
        facts = {"channel": Channel.API, **values}
        project = facts.pop("project")
        return receive_feedback(project=project, content=NewFeedback(**facts), slip=self.slip, by=by)


def _told(received: Received) -> dict[str, Any]:
    feedback = received.feedback
    return {
        "id": feedback.pk if feedback else None,
        "reference": feedback.reference if feedback else None,
        "state": feedback.state if feedback else FeedbackState.NEW,
        "promised_on": feedback.promised_on if feedback else None,
        "receipt": {"code": received.code, "pin": received.pin},
    }
