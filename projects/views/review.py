"""The review: the queue beside one update, approve, return with a note, approve clean rows together, take back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kmop.shared.errors import Sentence
from kmop.shared.tables import Link
from kmop.shared.views import ActView, PortalView
from projects.choices import UpdateState
from projects.filters.updates import ReviewFilter
from projects.models import Update
from projects.queries.approvals import approvals_to_take_back
from projects.queries.review import ReviewRow, review_queue, review_rows
from projects.services.updates import answer_flag, approve_update, approve_updates, return_update, undo_approval
from projects.views.review_page import detail_context, queue_groups, toast_of

PAGE_SIZE = 25
FILTERS = ("project", "partner", "flagged", "rule", "step", "sort")


class ReviewView(PortalView):
    """The queue: flagged ones first. On a wide screen the first one stands open beside it."""

    permission = "projects.review"
    template_name = "projects/review/review.html"
    at = "list"

    @cached_property
    def filterset(self) -> Any:
        """The filters with what the address says."""
        return ReviewFilter(self.request.GET, queryset=review_queue(self.me), request=self.request)

    @cached_property
    def page(self) -> Page[Any]:
        """The page of the queue, the one with the open update unless the address names another."""
        paginator: Paginator[Any] = Paginator(self.filterset.qs, PAGE_SIZE)
        return paginator.get_page(self.request.GET.get("page"))

    @cached_property
    def rows(self) -> list[ReviewRow]:
        """The rows of the page."""
        return review_rows(self.page.object_list, user=self.me)

    def current(self) -> Update | None:
        """The update that stands open."""
        return self.rows[0].update if self.rows else None

    def address(self, update: Update | None = None, **changes: str) -> str:
        """An update's address, or the queue's, with the filters kept."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query[name] = value
        path = reverse("projects:review-update", args=[update.pk]) if update else reverse("projects:review")
        return f"{path}?{query.urlencode()}" if query else path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The queue, the open update, and what was just approved."""
        counts = self.filterset.qs.order_by().aggregate(
            waiting=Count("pk"),
            flagged=Count("pk", filter=Q(flag_count__gt=0)),
            mine_flagged=Count("pk", filter=Q(flag_count__gt=0, is_mine=1)),
            mine=Count("pk", filter=Q(is_mine=1)),
        )
        current = self.current()
        context = {
            "at": self.at,
            "title": _("Review"),
            "waiting": counts["waiting"],
            "flagged": counts["flagged"],
            "filterset": self.filterset,
            "filters_on": [name for name in FILTERS if self.request.GET.get(name)],
            "page_obj": self.page,
            "pages": self._pages(),
            "groups": queue_groups(self.rows, counts, current, self.address),
            "queue_url": self.address(),
            "toast": toast_of(approvals_to_take_back(self.me, now=timezone.now())),
            **self._neighbours(current),
        }
        if current is not None:
            context |= detail_context(current, self.me)
        return super().get_context_data(**context, **kwargs)

    def _pages(self) -> list[Link]:
        if not self.page.has_other_pages():
            return []
        query = self.request.GET.copy()
        links = []
        for number in self.page.paginator.page_range:
            query["page"] = str(number)
            links.append(Link(str(number), f"?{query.urlencode()}", number == self.page.number))
        return links

    def _neighbours(self, current: Update | None) -> dict[str, str]:
        ids = [one.update.pk for one in self.rows]
        at = ids.index(current.pk) if current is not None and current.pk in ids else -1
        following = self.rows[at + 1].update if at + 1 < len(ids) else None
        previous = self.rows[at - 1].update if at > 0 else None
        return {
            "following": self.address(following) if following else "",
            "previous": self.address(previous) if previous else "",
        }


class ReviewUpdateView(ReviewView):
    """One update of the queue, beside it."""

    permission = "projects.review"
    at = "detail"

    @cached_property
    def chosen(self) -> Update:
        """The update of this address, if this person may see it."""
        rows = Update.objects.visible_to(self.me).exclude(state=UpdateState.DRAFT)
        return get_object_or_404(rows.select_related("indicator"), pk=self.kwargs["pk"])

    def permission_object(self) -> Update:
        """The review of its project."""
        return self.chosen

    def current(self) -> Update:
        """The one of the address."""
        return self.chosen

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What is decided already is shown on its own page."""
        if self.chosen.state != UpdateState.SUBMITTED:
            return redirect("projects:update", pk=self.chosen.pk)
        return super().get(request, *args, **kwargs)


class _Decision(ActView):
    """One act on one update, then to the next of the queue. `went_on`: it waits for somebody else's step now."""

    abstract = True
    went_on = False

    @cached_property
    def update(self) -> Update:
        """The update, if this person may see it."""
        rows = Update.objects.visible_to(self.me).select_related("indicator")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def permission_object(self) -> Update:
        """The update."""
        return self.update

    @property
    def version(self) -> int | None:
        """The version the person looked at."""
        given = self.request.POST.get("version", "")
        return int(given) if given.isdecimal() else None

    def next_url(self) -> str:
        """The page it was decided on: a refusal is told there; what is decided leads on to the queue."""
        self.update.refresh_from_db(fields=["state"])
        if self.update.state == UpdateState.SUBMITTED and not self.went_on:
            return reverse("projects:review-update", args=[self.update.pk])
        wished = self.request.POST.get("following", "")
        return wished if wished.startswith("/review/") else reverse("projects:review")


class ApproveView(_Decision):
    """Count an update."""

    permission = "projects.approve_update"

    def act(self) -> Sentence:
        """Approve; the toast says so while it may be taken back."""
        note = self.request.POST.get("note", "").strip()
        update = approve_update(update=self.update, note=note, expected_version=self.version, by=self.me)
        if update.state == UpdateState.SUBMITTED:
            self.went_on = True
            return _("%(indicator)s: your step is taken. Next: %(step)s.") % {
                "indicator": update.indicator.code,
                "step": update.get_step_display(),
            }
        if update.revises_id:
            return _("%(indicator)s: the correction is approved and counts from now on.") % {
                "indicator": update.indicator.code
            }
        return ""


class ReturnView(_Decision):
    """Send an update back with a note."""

    permission = "projects.return_update"

    def act(self) -> Sentence:
        """Return it."""
        note = self.request.POST.get("note", "")
        update = return_update(update=self.update, note=note, expected_version=self.version, by=self.me)
        return _("%(indicator)s went back to the partner with your note.") % {"indicator": update.indicator.code}


class AnswerFlagView(_Decision):
    """Say why a figure is right though a rule spoke up."""

    permission = "projects.approve_update"

    def act(self) -> Sentence:
        """Answer it; the update stays open."""
        code, text = self.request.POST.get("code", ""), self.request.POST.get("text", "")
        answer_flag(update=self.update, code=code, text=text, expected_version=self.version, by=self.me)
        return _("Your answer stands beside the flag.")


class _Together(ActView):
    """One act on several updates."""

    abstract = True

    def next_url(self) -> str:
        """Back to the queue."""
        return reverse("projects:review")

    def named(self, name: str) -> list[Update]:
        """The updates the form names, as far as this person may see them."""
        ids = [int(one) for one in self.request.POST.getlist(name) if one.isdecimal()]
        if not ids:
            raise ValidationError(_("Tick at least one row."))
        return list(Update.objects.visible_to(self.me).filter(pk__in=ids).select_related("indicator"))


class ApproveTickedView(_Together):
    """Count all ticked rows, or none of them."""

    permission = "projects.review"

    def act(self) -> Sentence:
        """Only clean rows are approved together: a flag is looked at one by one."""
        updates = self.named("ticked")
        if any(one.flags for one in updates):
            raise ValidationError(_("A row with a flag is approved by itself, after a look at it."))
        approved = approve_updates(updates=updates, by=self.me)
        going = sum(one.state == UpdateState.SUBMITTED for one in approved)
        if going:
            said = ngettext("%(n)s update goes on to its next step.", "%(n)s updates go on to their next step.", going)
            return said % {"n": going}
        revised = sum(bool(one.revises_id) for one in approved)
        if not revised:
            return ""
        return ngettext("%(n)s correction is approved.", "%(n)s corrections are approved.", revised) % {"n": revised}


class TakeBackView(_Together):
    """Take back what one approved a moment ago, before the partner is told."""

    permission = "projects.review"

    def act(self) -> Sentence:
        """Back into the queue."""
        taken = undo_approval(updates=self.named("update"), by=self.me)
        said = ngettext("%(n)s approval is taken back.", "%(n)s approvals are taken back.", len(taken))
        return said % {"n": len(taken)}
