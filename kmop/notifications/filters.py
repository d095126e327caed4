"""Filters of one's notices."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kmop.notifications.models import Notice


class NoticeFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Read or not, and day."""

    unread = django_filters.BooleanFilter(label=_("Unread"), field_name="read_at", lookup_expr="isnull")
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte")

    class Meta:
        model = Notice
        fields = ["unread", "since"]
