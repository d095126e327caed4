"""Filters of corporate indicators."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.text import fold
from projects.filters.library import YES_NO
from projects.filters.parts import ALL
from projects.models import CorporateIndicator
from projects.models.corporate import MEASURES

BACK = 12


def year_choices() -> list[tuple[str, str]]:
    """This year and those before it."""
    this = timezone.localdate().year
    return [(str(year), str(year)) for year in range(this, this - BACK, -1)]


class CorporateFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Corporate indicators by words, measure and use; and the year of which their figures are told."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words")
    year = django_filters.ChoiceFilter(
        label=_("Figures of"), choices=year_choices, method="of_year", empty_label=_("The whole time")
    )
    measure = django_filters.ChoiceFilter(label=_("Measure"), choices=MEASURES, empty_label=ALL)
    in_use = django_filters.ChoiceFilter(label=_("In use"), choices=YES_NO, method="by_use", empty_label=ALL)

    class Meta:
        model = CorporateIndicator
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Part of its code, or of a title in any language."""
        return rows.filter(search_text__contains=fold(text))

    def of_year(self, rows: QuerySet[Any], name: str, year: str) -> QuerySet[Any]:
        """The year narrows the figures, not the rows."""
        return rows

    def by_use(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those in use, or the others."""
        return rows.filter(is_active=value == "true")
