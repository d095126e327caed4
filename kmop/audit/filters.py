"""Filters of the audit trail and of the list of jobs."""

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _

from kmop.audit.models import Entry
from kmop.audit.queries.entries import action_labels, kind_label
from kmop.shared.jobs import Queue
from kmop.shared.models import Job, JobState


def _actions() -> list[tuple[str, str]]:
    return list(action_labels().items())


def _kinds() -> list[tuple[str, str]]:
    kinds = Entry.objects.order_by("object_kind").values_list("object_kind", flat=True).distinct()
    return [(kind, kind_label(kind)) for kind in kinds]


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """By person, act, kind and id of the object, and day."""

    search = django_filters.CharFilter(label=_("Person or id"), method="by_person_or_id")
    action = django_filters.ChoiceFilter(label=_("Act"), choices=_actions, empty_label=_("All"))
    object_kind = django_filters.ChoiceFilter(label=_("Kind of object"), choices=_kinds, empty_label=_("All"))
    since = django_filters.DateFilter(
        label=_("From"), field_name="at", lookup_expr="date__gte", widget=DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("To"), field_name="at", lookup_expr="date__lte", widget=DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Entry
        fields = ["search", "action", "object_kind", "since", "until"]

    def by_person_or_id(self, queryset: "QuerySet[Entry]", name: str, value: str) -> "QuerySet[Entry]":
        """Part of the name or the e-mail of who acted, or the whole id of the object; a number is an id and no name."""
        if value.isdigit():
            return queryset.filter(object_id=value)
        people = get_user_model().objects.filter(Q(name__icontains=value) | Q(email__icontains=value))
        ids = [str(pk) for pk in people.values_list("pk", flat=True)]
        return queryset.filter(Q(actor_id__in=ids) | Q(object_id=value))


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """By name, state and queue."""

    search = django_filters.CharFilter(label=_("Job"), field_name="task", lookup_expr="icontains")
    state = django_filters.ChoiceFilter(label=_("State"), choices=JobState.choices, empty_label=_("All"))
    queue = django_filters.ChoiceFilter(
        label=_("Queue"), choices=[(queue.value, queue.value) for queue in Queue], empty_label=_("All")
    )

    class Meta:
        model = Job
        fields = ["search", "state", "queue"]
