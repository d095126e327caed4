"""Filters of the REST lists: every field shown can be filtered exactly, what has a code by id or code."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet

from kmop.shared.filters import AmountFilter, CodeOrIdFilter, TextsFilter, YesNoFilter
from projects.choices import (
    AcrossPartners,
    AcrossTime,
    ApprovalStep,
    Direction,
    Measure,
    ObligationState,
    PlaceLevel,
    UpdateSource,
    UpdateState,
)
from projects.filters.figures import CellFilter, TotalFilter
from projects.models import Dimension, Evidence, Indicator, Obligation, Place, Update
from projects.queries.flags import flagged
from projects.queries.references import coded_indicators, periods_coded

LONGEST = 200


class IndicatorRefFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package publishes no types
    """`?indicator=311` or `?indicator=STR-25/1.2.a`"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=LONGEST, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow `qs`."""
        if not value:
            return qs
        if "/" in value:
            return qs.filter(indicator__in=coded_indicators(Indicator.objects.all(), value))
        return qs.filter(indicator__pk=int(value)) if value.isascii() and value.isdigit() else qs.none()


class IndicatorCodeFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package publishes no types
    """`?code=STR-25/1.2.a` of indicators themselves."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow `qs`."""
        return coded_indicators(qs, value) if value else qs


class PeriodRefFilter(django_filters.CharFilter):  # type: ignore[misc]  # the package publishes no types
    """`?period=1204` or `?period=2026-08/2026-10` (of every indicator)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=LONGEST, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Narrow `qs`."""
        if not value:
            return qs
        if value.isascii() and value.isdigit():
            return qs.filter(period__pk=int(value))
        return periods_coded(qs, value, prefix="period__")


class PlaceFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Places."""

    id = django_filters.NumberFilter()
    names = TextsFilter()
    level = django_filters.ChoiceFilter(choices=PlaceLevel.choices)
    parent = CodeOrIdFilter(field_name="parent", code="parent__code")
    parent_code = django_filters.CharFilter(field_name="parent__code")
    latitude = django_filters.NumberFilter()
    longitude = django_filters.NumberFilter()
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = ["code", "name", "country"]


class DimensionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Dimensions with their categories."""

    id = django_filters.NumberFilter()
    titles = TextsFilter()
    is_exclusive = YesNoFilter()
    categories = django_filters.CharFilter(field_name="categories__code")
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Dimension
        fields: ClassVar[list[str]] = ["code"]


class IndicatorFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Indicators."""

    id = django_filters.NumberFilter()
    code = IndicatorCodeFilter()
    project = CodeOrIdFilter(field_name="project", code="project__code")
    project_code = django_filters.CharFilter(field_name="project__code")
    result = CodeOrIdFilter(field_name="result", code="result__code", is_unique=False)
    result_code = django_filters.CharFilter(field_name="result__code")
    titles = TextsFilter()
    definitions = TextsFilter()
    units = TextsFilter()
    measure = django_filters.ChoiceFilter(choices=Measure.choices)
    direction = django_filters.ChoiceFilter(choices=Direction.choices)
    across_partners = django_filters.ChoiceFilter(choices=AcrossPartners.choices)
    across_time = django_filters.ChoiceFilter(choices=AcrossTime.choices)
    scale_minimum = AmountFilter()
    scale_maximum = AmountFilter()
    is_cumulative = YesNoFilter()
    is_share = YesNoFilter()
    evidence_required = YesNoFilter()
    is_active = YesNoFilter()
    decimals = django_filters.NumberFilter()
    dimensions = django_filters.CharFilter(field_name="dimensions__code")
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Indicator
        fields: ClassVar[list[str]] = ["source", "formula"]


class OwedFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """What obligations and updates have in common."""

    id = django_filters.NumberFilter()
    indicator = IndicatorRefFilter()
    indicator_code = IndicatorRefFilter()
    period = PeriodRefFilter()
    period_code = PeriodRefFilter()
    project = CodeOrIdFilter(field_name="indicator__project", code="indicator__project__code")
    project_code = django_filters.CharFilter(field_name="indicator__project__code")
    organisation = CodeOrIdFilter(field_name="organisation", code="organisation__code")
    organisation_code = django_filters.CharFilter(field_name="organisation__code")
    place = django_filters.CharFilter(method="by_place", max_length=LONGEST)
    place_code = django_filters.CharFilter(method="by_place", max_length=LONGEST)
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    def by_place(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By id or code; a protected place is found by nobody."""
        wanted = Q(place__code=value)
        if name == "place" and value.isascii() and value.isdigit():
            wanted |= Q(place__pk=int(value))
        return qs.filter(wanted, place__is_protected=False)


class ObligationFilter(OwedFilter):
    """Obligations; `state` as it stands today."""

    state = django_filters.ChoiceFilter(choices=ObligationState.choices)
    due_date = django_filters.DateFilter(field_name="due_on")
    due_before = django_filters.DateFilter(field_name="due_on", lookup_expr="lt")
    update = django_filters.NumberFilter(field_name="update_id")

    class Meta:
        model = Obligation
        fields: ClassVar[list[str]] = []


class UpdateFilter(OwedFilter):
    """Updates."""

    state = django_filters.ChoiceFilter(choices=UpdateState.choices)
    step = django_filters.ChoiceFilter(choices=ApprovalStep.choices, method="by_step")
    source = django_filters.ChoiceFilter(choices=UpdateSource.choices)
    incomplete = YesNoFilter(field_name="is_incomplete")
    narrative_language = django_filters.CharFilter(field_name="language")  # `?language=` is the reader's
    warnings_answer = django_filters.CharFilter(field_name="flag_answer")
    values = CellFilter()
    total = TotalFilter()
    warnings = django_filters.CharFilter(method="by_warning", max_length=60)
    evidence = django_filters.UUIDFilter(field_name="evidence__id")
    obligation = django_filters.NumberFilter(method="by_obligation")
    revision = django_filters.NumberFilter()
    revises = django_filters.NumberFilter(field_name="revises_id")
    submitted_at = django_filters.IsoDateTimeFilter()
    decided_at = django_filters.IsoDateTimeFilter()
    superseded_at = django_filters.IsoDateTimeFilter()
    superseded = YesNoFilter(field_name="superseded_at", method="by_superseded")

    class Meta:
        model = Update
        fields: ClassVar[list[str]] = ["external_id", "narrative", "revision_reason", "note"]

    def by_warning(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that carry the flag, as far as the reader may know it."""
        return flagged(qs, value, self.request.user)

    def by_obligation(self, qs: QuerySet[Any], name: str, value: int) -> QuerySet[Any]:
        """The update that answers it, and the revisions of that one."""
        answers = Obligation.objects.filter(pk=value).values("update_id")
        return qs.filter(Q(pk__in=answers) | Q(revises__in=answers))

    def by_step(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that wait for the step now."""
        return qs.filter(state=UpdateState.SUBMITTED, step=value)

    def by_superseded(self, qs: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that a later revision replaced, or those that stand."""
        return qs.exclude(superseded_at=None) if value else qs.filter(superseded_at=None)


class EvidenceFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Files of one update."""

    id = django_filters.UUIDFilter()
    size = django_filters.NumberFilter()
    added_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Evidence
        fields: ClassVar[list[str]] = ["name", "content_type", "sha256"]
