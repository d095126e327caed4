"""Filters of one's notices."""

import django_filters
from django.db.models import QuerySet
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _

from kmop.notifications.models import Notice

STATES = [("true", _("New")), ("false", _("Read"))]


class NoticeFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Read or not, and day."""

    unread = django_filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("All"), method="by_state")
    since = django_filters.DateFilter(
        label=_("From"), field_name="at", lookup_expr="date__gte", widget=DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Notice
        fields = ["unread", "since"]

    def by_state(self, queryset: "QuerySet[Notice]", name: str, value: str) -> "QuerySet[Notice]":
        """New ones or read ones."""
        return queryset.filter(read_at__isnull=value == "true")
