"""How definitions, what differs in them, and the figures that would move are said."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.text import in_language
from projects.calculation.definition import Differs
from projects.calculation.progress import Progress
from projects.choices import AcrossPartners, AcrossTime, Direction, Measure
from projects.models import Dimension, Indicator, Result
from projects.queries.framework import DimensionFacts
from projects.queries.updates import cell_words
from projects.services.definitions import MovedFigure
from projects.views.shown import shown

MOST = 200
CHOICES: dict[str, Any] = {
    "measure": Measure,
    "direction": Direction,
    "across_partners": AcrossPartners,
    "across_time": AcrossTime,
}


def label_of(name: str) -> str:
    """The name of a fact of a definition."""
    if name == "mappings":
        return _("Categories")
    if name == "period":
        return _("Period")
    if name == "result":
        return _("Result")
    return str(Indicator._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


class Names:
    """The names of results and dimensions that definitions hold by their keys; each kind is read once, if asked for."""

    def __init__(self, project_id: int) -> None:
        self.project_id = project_id

    @cached_property
    def results(self) -> dict[int, str]:
        """The results of the project."""
        return {one.pk: str(one) for one in Result.objects.filter(project=self.project_id)}

    @cached_property
    def dimensions(self) -> dict[str, str]:
        """All ways to break down."""
        return {one.code: str(one) for one in Dimension.objects.order_by("code")}


def said_fact(name: str, value: Any, names: Names) -> str:
    """A fact of a definition in words."""
    if value in (None, "", {}, []):
        return "–"
    if name == "mappings":
        return "; ".join(_mapping(*one) for one in value)
    if name == "period":
        return formats.period(date.fromisoformat(value[0]), date.fromisoformat(value[1]))
    if name == "result":
        return names.results.get(value, str(value))
    if name == "dimensions":
        return ", ".join(names.dimensions.get(one, one) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return in_language(value) if isinstance(value, dict) else _choice(name, value)


def _choice(name: str, value: Any) -> str:
    return str(CHOICES[name](value).label) if name in CHOICES else str(value)


def _mapping(dimension: str, old: str, becomes: str) -> str:
    where = {"old": f"{dimension}: {old}", "new": becomes}
    if not becomes:
        return _("%(old)s is left out") % where
    return _("%(old)s stays apart") % where if becomes == old else _("%(old)s becomes %(new)s") % where


def difference_rows(differs: Iterable[Differs], names: Names) -> Iterator[dict[str, str]]:
    """What differs, before and after."""
    for one in differs:
        yield {
            "label": label_of(one.name),
            "before": said_fact(one.name, one.before, names),
            "after": said_fact(one.name, one.after, names),
        }


def said_differences(differs: Iterable[Differs], names: Names) -> str:
    """What differs, in one line."""
    words = _("%(name)s: %(before)s > %(after)s")
    rows = [{"name": one["label"], **one} for one in difference_rows(differs, names)]
    return "; ".join(words % one for one in rows)


def current_facts(indicator: Indicator) -> list[dict[str, str]]:
    """How it is defined now."""
    told = (
        (_("Result"), str(indicator.result)),
        (_("Definition"), in_language(indicator.definitions)),
        (_("Measure"), indicator.get_measure_display()),
        (_("Unit"), in_language(indicator.units)),
        (_("Direction"), indicator.get_direction_display()),
        (_("Across partners and places"), indicator.get_across_partners_display()),
        (_("Across time"), indicator.get_across_time_display()),
        (_("Partners report"), _("Running totals") if indicator.is_cumulative else _("What came each period")),
        (_("Broken down by"), ", ".join(str(one) for one in indicator.dimensions.all())),
    )
    return [{"label": str(label), "text": str(text)} for label, text in told if text]


def figure_rows(figures: Sequence[MovedFigure], dimensions: Sequence[DimensionFacts]) -> Iterator[dict[str, str]]:
    """The first figures that would differ, each with what it was; parts by the titles of their categories."""
    for one in figures[:MOST]:
        period = formats.period(one.period.starts_on, one.period.ends_on) if one.period else _("To date")
        yield {
            "indicator": one.indicator.code,
            "period": f"{period}, {cell_words(one.cell, dimensions)}" if one.cell else period,
            "locked": _("locked") if one.period is not None and one.period.is_locked else "",
            "before": shown(one.before, one.indicator),
            "after": shown(one.after, one.indicator_after),
            "progress_before": _progress(one.progress_before),
            "progress_after": _progress(one.progress_after),
        }


def _progress(one: Progress | None) -> str:
    return formats.percent(one.value) if one is not None and one.value is not None else ""
