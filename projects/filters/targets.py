"""Filters of targets."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.filters.parts import ALL, by_texts, partners
from projects.models import Indicator, Target

OF_WHAT = (
    ("all", _("All together")),
    ("cell", _("A category")),
    ("place", _("A place")),
    ("organisation", _("A partner")),
)
WHEN = (("life", _("The whole time")), ("period", _("A period")))


def indicators(request: Any) -> QuerySet[Indicator]:
    """The indicators of the project of the address."""
    project_id = request.resolver_match.kwargs["pk"] if request is not None else 0
    return Indicator.objects.filter(project_id=project_id)


class TargetFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Targets by indicator, by what they are for, and when."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("indicator__code", "indicator__titles"))
    indicator = django_filters.ModelChoiceFilter(label=_("Indicator"), queryset=indicators, empty_label=ALL)
    of = django_filters.ChoiceFilter(label=_("For"), choices=OF_WHAT, method="by_what", empty_label=ALL)
    when = django_filters.ChoiceFilter(label=_("When"), choices=WHEN, method="by_time", empty_label=ALL)
    organisation = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners, empty_label=ALL)

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()

    def by_what(self, rows: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        """Those for all together, or for a category, a place, a partner."""
        if value == "all":
            return rows.filter(cell="", place=None, organisation=None)
        return rows.exclude(cell="") if value == "cell" else rows.exclude(**{value: None})

    def by_time(self, rows: QuerySet[Target], name: str, value: str) -> QuerySet[Target]:
        """Those of the whole time, or of a period."""
        return rows.filter(period__isnull=value == "life")
