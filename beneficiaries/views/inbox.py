"""The inbox of voices: the list with its tabs, one message beside it, and what staff do with it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import Channel, FeedbackKind, FeedbackState
from beneficiaries.filters import InboxFilter
from beneficiaries.forms.staff import TriageForm
from beneficiaries.models import Feedback
from beneficiaries.queries.inbox import TABS, feedback_detail, inbox, inbox_counts, tab_filter
from beneficiaries.services import feedback as services
from beneficiaries.views.rows import STATE_BADGES, detail_lines
from kmop.shared import formats
from kmop.shared.access import SIGNED_IN, ask
from kmop.shared.errors import DomainError, Sentence
from kmop.shared.languages import shown_name
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import ActView, ListPage, add_errors
from partners.models import Organisation
from projects.models import Project

FIRST_LETTERS = 140
TAB_WORDS = {"new": _("New"), "mine": _("Mine"), "due": _("Due"), "answered": _("Answered")}


def waiting(feedback: Feedback, today: date) -> Badge | None:
    """How long an open message may still wait."""
    if feedback.state not in (FeedbackState.NEW, FeedbackState.ACKNOWLEDGED):
        return None
    late = (today - feedback.promised_on).days
    if late > 0:
        word = ngettext("%(days)s day late", "%(days)s days late", late) % {"days": late}
        return Badge(word, "bad", "calendar-x")
    if late == 0:
        return Badge(gettext("due today"), "warn", "clock")
    return Badge(gettext("by %(day)s") % {"day": formats.day_short(feedback.promised_on)}, "")


class VoicesView(ListPage):
    """The messages a person may read: staff those of their projects, a partner those that were shared with it.

    What is sensitive is in none of them. The file has no words of anybody, only what is needed to count.
    """

    permission = SIGNED_IN
    template_name = "beneficiaries/inbox.html"
    title = _("Voices")
    filterset_class = InboxFilter
    default_sort = "promised"
    export_name = "voices"
    at = "list"
    columns = (
        Column("reference", _("Reference"), lambda one: one.reference),
        Column("project", _("Project"), lambda one: one.project.code if one.project else ""),
        Column("place", _("Place"), lambda one: str(one.place) if one.place else ""),
        Column("channel", _("Channel"), lambda one: str(Channel(one.channel).label)),
        Column("language", _("Language"), lambda one: shown_name(one.language)),
        Column("kind", _("What it is"), lambda one: str(FeedbackKind(one.kind).label) if one.kind else ""),
        Column("state", _("State"), lambda one: STATE_BADGES[FeedbackState(one.state)]),
        Column("received", _("Received"), lambda one: timezone.localdate(one.received_at), sort=("received_at",)),
        Column("promised", _("Promised for"), lambda one: one.promised_on, sort=("promised_on", "received_at")),
    )

    def tab(self) -> str:
        """The chosen tab; a search without one looks everywhere."""
        wanted = self.request.GET.get("tab", "")
        return wanted if wanted in TABS else ("all" if set(self.request.GET) - {"language"} else "new")

    def get_queryset(self) -> QuerySet[Any]:
        """The messages of this tab."""
        today = timezone.localdate()
        return inbox(self.me).filter(tab_filter(self.tab(), self.me, today))

    def current_sort(self) -> str:
        """Open ones by the day they were promised for, others newest first."""
        wanted = super().current_sort()
        newest_first = self.tab() in ("answered", "all") and not self.request.GET.get("sort")
        return "-received" if newest_first else wanted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds tabs, queue and acts."""
        context = super().get_context_data(**kwargs)
        counts = inbox_counts(self.me, day=timezone.localdate())
        tab = self.tab()
        tabs = [
            {"label": TAB_WORDS[one], "url": f"{reverse('beneficiaries:voices')}?tab={one}", "current": one == tab,
             "count": getattr(counts, one) if one in ("new", "mine", "due") else 0}
            for one in TAB_WORDS
        ]  # fmt: skip
        return {**context, "tab": tab, "tabs": tabs, "at": self.at, "queue": self._queue(context), "acts": self._acts()}

    def _queue(self, context: dict[str, Any]) -> list[dict[str, Any]]:
        today = timezone.localdate()
        query = self.request.GET.urlencode()
        rows = [self._line(row.source, today, f"?{query}" if query else "") for row in context["rows"]]
        return [{"title": "", "rows": rows}]

    def _line(self, feedback: Feedback, today: date, query: str) -> dict[str, Any]:
        wait = waiting(feedback, today)
        channel = str(Channel(feedback.channel).label)
        about = [str(feedback.place or ""), channel, shown_name(feedback.language)]
        return {
            "url": reverse("beneficiaries:feedback", args=[feedback.pk]) + query,
            "current": str(feedback.pk) == str(self.kwargs.get("pk", "")),
            "text": Truncator(feedback.translation or feedback.text).chars(FIRST_LETTERS),
            "sub": " · ".join(part for part in about if part),
            "when": str(wait or ""),
            "late": wait.state if wait else "",
            "badge": None if wait else STATE_BADGES[FeedbackState(feedback.state)],
        }

    def _acts(self) -> list[dict[str, Any]]:
        if not ask(self.me, "beneficiaries.read_voices"):
            return []
        return [{"label": _("Write down a message"), "url": reverse("beneficiaries:hotline"), "icon": "phone"}]

    def empty_action(self) -> Link | None:
        """Where everything is."""
        return Link(_("Show all messages"), f"{reverse('beneficiaries:voices')}?tab=all")


class OneFeedback:
    """The message that the address names, as far as the reader may know of it."""

    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def feedback(self) -> Feedback:
        """Or 404."""
        rows = Feedback.objects.visible_to(self.request.user)
        found: Feedback = get_object_or_404(
            rows.select_related("project", "place", "need", "assigned_to", "receipt"), pk=self.kwargs["pk"]
        )
        return found


class FeedbackView(OneFeedback, VoicesView):
    """One message beside the list: read, code, assign, answer in one form."""

    permission = SIGNED_IN
    at = "detail"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the message and its form (given with errors, or fresh)."""
        form = kwargs.pop("form", None)
        detail = feedback_detail(self.feedback, user=self.me)
        form = form or TriageForm(detail=detail, me=self.me)
        shown = detail_lines(detail, waiting(self.feedback, timezone.localdate()))
        return super().get_context_data(
            form=form, detail=detail, shown=shown, here=self.request.get_full_path(), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Save, or save and answer; what is wrong stands at its field, and nothing typed is lost (422)."""
        detail = feedback_detail(self.feedback, user=self.me)
        form = TriageForm(request.POST, detail=detail, me=self.me)
        if form.is_valid():
            try:
                messages.success(request, str(self._save(form)))
                return redirect(request.get_full_path())
            except ValidationError as error:
                add_errors(form, _renamed(error))
            except DomainError as error:
                form.add_error(None, str(error.message))
            del self.feedback  # it was changed in memory only
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _save(self, form: TriageForm) -> Sentence:
        answers = self.request.POST.get("act") == "answer"
        data = form.cleaned_data
        if answers and not data["answer"].strip():
            raise ValidationError({"text": [_("Write a few words.")]})
        services.work_on_feedback(
            feedback=self.feedback,
            changes=form.changes(),
            answer=data["answer"] if answers else "",
            language=data["answer_language"],
            expected_version=data["version"],
            by=self.me,
        )
        return _("Saved and answered. The person reads it with the receipt.") if answers else _("Saved.")


def _renamed(error: ValidationError) -> ValidationError:
    """The answer's text has another name on this form."""
    told = dict(error.error_dict) if hasattr(error, "error_dict") else {}
    if "text" in told:
        told["answer"] = told.pop("text")
    return ValidationError(told) if told else error


class FeedbackAct(OneFeedback, ActView):
    """One act on a message, back to it."""

    abstract = True

    def next_url(self) -> str:
        """The message."""
        return reverse("beneficiaries:feedback", args=[self.kwargs["pk"]])


class AcknowledgeView(FeedbackAct):
    """Tell the person that somebody has read it."""

    permission = SIGNED_IN

    def act(self) -> Sentence:
        """Acknowledge."""
        services.acknowledge_feedback(feedback=self.feedback, by=self.me)
        return _("The person sees that the message was read.")


class CloseView(FeedbackAct):
    """Close an answered message."""

    permission = SIGNED_IN

    def act(self) -> Sentence:
        """Close."""
        services.close_feedback(feedback=self.feedback, by=self.me)
        return _("Closed. A reply of the person opens it again.")


class ShareView(FeedbackAct):
    """Let a partner read a message."""

    permission = SIGNED_IN

    def act(self) -> Sentence:
        """Share with the organisation named."""
        feedback, number = self.feedback, self.request.POST.get("organisation", "")
        organisation = get_object_or_404(Organisation, pk=number) if number.isdecimal() else None
        if organisation is None:
            raise ValidationError({"organisation": [_("Choose a partner.")]})
        services.share_feedback(feedback=feedback, organisation=organisation, by=self.me)
        return _("%(organisation)s can read this message now.") % {"organisation": organisation}


class HandOverView(FeedbackAct):
    """Move a message behind the protected door; it is gone from here."""

    permission = SIGNED_IN

    def act(self) -> Sentence:
        """Hand over."""
        services.hand_over(feedback=self.feedback, by=self.me)
        return _("Handed to the focal points. It is no longer in this inbox.")

    def next_url(self) -> str:
        """The inbox."""
        return reverse("beneficiaries:voices")


def project_of(request: HttpRequest, pk: int) -> Project:
    """A project that the reader may see, or 404."""
    found: Project | None = Project.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
