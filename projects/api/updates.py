"""`/api/v1/updates/`: what partners report, and the acts on it. `/external/{external_id}/`: by a client's own names."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.access import SIGNED_IN, require
from kmop.shared.api.conventions import shown_version, writes
from kmop.shared.api.fields import EXTERNAL_ID, TextField
from kmop.shared.api.inputs import InputSerializer
from kmop.shared.api.parameters import refuse
from kmop.shared.api.viewsets import Changes, Creates, Deletes, Lists, PortalViewSet, Replaces, Shows, act
from kmop.shared.errors import NotAllowed
from partners.models import Organisation
from partners.queries.organisations import organisation_ids_of, writing_organisation_of
from projects.api.update_inputs import (
    LONGEST_TEXT,
    UpdateChange,
    UpdateInputSerializer,
    UpdateReplacement,
    changed_content,
    check_same,
    content_from,
    wants_submission,
)
from projects.api.update_shown import UpdateSerializer, shown_updates
from projects.calculation.flag_rules import RULES
from projects.choices import UpdateSource
from projects.filters.rest import UpdateFilter
from projects.models import Update
from projects.services.inputs import NewUpdate
from projects.services.updates import (
    answer_flag,
    approve_update,
    create_update,
    delete_draft,
    put_update,
    replace_update,
    return_update,
    revise_update,
    submit_update,
)


class ApprovalInput(InputSerializer):
    """What approving may say."""

    note = TextField(required=False, allow_blank=True, max_length=LONGEST_TEXT)


class ReturnInput(InputSerializer):
    """What returning says."""

    note = TextField(allow_blank=True, max_length=LONGEST_TEXT, help_text=gettext_lazy("What to correct."))


class FlagAnswerInput(InputSerializer):
    """What answers a warning."""

    code = serializers.ChoiceField(choices=list(RULES), help_text=gettext_lazy("The warning's code."))
    text = TextField(allow_blank=True, max_length=1000, help_text=gettext_lazy("Why the figure is right."))


class RevisionInput(InputSerializer):
    """What a correction says."""

    reason = TextField(
        required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text=gettext_lazy("Why figures are corrected.")
    )


class Updates(PortalViewSet):
    """What both doors to updates have in common."""

    model = Update
    permission = SIGNED_IN
    scope = "updates"
    serializer_class = UpdateSerializer

    def queryset_for(self, user: Any) -> QuerySet[Any]:
        """The updates this user may read."""
        return shown_updates(Update.objects.visible_to(user))

    def organisation_in(self, values: Mapping[str, Any]) -> Organisation:
        """The organisation named, else the writer's only one."""
        found: Organisation | None = values.get("organisation") or writing_organisation_of(self.request.user)
        if found is None:
            detail = gettext_lazy("You belong to several organisations: name the one that reports this.")
            raise ValidationError({"organisation": ValidationError(detail, code="required")})
        return found


class UpdateViewSet(Updates, Lists, Shows, Creates, Replaces, Changes, Deletes):
    """Updates: one's own, drafts included; officers see what is handed in to their projects."""

    create_rule = "projects.enter_update"
    create_input = UpdateInputSerializer
    change_rule = "projects.change_update"
    change_input = UpdateChange
    replace_input = UpdateReplacement
    delete_rule = "projects.delete_update"
    filterset_class = UpdateFilter
    unfiltered: ClassVar[dict[str, str]] = {
        "flag_answers": "are words by rule; use `warnings`",
        "language": "is the answer's own parameter; use `narrative_language`",
        "steps": "are the project's, the same for all its updates",
    }
    searched = ("indicator__search_text",)
    orderings = ("created_at", "updated_at", "state")
    default_ordering = "-id"
    lookup_value_regex = "[0-9]+"

    def tombstones_for(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Deleted drafts, which their own organisation alone knew of."""
        return rows.filter(scope__in=[str(pk) for pk in organisation_ids_of(self.request.user)])

    def perform_create(self, values: Mapping[str, Any], by: Any) -> Any:
        """Enter it, and hand it in where the body says so."""
        return create_update(
            indicator=values["indicator"],
            period=values["period"],
            place=values.get("place"),
            organisation=self.organisation_in(values),
            content=content_from(values),
            source=UpdateSource.API,
            client=self.token_client,
            submit=wants_submission(values),
            by=by,
        )

    def perform_change(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        """Change what is given."""
        check_same(obj, values)
        content = changed_content(obj, values)
        return replace_update(update=obj, content=content, submit=wants_submission(values), by=by)

    def perform_replace(self, obj: Any, values: Mapping[str, Any], by: Any) -> Any:
        """Put another content in its place."""
        check_same(obj, values)
        return replace_update(update=obj, content=content_from(values), submit=wants_submission(values), by=by)

    def perform_delete(self, obj: Any, by: Any) -> None:
        """Delete a draft."""
        delete_draft(update=obj, by=by)

    @act("submit", rule="projects.submit_update")
    def submit(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Hand it in for review."""
        return submit_update(update=obj, by=self.me)

    @act("approve", rule="projects.approve_update", input_class=ApprovalInput)
    def approve(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Take the step it waits for; after the last it counts, and totals are written in the same moment."""
        return approve_update(update=obj, note=values.get("note", ""), by=self.me)

    @act("answer-flag", rule="projects.approve_update", input_class=FlagAnswerInput)
    def answer_flag(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Say why the figure is right though a rule spoke up; the flag stays, answered."""
        return answer_flag(update=obj, code=values["code"], text=values["text"], by=self.me)

    @act("return", rule="projects.return_update", input_class=ReturnInput)
    def send_back(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Send it back with a note that says what to correct."""
        return return_update(update=obj, note=values["note"], by=self.me)

    @extend_schema(responses={201: UpdateSerializer})
    @act("revise", rule="projects.revise_update", input_class=RevisionInput, status=HTTPStatus.CREATED)
    def revise(self, obj: Any, values: Mapping[str, Any]) -> Any:
        """Begin the correction of an approved update: the answer is its new draft, with an address of its own."""
        reason = values.get("reason") or _("Corrected by the partner's own system.")
        return revise_update(update=obj, reason=reason, by=self.me)


class ExternalUpdateViewSet(Updates):
    """Updates by the names that an API client gave them itself."""

    @extend_schema(responses=UpdateSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The client's own update of this name."""
        named = self.get_queryset().filter(superseded_at=None, external_id=kwargs["external_id"])
        found = named.filter(client=self.token_client).first() if self.token_client else None
        if found is None:
            raise Http404
        return Response(self.get_serializer(found).data, headers=shown_version(found))

    @extend_schema(request=UpdateInputSerializer, responses={200: UpdateSerializer, 201: UpdateSerializer})
    @writes
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make the update of this name (201), or replace the client's own draft or returned one (200)."""
        given = self.input(UpdateInputSerializer)
        name = kwargs["external_id"]
        if not re.fullmatch(EXTERNAL_ID, name):
            raise refuse("external_id", gettext_lazy("Use 1 to 100 letters, digits or . _ : - only."))
        self._require_client()
        values = given.values()
        if values.setdefault("external_id", name) != name:
            detail = gettext_lazy("The address gives this update another external_id.")
            raise ValidationError({"external_id": ValidationError(detail, code="unchangeable")})
        row = NewUpdate(
            indicator=values["indicator"],
            period=values["period"],
            organisation=self.organisation_in(values),
            place=values.get("place"),
            content=content_from(values),
            client=self.token_client,
            source=UpdateSource.API,
        )
        update, is_new = put_update(row=row, submit=wants_submission(values), by=self.me)
        return self.answer(update, HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    def _require_client(self) -> None:
        require(self.request.user, "projects.enter_update")
        if not self.token_client:
            raise NotAllowed(gettext_lazy("External ids belong to API clients: come with a token."))
