"""Filters of an indicator's versions and of the exceptions from locks."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import day_input
from projects.filters.parts import ALL, by_texts, partners
from projects.models import FrameworkTemplate, IndicatorVersion, LockException

OPEN = (("open", _("Open now")), ("past", _("Passed")))


class VersionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Versions by reason or by whom, and since a day."""

    search = django_filters.CharFilter(method=by_texts("reason", "by__name"), label=_("Find in the reasons"))
    since = django_filters.DateFilter("at", lookup_expr="date__gte", label=_("Since"), widget=day_input())

    class Meta:
        model = IndicatorVersion
        fields: tuple[str, ...] = ()


class LockExceptionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Exceptions by partner, by whether they are open today, by words of their reasons."""

    search = django_filters.CharFilter(method=by_texts("reason", "organisation__name"), label=_("Find in the reasons"))
    partner = django_filters.ModelChoiceFilter("organisation", label=_("Partner"), queryset=partners, empty_label=ALL)
    state = django_filters.ChoiceFilter(method="by_state", label=_("State"), choices=OPEN, empty_label=ALL)

    class Meta:
        model = LockException
        fields: tuple[str, ...] = ()

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        """Open today, or passed."""
        return rows.filter(is_open=value == "open")


class TemplateFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Templates by words of their names."""

    search = django_filters.CharFilter(method=by_texts("name", "description"), label=_("Find a template"))

    class Meta:
        model = FrameworkTemplate
        fields: tuple[str, ...] = ()
