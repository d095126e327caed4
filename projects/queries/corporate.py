"""Corporate indicators: their figures over the projects a person sees, with every part of them and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import Sentence
from projects.calculation.periods import PeriodFigures
from projects.calculation.portfolio import InSpan, Kind, Misfit, combined, in_span, misfit, share_reported
from projects.calculation.units import Conversion, in_other_unit
from projects.calculation.values import ADDITIVE, NOT_REPORTED, AcrossPartners, AcrossTime, Figure, Measure
from projects.models import CorporateIndicator, CorporateMapping, Indicator
from projects.queries.figures import IndicatorFacts, figures_of

WHY: dict[Misfit, Sentence] = {
    Misfit.MEASURE: _("It has another measure: only like is added to like."),
    Misfit.APART: _("It is not combined across partners, so it has no figure to take."),
    Misfit.TIME: _("It is not combined across time, so it has no figure of a year to take."),
    Misfit.METHOD: _("It is combined by another method across partners than this one across projects."),
    Misfit.PARTS: _("A percentage, ratio or score knows no factor: the factor is 1."),
    Misfit.SAME_UNIT: _("Both have the same unit: the factor is 1."),
    Misfit.KNOWN_UNIT: _("The factor is not that between the two units."),
    Misfit.UNIT: _("The units differ: say in the note why one is the other, times the factor."),
}


@dataclass(frozen=True)
class Part:
    """What one indicator gives: its own figure in the span, the same in the corporate unit, or why it gives none.

    `missing` are the partners that owe a figure of the span; `across` how many periods lie across one of its ends.
    """

    indicator: Indicator
    mapping: CorporateMapping
    own: Figure
    figure: Figure
    why_not: Sentence = ""
    missing: tuple[str, ...] = ()
    across: int = 0


@dataclass(frozen=True)
class CorporateFigure:
    """The figure of a corporate indicator with its parts, by project and code; `reported` of `of` say something."""

    corporate: CorporateIndicator
    figure: Figure
    parts: list[Part] = field(default_factory=list)
    reported: int = 0
    of: int = 0

    @property
    def counted(self) -> list[Part]:
        """The parts that fit."""
        return [one for one in self.parts if not one.why_not]

    @property
    def left_out(self) -> list[Part]:
        """The parts that don't fit any more."""
        return [one for one in self.parts if one.why_not]


def unit_word(texts: dict[str, str]) -> str:
    """The unit as one word to compare: English if there is."""
    return (texts.get("en") or next(iter(texts.values()), "")).strip()


def why_not(corporate: CorporateIndicator, source: Any, mapping: CorporateMapping) -> Misfit | None:
    """Why an indicator or a definition can't be part of a corporate one by this mapping; None where it can."""
    own = Kind(
        Measure(source.measure),
        unit_word(source.units),
        AcrossPartners(source.across_partners),
        AcrossTime(source.across_time),
    )
    whole = Kind(Measure(corporate.measure), unit_word(corporate.units), AcrossPartners(corporate.across_projects))
    return misfit(own, whole, factor=mapping.factor, is_explained=bool(mapping.note.strip()))


def corporate_figures(
    corporates: Sequence[CorporateIndicator], *, user: Any, day: date, year: int | None = None
) -> dict[int, CorporateFigure]:
    """The figures by id over the projects that `user` sees, of a year or of the whole time up to `day`.

    Six statements whatever their number. Only what was mapped is in them; an indicator that is mapped by itself and by
    its definition is in once, by its own mapping.
    """
    mappings = list(CorporateMapping.objects.filter(corporate__in=corporates).order_by("pk"))
    wanted = Q(corporate_mappings__in=mappings) | Q(definition__corporate_mappings__in=mappings)
    rows = Indicator.objects.visible_to(user).filter(wanted).select_related("project").distinct()
    indicators = list(rows.order_by("project__code", "order", "pk"))
    facts = figures_of(indicators, day=day, cells=False)
    return {one.pk: _figure(one, mappings, indicators, facts, year) for one in corporates}


def _figure(
    corporate: CorporateIndicator,
    mappings: Sequence[CorporateMapping],
    indicators: Sequence[Indicator],
    facts: dict[int, IndicatorFacts],
    year: int | None,
) -> CorporateFigure:
    own = [one for one in mappings if one.corporate_id == corporate.pk]
    by_indicator = {one.indicator_id: one for one in own if one.indicator_id}
    by_definition = {one.definition_id: one for one in own if one.definition_id}
    parts = []
    for indicator in indicators:
        mapping = by_indicator.get(indicator.pk) or by_definition.get(indicator.definition_id or 0)
        if mapping is not None:
            parts.append(_part(corporate, indicator, mapping, facts[indicator.pk], year))
    figures = [one.figure for one in parts if not one.why_not]
    method, measure = AcrossPartners(corporate.across_projects), Measure(corporate.measure)
    reported, of = share_reported(figures)
    return CorporateFigure(corporate, combined(figures, method, measure=measure), parts, reported, of)


def _part(
    corporate: CorporateIndicator,
    indicator: Indicator,
    mapping: CorporateMapping,
    facts: IndicatorFacts,
    year: int | None,
) -> Part:
    told = _in_year(facts, year)
    problem = why_not(corporate, indicator, mapping)
    if problem is not None:
        return Part(indicator, mapping, told.figure, NOT_REPORTED, WHY[problem])
    figure = told.figure
    if mapping.factor != 1 and corporate.measure in ADDITIVE:
        figure = in_other_unit(figure, Conversion("", "", mapping.factor))
    return Part(indicator, mapping, told.figure, figure, "", _missing(facts, year), len(told.across))


def _in_year(facts: IndicatorFacts, year: int | None) -> InSpan:
    if year is None:
        return InSpan(facts.actual)
    indicator = facts.indicator
    periods = [
        PeriodFigures(one.period.ends_on, one.actual, one.target, len(one.missing), one.period.starts_on)
        for one in facts.periods
    ]
    return in_span(
        periods,
        date(year, 1, 1),
        date(year, 12, 31),
        AcrossTime(indicator.across_time),
        cumulative=indicator.is_cumulative,
        measure=Measure(indicator.measure),
    )


def _missing(facts: IndicatorFacts, year: int | None) -> tuple[str, ...]:
    owed = [
        each.organisation
        for one in facts.periods
        if year is None or one.period.starts_on.year <= year <= one.period.ends_on.year
        for each in one.missing
    ]
    return tuple(sorted(set(owed)))
