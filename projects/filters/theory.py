"""Filters of the theory of change and of unplanned change."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import day_input
from projects.choices import AssumptionOutcome, ChangeKind
from projects.filters.parts import ALL, by_texts, partners
from projects.models import Assumption, Result, UnplannedChange


def results(request: Any) -> QuerySet[Result]:
    """The results of the project of the address."""
    project_id = request.resolver_match.kwargs["pk"] if request is not None else 0
    return Result.objects.filter(project_id=project_id)


class AssumptionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Assumptions by words, outcome, and whether a test is overdue."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("text", "test", "evidence"))
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=AssumptionOutcome.choices, empty_label=ALL)
    overdue = django_filters.ChoiceFilter(
        label=_("Next test"),
        choices=(("true", _("Overdue")), ("false", _("Not overdue"))),
        method="by_overdue",
        empty_label=ALL,
    )

    class Meta:
        model = Assumption
        fields: tuple[str, ...] = ()

    def by_overdue(self, rows: QuerySet[Assumption], name: str, value: str) -> QuerySet[Assumption]:
        """Those whose day has passed, or all others."""
        day = timezone.localdate()
        return rows.filter(due_on__lt=day) if value == "true" else rows.exclude(due_on__lt=day)


class ChangeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Unplanned change by words, kind, result, partner and day."""

    search = django_filters.CharFilter(label=_("Search"), method=by_texts("what", "noticed_by", "contribution"))
    kind = django_filters.ChoiceFilter(label=_("Good or bad"), choices=ChangeKind.choices, empty_label=ALL)
    result = django_filters.ModelChoiceFilter(label=_("Result"), queryset=results, empty_label=ALL)
    organisation = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners, empty_label=ALL)
    since = django_filters.DateFilter(label=_("From"), field_name="noticed_on", lookup_expr="gte", widget=day_input())
    until = django_filters.DateFilter(label=_("To"), field_name="noticed_on", lookup_expr="lte", widget=day_input())

    class Meta:
        model = UnplannedChange
        fields: tuple[str, ...] = ()
