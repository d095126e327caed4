"""The library of indicators: which projects use a definition, and where their indicators differ from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from kmop.shared.errors import Sentence
from projects.models import DefinitionCode, Dimension, Indicator, IndicatorDefinition, Project
from projects.models.library import SDG

# What an indicator takes over from the library.
COPIED = (
    "titles",
    "definitions",
    "units",
    "measure",
    "direction",
    "is_cumulative",
    "is_share",
    "across_partners",
    "across_time",
    "scale_minimum",
    "scale_maximum",
    "decimals",
)


@dataclass(frozen=True)
class Use:
    """An indicator of a project that came from the library, and the names of what is otherwise in it."""

    indicator: Indicator
    differences: tuple[Sentence, ...]


def library(user: Any) -> QuerySet[IndicatorDefinition]:
    """The definitions, each with `used`: in how many projects that `user` sees it stands."""
    rows: QuerySet[IndicatorDefinition] = IndicatorDefinition.objects.visible_to(user)
    seen = Q(indicators__project__in=Project.objects.visible_to(user))
    return rows.annotate(used=Count("indicators__project", filter=seen, distinct=True))


def uses_of(definition: IndicatorDefinition, *, user: Any) -> list[Use]:
    """The indicators that came from a definition, in projects that `user` sees, by project and code. Three statements.

    Each says where it differs from the library as it stands now.
    """
    rows = Indicator.objects.visible_to(user).filter(definition=definition).select_related("project", "result")
    wanted = {one.pk for one in definition.dimensions.all()}
    found = rows.prefetch_related("dimensions").order_by("project__code", "order", "pk")
    return [Use(one, differences(one, definition, wanted)) for one in found]


def differences(indicator: Indicator, definition: IndicatorDefinition, dimensions: set[int]) -> tuple[Sentence, ...]:
    """The names of the columns in which an indicator is not what the library says; `dimensions` are the library's."""
    fields = {one.name: one.verbose_name for one in (*Indicator._meta.concrete_fields, *Indicator._meta.many_to_many)}
    different = [name for name in COPIED if getattr(indicator, name) != getattr(definition, name)]
    if {one.pk for one in indicator.dimensions.all()} != dimensions:
        different.append("dimensions")
    return tuple(fields[name] for name in different)


def schemes() -> list[str]:
    """The schemes of donors' codes that are in use, sorted."""
    rows = DefinitionCode.objects.exclude(scheme=SDG).order_by("scheme")
    return list(rows.values_list("scheme", flat=True).distinct())


def split_codes(codes: Sequence[Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """SDG indicators, and (scheme, code) of donors, of the rows of a definition."""
    sdg = [one.code for one in codes if one.scheme == SDG]
    return sdg, [(one.scheme, one.code) for one in codes if one.scheme != SDG]


def dimensions_offered() -> QuerySet[Dimension]:
    """All dimensions, by code."""
    rows: QuerySet[Dimension] = Dimension.objects.order_by("code")
    return rows
