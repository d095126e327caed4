"""Filters of the portfolio and of the archive of reports."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.shared.countries import country_name
from kmop.shared.filters import CodeOrIdFilter, HeldFilter, TextsFilter, YesNoFilter
from kmop.shared.text import fold
from partners.models import Organisation
from projects.choices import PartnershipRole, ProjectStatus
from projects.models import FocusArea, Indicator, Partnership, Project
from reports.catalogue.registry import reports
from reports.choices import RunState
from reports.models import Run
from reports.queries.portfolio import countries_of, in_country, with_partner


def _seen(request: Any) -> "QuerySet[Project]":
    rows: QuerySet[Project] = Project.objects.visible_to(request.user) if request else Project.objects.none()
    return rows


def funders(request: Any) -> "QuerySet[Organisation]":
    """The funders of the projects a person sees."""
    rows: QuerySet[Organisation] = Organisation.objects.filter(
        partnerships__role=PartnershipRole.FUNDING, partnerships__project__in=_seen(request)
    )
    return rows.distinct()


class PortfolioFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Search over code, titles, partners; country, focus area, funder, state."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words")
    country = django_filters.ChoiceFilter(label=_("Country"), method="by_country")
    focus_area = django_filters.ModelChoiceFilter(
        label=_("Focus area"), queryset=FocusArea.objects.filter(is_active=True), field_name="focus_areas"
    )
    funder = django_filters.ModelChoiceFilter(label=_("Funder"), method="by_funder", queryset=funders)
    status = django_filters.ChoiceFilter(label=_("State"), choices=ProjectStatus.choices)

    class Meta:
        model = Project
        fields = ["search", "country", "focus_area", "funder", "status"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.countries = countries_of(_seen(self.request))
        named = sorted(((code, country_name(code)) for code, _count in self.countries), key=lambda one: one[1])
        self.form.fields["country"].choices = [("", _("All")), *named]

    def shown_countries(self) -> list[tuple[str, int]]:
        """Countries of the projects that the filters leave, with their number."""
        return countries_of(self.qs) if any(self.form.cleaned_data.values()) else self.countries

    def by_words(self, queryset: "QuerySet[Project]", name: str, value: str) -> "QuerySet[Project]":
        """Every word in the project's folded text, or in the name of one of its partners."""
        for word in fold(value).split():
            partners = Partnership.objects.filter(organisation__search_text__contains=word)
            indicators = Indicator.objects.filter(search_text__contains=word)
            queryset = queryset.filter(
                Q(search_text__contains=word)
                | Q(pk__in=partners.order_by().values("project_id"))
                | Q(pk__in=indicators.order_by().values("project_id"))
            )
        return queryset

    def by_country(self, queryset: "QuerySet[Project]", name: str, value: str) -> "QuerySet[Project]":
        """Works in the country."""
        return in_country(queryset, value)

    def by_funder(self, queryset: "QuerySet[Project]", name: str, value: Any) -> "QuerySet[Project]":
        """Funded by the organisation."""
        return with_partner(queryset, value, PartnershipRole.FUNDING)


def report_choices() -> list[tuple[str, Any]]:
    """The reports of the catalogue."""
    return [(code, report.title) for code, report in reports().items()]


def _projects(request: Any) -> "QuerySet[Project]":
    return _seen(request).order_by("code")


class RunFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Runs of reports: which report, of which project, where it stands."""

    report = django_filters.ChoiceFilter(label=_("Report"), choices=report_choices)
    project = django_filters.ModelChoiceFilter(label=_("Project"), queryset=_projects)
    state = django_filters.ChoiceFilter(label=_("State"), field_name="now", choices=RunState.choices)

    class Meta:
        model = Run
        fields = ["report", "project", "state"]


class RunApiFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """The same for REST: every field shown can be filtered exactly."""

    id = django_filters.UUIDFilter()
    report = django_filters.ChoiceFilter(choices=report_choices)
    project = CodeOrIdFilter(field_name="project", code="project__code")
    project_code = django_filters.CharFilter(field_name="project__code")
    organisation = CodeOrIdFilter(field_name="organisation", code="organisation__code")
    organisation_code = django_filters.CharFilter(field_name="organisation__code")
    state = django_filters.ChoiceFilter(field_name="now", choices=RunState.choices)
    progress = django_filters.NumberFilter(field_name="percent")
    formats = HeldFilter()
    files = django_filters.CharFilter(field_name="files__format")
    report_language = django_filters.CharFilter(field_name="language")  # `?language=` is the answer's
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()
    done_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Run
        fields = ["frozen_sha256"]


class ProjectFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package publishes no types
    """Projects for outside systems: every field shown, exactly."""

    id = django_filters.NumberFilter()
    titles = TextsFilter()
    short_titles = TextsFilter()
    descriptions = TextsFilter()
    status = django_filters.ChoiceFilter(choices=ProjectStatus.choices)
    starts_on = django_filters.DateFilter()
    ends_on = django_filters.DateFilter()
    closed_on = django_filters.DateFilter()
    countries = django_filters.CharFilter(field_name="countries__country")
    focus_areas = CodeOrIdFilter(field_name="focus_areas", code="focus_areas__code")
    partnerships = django_filters.CharFilter(method="by_partner", max_length=200)
    is_published = YesNoFilter()
    created_at = django_filters.IsoDateTimeFilter()
    updated_at = django_filters.IsoDateTimeFilter()

    class Meta:
        model = Project
        fields: ClassVar[list[str]] = ["code", "currency", "iati_identifier"]

    def by_partner(self, queryset: "QuerySet[Project]", name: str, value: str) -> "QuerySet[Project]":
        """An organisation, by id or code, in any role."""
        partner = Q(code=value) | (Q(pk=int(value)) if value.isascii() and value.isdigit() else Q())
        return with_partner(queryset, Organisation.objects.filter(partner).first())
