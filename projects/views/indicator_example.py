"""The worked example beside the form of an indicator: its two methods on small values, or its formula on today's."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kmop.shared import formats
from projects.calculation.evaluation import unit_of
from projects.calculation.examples import PERIODS, example
from projects.calculation.methods import (
    default_across_partners,
    default_across_time,
    may_combine_partners,
    may_combine_time,
)
from projects.calculation.values import AcrossPartners as Partners
from projects.calculation.values import AcrossTime as Time
from projects.calculation.values import Figure
from projects.calculation.values import Measure as MeasureValue
from projects.choices import AcrossPartners, AcrossTime, Measure
from projects.models import Indicator, Project
from projects.queries.explain_formula import explain_formula
from projects.queries.formulas import inputs_known
from projects.validators import check_formula
from projects.views.shown import shown


def worked_example(said: Mapping[str, Any], project: Project, *, day: date) -> dict[str, Any]:
    """What `projects/results/example.html` shows of what stands in a form, valid or not.

    Either `problems` (sentences), or for a formula `formula`, `numbers`, `figure`, `unit`, `lacking`, or for what is
    reported `heads`, `rows`, `together`, `whole` and the two methods in words.
    """
    indicator = _indicator(said, project)
    if indicator is None:
        return {"problems": [_("Choose a measure first.")]}
    return _of_formula(indicator, day) if indicator.measure == Measure.FORMULA else _of_methods(indicator)


def _indicator(said: Mapping[str, Any], project: Project) -> Indicator | None:
    measure = str(said.get("measure") or "")
    if measure not in Measure.values:
        return None
    is_cumulative = said.get("is_cumulative") in ("on", True)
    return Indicator(
        pk=0,
        project=project,
        code=str(said.get("code") or ""),
        units={"en": str(said.get("units_en") or said.get("units_el") or "")},
        measure=measure,
        formula=str(said.get("formula") or "").strip(),
        is_cumulative=is_cumulative,
        across_partners=said.get("across_partners") or default_across_partners(MeasureValue(measure)).value,
        across_time=said.get("across_time")
        or default_across_time(MeasureValue(measure), cumulative=is_cumulative).value,
        scale_minimum=_number(said.get("scale_minimum")),
        scale_maximum=_number(said.get("scale_maximum")),
        decimals=min(int(_number(said.get("decimals")) or 0), 6),
    )


def _number(text: object) -> Decimal | None:
    """A small number that was typed; None for what is none."""
    try:
        found = Decimal(str(text or ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 1000 else None


# ---------------------------------------------------------------- methods
def _of_methods(indicator: Indicator) -> dict[str, Any]:
    problems = list(_meaningless(indicator))
    if problems:
        return {"problems": problems}
    made = example(
        MeasureValue(indicator.measure),
        Partners(indicator.across_partners),
        Time(indicator.across_time),
        cumulative=indicator.is_cumulative,
        lowest=indicator.scale_minimum,
        highest=indicator.scale_maximum,
    )
    who = [_("Partner A, Athens"), _("Partner A, Patras"), _("Partner B")]
    rows = zip(who, made.said, strict=True)
    return {
        "caption": indicator.units["en"],
        "is_cumulative": indicator.is_cumulative,
        "heads": [_("Period %(n)s") % {"n": number} for number in range(1, PERIODS + 1)],
        "rows": [{"who": name, "figures": [_said(one, indicator) for one in row]} for name, row in rows],
        "together": [_told(one, indicator) for one in made.together],
        "whole": _told(made.whole, indicator),
        "partners": AcrossPartners(indicator.across_partners).label,
        "time": AcrossTime(indicator.across_time).label,
    }


def _meaningless(indicator: Indicator) -> list[str]:
    measure, known = MeasureValue(indicator.measure), (AcrossPartners.values, AcrossTime.values)
    found = []
    partners, time = indicator.across_partners, indicator.across_time
    if partners not in known[0] or not may_combine_partners(measure, Partners(partners)):
        found.append(_("This method across partners has no meaning for the measure."))
    if time not in known[1] or not may_combine_time(measure, Time(time)):
        found.append(_("This method across time has no meaning for the measure."))
    return found


def _said(one: Figure, indicator: Indicator) -> str:
    """What somebody reports: parts as parts."""
    if one.denominator is None or one.numerator is None:
        return _("0 of 0") if one.value is None else _told(one, indicator)
    parts = {"part": formats.number(one.numerator), "whole": formats.number(one.denominator)}
    return _("%(part)s of %(whole)s") % parts


def _told(one: Figure, indicator: Indicator) -> str:
    return _("Shown one by one") if one.reason == "apart" else shown(one, indicator)


# ---------------------------------------------------------------- formulas
def _of_formula(indicator: Indicator, day: date) -> dict[str, Any]:
    known = inputs_known(indicator.project)
    try:
        check_formula(indicator.code, indicator.formula, known)
    except ValidationError as error:
        return {"problems": error.messages}
    said = explain_formula(indicator, day=day, period=None, cell="", as_of=None)
    unit = ""
    if said.tree is not None:
        unit = str(unit_of(said.tree, {code: one.unit for code, one in known.items()})[0])
    return {
        "formula": said.in_words,
        "numbers": said.written(lambda one: shown(one.figure, one.indicator) if one.indicator else one.code),
        "figure": shown(said.figure, indicator),
        "unit": unit,
        "lacking": ", ".join(said.lacking),
    }
