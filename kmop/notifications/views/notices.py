"""One's own notices."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kmop.notifications import services
from kmop.notifications.filters import NoticeFilter
from kmop.notifications.models import Notice
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge, Column
from kmop.shared.views import ActView, ListPage


def _state(notice: Notice) -> Badge:
    return Badge(_("Read"), "", "check") if notice.read_at else Badge(_("New"), "info", "bell")


class NoticesView(ListPage):
    """What one was told, newest first."""

    permission = "notifications.read"
    template_name = "notifications/notices.html"
    title = _("Notices")
    filterset_class = NoticeFilter
    default_sort = "-at"
    export_name = "notices"
    empty_title = _("Nothing new.")
    empty_text = _("What concerns you will stand here and in at most one mail a day.")
    columns = (
        Column("text", _("Notice"), lambda notice: notice.text),
        Column("at", _("Time"), lambda notice: notice.at, sort=("at",)),
        Column("state", _("State"), _state),
    )

    def get_queryset(self) -> "QuerySet[Notice]":
        """One's own, as far as they are not held back."""
        return Notice.objects.visible_to(self.request.user).shown_by(timezone.now())

    def row_url(self, row: Any) -> str:
        """To what the notice is about."""
        return str(row.link)


class NoticesReadView(ActView):
    """Mark all of one's notices as read."""

    permission = "notifications.read"

    def act(self) -> Sentence:
        """Mark them."""
        services.mark_read(notices=None, by=self.me)
        return _("All notices are marked as read.")

    def next_url(self) -> str:
        """Back to the notices."""
        return reverse("notifications:notices")


class NoticeReadView(NoticesReadView):
    """Mark one notice as read."""

    permission = "notifications.read"

    @cached_property
    def notice(self) -> Notice:
        """One's own notice with this id."""
        return get_object_or_404(Notice.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def permission_object(self) -> Notice:
        """The notice."""
        return self.notice

    def act(self) -> Sentence:
        """Mark it."""
        services.mark_read(notices=[self.notice], by=self.me)
        return ""
