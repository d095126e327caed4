"""A partner's own updates: the list of what was sent, one update, deleting a draft, beginning a correction."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kmop.shared import formats
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from kmop.shared.views import ActView, FormPage, ListPage
from projects.choices import UpdateState
from projects.filters.updates import SentFilter
from projects.forms.review import ReasonForm
from projects.models import Indicator, Update
from projects.queries.obligations import obligation_of
from projects.queries.updates import CellLine, total_of, update_detail, updates_with_values
from projects.rules import held_by
from projects.services.updates import delete_draft, revise_update
from projects.views.review_page import step_rows
from projects.views.shown import shown

STATES = {
    UpdateState.DRAFT: Badge(_("Draft"), "", "pencil-line"),
    UpdateState.SUBMITTED: Badge(_("In review"), "info", "send"),
    UpdateState.RETURNED: Badge(_("Came back"), "warn", "undo-2"),
    UpdateState.APPROVED: Badge(_("Approved"), "ok", "check"),
}
SUPERSEDED = Badge(_("Corrected since"), "", "history")


def state_badge(update: Update) -> Badge:
    """Where an update stands."""
    return SUPERSEDED if update.superseded_at else STATES[UpdateState(update.state)]


def _name(update: Update) -> str:
    return f"{update.indicator.code} {in_language(update.indicator.titles)}"


def _period(update: Update) -> str:
    return formats.period(update.period.starts_on, update.period.ends_on)


def _line(one: CellLine, indicator: Indicator) -> dict[str, str]:
    return {"words": one.words, "now": shown(one.figure, indicator), "before": shown(one.previous, indicator)}


class SentView(ListPage):
    """What one's organisations sent, newest first, drafts included."""

    permission = "projects.enter_update"
    template_name = "projects/entry/sent.html"
    title = _("What we sent")
    filterset_class = SentFilter
    default_sort = "-changed"
    export_name = "updates"
    empty_title = _("Nothing was entered yet.")
    empty_text = _("What you enter stands here, with what the officer said about it.")
    columns = (
        Column("indicator", _("Indicator"), _name, sort=("indicator__code",)),
        Column("project", _("Project"), lambda one: one.indicator.project.code, sort=("indicator__project__code",)),
        Column("period", _("Period"), _period, sort=("period__ends_on",)),
        Column("total", _("Total"), lambda one: shown(total_of(one), one.indicator), numeric=True,
               export=lambda one: total_of(one).value),
        Column("state", _("State"), state_badge, sort=("state",)),
        Column("note", _("What the officer said"), lambda one: one.note),
        Column("changed", _("Changed"), lambda one: one.updated_at, sort=("updated_at",)),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Update]:
        """Those of the organisations one belongs to."""
        own = held_by(self.me).organisations
        return updates_with_values(Update.objects.visible_to(self.me).filter(organisation__in=own))

    def row_url(self, row: Any) -> str:
        """To the update."""
        return reverse("projects:update", args=[row.pk])

    def empty_action(self) -> Link | None:
        """Begin entering."""
        return Link(_("Enter figures"), reverse("projects:enter"))


class UpdateView(FormPage):
    """One update, read; and where it was approved, the way to correct it."""

    permission = "projects.view_update"
    template_name = "projects/entry/update.html"
    form_class = ReasonForm

    @cached_property
    def update(self) -> Update:
        """The update, if this person may see it."""
        rows = Update.objects.visible_to(self.me).select_related("indicator")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def permission_object(self) -> Update:
        """The update."""
        return self.update

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An update that this person decides about is shown in the review."""
        is_own = self.update.organisation_id in held_by(self.me).organisations
        is_waiting = self.update.state == UpdateState.SUBMITTED
        if not is_own and is_waiting and self.me.has_perm("projects.review", self.update):
            return redirect("projects:review-update", pk=self.update.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All about it."""
        detail = update_detail(self.update, user=self.me)
        row = detail.update
        owed = detail.obligation
        return super().get_context_data(
            detail=detail,
            title=_name(row),
            period=_period(row),
            badge=state_badge(row),
            total=shown(detail.total, row.indicator),
            steps=step_rows(detail.steps) if row.state != UpdateState.DRAFT else [],
            before=shown(detail.previous.total, row.indicator) if detail.previous else "",
            lines=[_line(one, row.indicator) for one in detail.lines],
            enter_url=reverse("projects:figure", args=[owed.pk]) if owed and detail.acts["change_update"] else "",
            **kwargs,
        )

    def save(self, form: Any) -> str:
        """Begin the correction and go to its fields."""
        revision = revise_update(update=self.update, reason=form.cleaned_data["reason"], by=self.me)
        owed = obligation_of(revision)
        return reverse("projects:figure", args=[owed.pk]) if owed else reverse("projects:update", args=[revision.pk])


class UpdateDeleteView(ActView):
    """Delete a draft."""

    permission = "projects.delete_update"

    @cached_property
    def update(self) -> Update:
        """The draft, if this person may see it."""
        rows = Update.objects.visible_to(self.me).select_related("indicator")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def permission_object(self) -> Update:
        """The draft."""
        return self.update

    def act(self) -> Sentence:
        """Delete it."""
        delete_draft(update=self.update, by=self.me)
        return _("The draft is deleted.")

    def next_url(self) -> str:
        """Back to the list."""
        return reverse("projects:sent")
