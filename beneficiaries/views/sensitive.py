"""The protected door: focal points only. For everybody else it is not there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import AgeBand, Channel, Disability, MessageFrom, Sex
from beneficiaries.forms.staff import ProtectedAnswerForm, ReasonForm
from beneficiaries.models import SensitiveReport
from beneficiaries.queries.protected import openings
from beneficiaries.services.sensitive import Opened, answer_report, close_report, open_report
from kmop.shared.access import ask
from kmop.shared.errors import DomainError
from kmop.shared.languages import shown_name
from kmop.shared.tables import Badge, Column
from kmop.shared.views import ListPage, PortalView, add_errors

DOOR = "beneficiaries.open_sensitive"


def _state(report: SensitiveReport) -> Badge:
    if report.closed_at:
        return Badge(_("Closed"), "", "check-check")
    return Badge(_("Opened"), "info", "eye") if report.first_opened_at else Badge(_("Not opened"), "warn", "lock")


class BehindTheDoor(PortalView):
    """Not there for anybody else; nothing of it is cached."""

    abstract = True
    permission = DOOR

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 rather than 403: nobody learns that there is something to see."""
        if request.user.is_authenticated and not ask(request.user, DOOR):
            raise Http404
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response


class SensitiveListView(BehindTheDoor, ListPage):
    """Ids and days, no content; and who opened what, for which reason. No file of it is made."""

    permission = DOOR
    template_name = "beneficiaries/sensitive_list.html"
    title = _("Protected messages")
    default_sort = "-received"
    empty_title = _("Nothing waits here.")
    columns = (
        Column("id", _("Number"), lambda one: str(one.pk)[:8]),
        Column("received", _("Received"), lambda one: one.received_at, sort=("received_at",)),
        Column("state", _("State"), _state),
        Column("openings", _("Times opened"), lambda one: one.times, numeric=True),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, for a focal point."""
        rows: QuerySet[Any] = SensitiveReport.objects.visible_to(self.me).defer("sealed")
        counted: QuerySet[Any] = rows.annotate(times=Count("openings"))
        return counted

    def row_url(self, row: Any) -> str:
        """Its own door."""
        return reverse("beneficiaries:sensitive", args=[row.pk])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Without files."""
        if request.GET.get("format"):
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the log of openings."""
        context = super().get_context_data(log=openings(self.me), **kwargs)
        return {**context, "export_urls": []}


class SensitiveView(BehindTheDoor):
    """One protected message: its log, and its words once a reason is given; answering and closing need one too."""

    permission = DOOR
    template_name = "beneficiaries/sensitive.html"

    @cached_property
    def report(self) -> SensitiveReport:
        """Or 404."""
        found: SensitiveReport = get_object_or_404(SensitiveReport.objects.visible_to(self.me), pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The log; the content only where it was opened in this very request."""
        kwargs.setdefault("reason_form", ReasonForm())
        kwargs.setdefault("answer_form", ProtectedAnswerForm())
        return super().get_context_data(
            title=_("Protected message %(number)s") % {"number": str(self.report.pk)[:8]},
            report=self.report,
            badge=_state(self.report),
            log=openings(self.me, self.report),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Open, answer or close, each for a reason that is kept."""
        act = request.POST.get("act", "open")
        reason = ReasonForm(request.POST)
        answer = ProtectedAnswerForm(request.POST if act == "answer" else None)
        context: dict[str, Any] = {"reason_form": reason, "answer_form": answer}
        status = 422
        if reason.is_valid():
            context["reason"] = reason.cleaned_data["reason"]
            try:
                status, context["said"] = self._do(act, context["reason"], answer)
                context["opened"] = self._opened(context["reason"])
            except ValidationError as error:
                add_errors(reason, error)
            except DomainError as error:
                status, context["said"] = 422, ""
                reason.add_error(None, str(error.message))
        return self.render_to_response(self.get_context_data(**context), status=status)

    def _do(self, act: str, reason: str, answer: ProtectedAnswerForm) -> tuple[int, Any]:
        if act == "answer":
            if not answer.is_valid():
                return 422, ""
            answer_report(report=self.report, text=answer.cleaned_data["text"], reason=reason, by=self.me)
            return 200, _("Answered. The person reads it with the receipt.")
        if act == "close":
            close_report(report=self.report, reason=reason, by=self.me)
            return 200, _("Closed.")
        return 200, ""

    def _opened(self, reason: str) -> dict[str, Any]:
        return told(open_report(report=self.report, reason=reason, by=self.me))


def told(opened: Opened) -> dict[str, Any]:
    """The content in words."""
    content = opened.content
    facts = [
        content["project"],
        content["place"],
        Channel(content["channel"]).label,
        shown_name(content["language"]),
        Sex(content["sex"]).label,
        AgeBand(content["age_band"]).label,
        Disability(content["disability"]).label,
    ]
    return {
        "text": content["text"],
        "language": content["language"],
        "facts": [str(one) for one in facts if one and one != Sex.NOT_STATED.label],
        "contact": content["contact"],
        "messages": [
            {"mine": one["sender"] == MessageFrom.STAFF, "text": one["text"], "at": parse_datetime(one["at"])}
            for one in content["messages"]
        ],
    }
