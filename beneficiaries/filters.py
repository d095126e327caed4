"""Filters of messages, for the inbox and REST alike."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import AgeBand, Channel, Disability, FeedbackKind, FeedbackState, Sex
from beneficiaries.models import Feedback
from kmop.shared.filters import CodeOrIdFilter, YesNoFilter
from kmop.shared.languages import shown_name
from kmop.shared.text import fold
from projects.models import Place, Project


def _projects(request: Any) -> QuerySet[Any]:
    """The projects whose messages the reader sees."""
    rows: QuerySet[Any] = Project.objects.visible_to(request.user)
    return rows.order_by("code")


def _places(request: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Place.objects.unprotected().filter(projects__in=_projects(request)).distinct()
    return rows


class InboxFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """The inbox: words, and what a message belongs to. `?language=` is the page's own, so the message's is `spoken`."""

    search = django_filters.CharFilter(method="with_words", label=_("Words, reference"))
    project = django_filters.ModelChoiceFilter(queryset=_projects, label=_("Project"))
    place = django_filters.ModelChoiceFilter(queryset=_places, label=_("Place"))
    spoken = django_filters.ChoiceFilter(field_name="language", label=_("Language"), choices=[])
    kind = django_filters.ChoiceFilter(choices=FeedbackKind.choices, label=_("What it is"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    state = django_filters.ChoiceFilter(choices=FeedbackState.choices, label=_("State"))

    class Meta:
        model = Feedback
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = self.queryset.order_by("language").values_list("language", flat=True).distinct()
        self.filters["spoken"].extra["choices"] = [(code, shown_name(code)) for code in codes if code]

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Every word stands in the folded text or translation; or it is the reference."""
        by_reference = rows.filter(reference__iexact=value.strip())
        for word in fold(value).split():
            rows = rows.filter(search_text__contains=word)
        return rows | by_reference


class FeedbackFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """REST: every field shown, exactly; the message's language is `spoken`, since `?language=` is the answer's own."""

    id = django_filters.UUIDFilter()
    project = CodeOrIdFilter(field_name="project", code="project__code")
    project_code = django_filters.CharFilter(field_name="project__code")
    place = CodeOrIdFilter(field_name="place", code="place__code")
    place_code = django_filters.CharFilter(field_name="place__code")
    channel = django_filters.ChoiceFilter(choices=Channel.choices)
    kind = django_filters.ChoiceFilter(choices=FeedbackKind.choices)
    state = django_filters.ChoiceFilter(choices=FeedbackState.choices)
    sex = django_filters.ChoiceFilter(choices=Sex.choices)
    age_band = django_filters.ChoiceFilter(choices=AgeBand.choices)
    disability = django_filters.ChoiceFilter(choices=Disability.choices)
    need = django_filters.NumberFilter(field_name="need_id")
    may_quote = YesNoFilter()
    priority = YesNoFilter()
    promised_on = django_filters.DateFilter()
    spoken = django_filters.CharFilter(field_name="language")
    received_at = django_filters.IsoDateTimeFilter()
    acknowledged_at = django_filters.IsoDateTimeFilter()
    answered_at = django_filters.IsoDateTimeFilter()
    closed_at = django_filters.IsoDateTimeFilter()
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Feedback
        fields: ClassVar[list[str]] = ["reference", "text", "translation", "paraphrase", "external_id"]
