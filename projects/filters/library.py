"""Filters of the indicator library."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.shared.text import fold
from projects.choices import Measure
from projects.filters.parts import ALL, by_texts
from projects.models import Dimension, DimensionMapping, FocusArea, IndicatorDefinition
from projects.models.library import SDG
from projects.queries.library import schemes

GOALS = [(str(number), f"SDG {number}") for number in range(1, 18)]
YES_NO = (("true", _("Yes")), ("false", _("No")))


def scheme_choices() -> list[tuple[str, str]]:
    """The schemes of donors' codes that are in use."""
    return [(one, one) for one in schemes()]


class LibraryFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Definitions by words, focus area, measure, goal, scheme of a donor, and whether they are in use or offered."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words")
    focus_area = django_filters.ModelChoiceFilter(
        label=_("Focus area"), field_name="focus_areas", queryset=FocusArea.objects.all(), empty_label=ALL
    )
    measure = django_filters.ChoiceFilter(label=_("Measure"), choices=Measure.choices, empty_label=ALL)
    goal = django_filters.ChoiceFilter(label=_("Goal"), choices=GOALS, method="by_goal", empty_label=ALL)
    scheme = django_filters.ChoiceFilter(
        label=_("Donor’s code"), choices=scheme_choices, method="by_scheme", empty_label=ALL
    )
    used = django_filters.ChoiceFilter(label=_("In use"), choices=YES_NO, method="by_use", empty_label=ALL)
    offered = django_filters.ChoiceFilter(
        label=_("Offered"), choices=YES_NO, method="by_offer", field_name="is_active", empty_label=ALL
    )

    class Meta:
        model = IndicatorDefinition
        fields: tuple[str, ...] = ()

    def by_words(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Part of its code, of a title in any language, or of a code of others."""
        return rows.filter(search_text__contains=fold(text))

    def by_goal(self, rows: QuerySet[Any], name: str, goal: str) -> QuerySet[Any]:
        """Those that serve an indicator of the goal."""
        ids = IndicatorDefinition.objects.filter(codes__scheme=SDG, codes__code__startswith=f"{goal}.").values("pk")
        return rows.filter(pk__in=ids)

    def by_scheme(self, rows: QuerySet[Any], name: str, scheme: str) -> QuerySet[Any]:
        """Those with a code of the scheme."""
        return rows.filter(pk__in=IndicatorDefinition.objects.filter(codes__scheme=scheme).values("pk"))

    def by_use(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those in a project that the reader sees, or those in none."""
        return rows.filter(used__gt=0) if value == "true" else rows.filter(used=0)

    def by_offer(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that are offered, or the retired ones."""
        return rows.filter(is_active=value == "true")


class DimensionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Dimensions by words of their own and of their categories, and whether indicators use them."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("code", "titles", "categories__titles"))
    used = django_filters.ChoiceFilter(label=_("In use"), choices=YES_NO, method="by_use", empty_label=ALL)

    class Meta:
        model = Dimension
        fields: tuple[str, ...] = ()

    def by_use(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those by which an indicator is broken down that the reader sees, or the others."""
        return rows.filter(used__gt=0) if value == "true" else rows.filter(used=0)


class MappingFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Mappings by words of the two ways to break down."""

    search = django_filters.CharFilter(
        label=_("Search"), method=by_texts("source__code", "source__titles", "target__code", "target__titles")
    )

    class Meta:
        model = DimensionMapping
        fields: tuple[str, ...] = ()
