"""Filters of a partner's own updates and of the review queue."""

from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.shared.text import fold
from partners.models import Organisation
from projects.choices import ApprovalStep, UpdateState
from projects.models import Project, RaisedFlag, Update
from projects.queries.flags import NAMES
from projects.rules import REVIEWS

SORTED = (
    ("oldest", _("Oldest first")),
    ("newest", _("Newest first")),
    ("project", _("By project")),
    ("partner", _("By partner")),
)
ORDERS = {
    "oldest": ("submitted_at", "pk"),
    "newest": ("-submitted_at", "-pk"),
    "project": ("indicator__project__code", "indicator__code", "submitted_at", "pk"),
    "partner": ("organisation__name", "submitted_at", "pk"),
}
FLAGGED = (("true", _("With flags")), ("false", _("Clean")))


def _visible_projects(request: Any) -> QuerySet[Project]:
    rows: QuerySet[Project] = Project.objects.visible_to(request.user).order_by("code")
    return rows


def _reviewed_projects(request: Any) -> QuerySet[Project]:
    rows: QuerySet[Project] = Project.objects.managed_by(request.user, *REVIEWS).order_by("code")
    return rows


def _reviewed_partners(request: Any) -> QuerySet[Organisation]:
    return (
        Organisation.objects.filter(partnerships__reports=True, partnerships__project__in=_reviewed_projects(request))
        .distinct()
        .order_by("name")
    )


def search_updates(rows: QuerySet[Update], name: str, text: str) -> QuerySet[Update]:
    """By indicator, project or partner, in any language, with or without accents."""
    folded = fold(text)
    return rows.filter(
        Q(indicator__search_text__contains=folded)
        | Q(indicator__code__icontains=text)
        | Q(indicator__project__search_text__contains=folded)
        | Q(indicator__project__code__icontains=text)
        | Q(organisation__search_text__contains=folded)
    )


class SentFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """State, project, words."""

    search = django_filters.CharFilter(label=_("Search"), method=search_updates)
    state = django_filters.ChoiceFilter(label=_("State"), choices=UpdateState.choices, empty_label=_("All"))
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), field_name="indicator__project", queryset=_visible_projects, empty_label=_("All")
    )

    class Meta:
        model = Update
        fields: tuple[str, ...] = ()


class ReviewFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Words, project, partner, with flags or clean, the rule that spoke up, the step waited for; and the order."""

    search = django_filters.CharFilter(label=_("Search the queue"), method=search_updates)
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), field_name="indicator__project", queryset=_reviewed_projects, empty_label=_("All")
    )
    partner = django_filters.ModelChoiceFilter(
        label=_("Partner"), field_name="organisation", queryset=_reviewed_partners, empty_label=_("All")
    )
    flagged = django_filters.ChoiceFilter(label=_("Flags"), choices=FLAGGED, method="by_flags", empty_label=_("All"))
    rule = django_filters.ChoiceFilter(
        label=_("Quality rule"), choices=tuple(NAMES.items()), method="by_rule", empty_label=_("All")
    )
    step = django_filters.ChoiceFilter(label=_("Waits for"), choices=ApprovalStep.choices, empty_label=_("All"))
    sort = django_filters.ChoiceFilter(
        label=_("Order"), choices=SORTED, method="by_order", empty_label=_("Mine first, flags before clean")
    )

    class Meta:
        model = Update
        fields: tuple[str, ...] = ()

    def by_rule(self, rows: QuerySet[Update], name: str, value: str) -> QuerySet[Update]:
        """Those in which this rule spoke up when they were handed in."""
        raised = RaisedFlag.objects.filter(update=OuterRef("pk"), round=OuterRef("round"), code=value)
        return rows.filter(Exists(raised))

    def by_order(self, rows: QuerySet[Update], name: str, value: str) -> QuerySet[Update]:
        """Another order within what has flags and what is clean."""
        return rows.order_by(F("is_mine").desc(), *ORDERS[value])

    def by_flags(self, rows: QuerySet[Update], name: str, value: str) -> QuerySet[Update]:
        """Those with any flag, or those without."""
        return rows.exclude(flags=[]) if value == "true" else rows.filter(flags=[])
