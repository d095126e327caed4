"""Projects of the demo portfolio: dates, partners, frameworks, periods and targets."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from partners.models import Organisation
from projects.choices import (
    AcrossPartners,
    AcrossTime,
    Direction,
    Frequency,
    PartnershipRole,
    ProjectRoleName,
    ResultLevel,
)
from projects.models import Baseline, Dimension, FocusArea, Indicator, Period, Place, Project, Result, Target
from projects.services.inputs import IndicatorInput
from projects.services.periods import generate_periods
from projects.services.places import add_place
from projects.services.projects import add_partnership, create_project, grant_project_role
from projects.services.results import add_indicators, add_results, set_targets
from reports.services.demo.content import Stage, month_start, texts
from reports.services.demo.people import Cast

DUE_DAYS = 35  # the last closed quarter ended with the last month, so on every day something is due
BY_PARTS = "percentage"
UNITS = {
    "people": "άτομα",
    "percent": "τοις εκατό",
    "firms": "επιχειρήσεις",
    "hours": "ώρες",
    "days": "ημέρες",
    "cities": "δήμοι",
    "nights": "διανυκτερεύσεις",
    "referrals": "παραπομπές",
    "interviews": "συνεντεύξεις",
    "families": "οικογένειες",
}


@dataclass(frozen=True)
class Planned:
    """A project of the demo with its text, its dates, its reporting partners and its indicators by code."""

    project: Project
    text: dict[str, Any]
    starts_on: date
    ends_on: date
    reporting: list[Organisation]
    indicators: dict[str, Indicator]
    periods: dict[str, list[Period]]

    def day_at(self, share: float) -> date:
        """The day on which a share (0 to 1) of the project's days has passed."""
        return self.starts_on + timedelta(days=int((self.ends_on - self.starts_on).days * share))

    @property
    def specs(self) -> dict[str, dict[str, Any]]:
        """What the content says of each indicator, by its code."""
        return {spec["code"]: spec for one in self.text["outcomes"] for spec in one["indicators"]}


def add_places(by: Any) -> dict[str, Place]:
    """The towns of the demo."""
    return {
        one["code"]: add_place(
            code=one["code"], name=one["name"], names=one["names"], country=one["country"], level=one["level"], by=by
        )
        for one in texts("places")
    }


def add_project(text: dict[str, Any], cast: Cast, places: dict[str, Place], stage: Stage, by: Any) -> Planned:
    """One project in design, with partners, people, framework, periods and targets."""
    starts_on = month_start(stage.day, text["months_ago"])
    ends_on = month_start(stage.day, text["months_ago"] - text["months"]) - timedelta(days=1)
    project = create_project(
        code=text["code"],
        titles=text["title"],
        short_titles=text["short"],
        descriptions=text["description"],
        starts_on=starts_on,
        ends_on=ends_on,
        frequency=Frequency.QUARTER,
        due_days=DUE_DAYS,
        languages=text["languages"],
        contact_phone="+30 210 000 0000",
        funding_statement={
            "en": f"Funded by {cast.organisations[text['funder']].name}.",
            "el": f"Χρηματοδοτείται από: {cast.organisations[text['funder']].names['el']}.",
            "ar": f"بتمويل من: {cast.organisations[text['funder']].names['ar']}.",
        },
        countries=text["countries"],
        focus_areas=_focus_areas(text["focus"]),
        places=[places[code] for code in text["places"]],
        by=by,
    )
    _add_partners(project, text, cast, by)
    indicators = _add_framework(project, text, by)
    periods = _add_periods(list(indicators.values()), starts_on, ends_on, by)
    reporting = [cast.organisations[code] for code in text["reporting"]]
    planned = Planned(project, text, starts_on, ends_on, reporting, indicators, periods)
    _add_targets(planned, by)
    return planned


def _focus_areas(codes: list[str]) -> list[FocusArea]:
    known = FocusArea.objects.in_bulk(codes, field_name="code")
    return [known[code] for code in codes]


def _add_partners(project: Project, text: dict[str, Any], cast: Cast, by: Any) -> None:
    count = len(text["partners"])
    for code, role in text["partners"].items():
        add_partnership(
            project=project,
            organisation=cast.organisations[code],
            role=PartnershipRole(role),
            share=Decimal(100) / count // 1,
            reports=code in text["reporting"],
            by=by,
        )
    add_partnership(
        project=project, organisation=cast.organisations[text["funder"]], role=PartnershipRole.FUNDING, by=by
    )
    grant_project_role(user=cast.manager, role=ProjectRoleName.PROJECT_MANAGER, project=project, by=by)
    grant_project_role(user=cast.officer, role=ProjectRoleName.ME_OFFICER, project=project, by=by)
    for one in texts("people"):
        if project.code in one.get("projects", ()) and one["projects"] != "all":
            grant_project_role(
                user=cast.people[one["email"]], role=ProjectRoleName(one["role"]), project=project, by=by
            )


def _add_framework(project: Project, text: dict[str, Any], by: Any) -> dict[str, Indicator]:
    impact = Result(project=project, level=ResultLevel.IMPACT, code="0", titles=text["impact"], order=0)
    add_results(project=project, rows=[impact], by=by)
    numbered = list(enumerate(text["outcomes"], start=1))
    outcomes = [
        Result(
            project=project,
            level=ResultLevel.OUTCOME,
            code=str(number),
            titles=one["title"],
            parent=impact,
            order=number * 10,
        )
        for number, one in numbered
    ]
    add_results(project=project, rows=outcomes, by=by)
    outputs = [
        Result(
            project=project,
            level=ResultLevel.OUTPUT,
            code=f"{number}.1",
            titles=one["output"],
            parent=outcome,
            order=number * 10 + 1,
        )
        for (number, one), outcome in zip(numbered, outcomes, strict=True)
    ]
    add_results(project=project, rows=outputs, by=by)
    return _add_indicators(project, text, outcomes, outputs, by)


def _add_indicators(
    project: Project, text: dict[str, Any], outcomes: list[Result], outputs: list[Result], by: Any
) -> dict[str, Indicator]:
    dimensions = {one.code: one for one in Dimension.objects.all()}
    placed = [
        (spec, output if spec.get("output") else outcome)
        for one, outcome, output in zip(text["outcomes"], outcomes, outputs, strict=True)
        for spec in one["indicators"]
    ]
    rows = [_indicator(project, spec, result, n, dimensions) for n, (spec, result) in enumerate(placed, start=1)]
    add_indicators(project=project, rows=rows, by=by)
    return {row.indicator.code: row.indicator for row in rows}


def _indicator(
    project: Project, spec: dict[str, Any], result: Result, order: int, dimensions: dict[str, Dimension]
) -> IndicatorInput:
    measure = spec.get("measure", "count")
    combined = {
        "count": (AcrossPartners.SUM, AcrossTime.SUM),
        "percentage": (AcrossPartners.WEIGHTED_RATIO, AcrossTime.WEIGHTED_RATIO),
        "scale": (AcrossPartners.AVERAGE, AcrossTime.LATEST),
    }[measure]
    indicator = Indicator(
        project=project,
        result=result,
        code=spec["code"],
        titles=spec["title"],
        units={"en": spec["unit"], "el": UNITS[spec["unit"]]},
        measure=measure,
        direction=Direction.DESCENDING if spec.get("falling") else Direction.ASCENDING,
        across_partners=combined[0],
        across_time=combined[1],
        decimals=0 if measure == "count" else 1,
        order=order,
    )
    if measure == "scale":
        indicator.scale_minimum, indicator.scale_maximum = Decimal(0), Decimal(365)
    return IndicatorInput(
        indicator,
        tuple(dimensions[code] for code in spec.get("breakdown", ())),
        (_baseline(spec, measure),),
    )


def _baseline(spec: dict[str, Any], measure: str) -> Baseline:
    value = Decimal(spec.get("baseline", 0))
    if measure == BY_PARTS:
        return Baseline(numerator=value, denominator=Decimal(100))
    return Baseline(numerator=value)


def _add_periods(indicators: list[Indicator], starts_on: date, ends_on: date, by: Any) -> dict[str, list[Period]]:
    made = generate_periods(
        indicators=indicators,
        starts_on=starts_on,
        ends_on=ends_on,
        frequency=Frequency.QUARTER,
        due_days=DUE_DAYS,
        by=by,
    )
    codes = {one.pk: one.code for one in indicators}
    found: dict[str, list[Period]] = {}
    for period in sorted(made, key=lambda one: one.starts_on):
        found.setdefault(codes[period.indicator_id], []).append(period)
    return found


def _add_targets(planned: Planned, by: Any) -> None:
    rows = []
    for code, indicator in planned.indicators.items():
        spec, periods = planned.specs[code], planned.periods[code]
        rows.append(_target(indicator, None, spec, Decimal(spec["target"])))
        steps = planned_steps(spec, len(periods))
        rows += [_target(indicator, period, spec, value) for period, value in zip(periods, steps, strict=True)]
    set_targets(project=planned.project, rows=rows, by=by)


def planned_steps(spec: dict[str, Any], count: int) -> list[Decimal]:
    """What is aimed at in each period: parts of the whole for counts, a line from baseline to target for the rest."""
    target, baseline = Decimal(spec["target"]), Decimal(spec.get("baseline", 0))
    if spec.get("measure", "count") == "count":
        ends = [round(target * step / count) for step in range(count + 1)]
        return [Decimal(later - earlier) for earlier, later in zip(ends, ends[1:], strict=False)]
    begin = baseline or target * Decimal("0.6")
    return [(begin + (target - begin) * (step + 1) / count).quantize(Decimal("0.1")) for step in range(count)]


def _target(indicator: Indicator, period: Period | None, spec: dict[str, Any], value: Decimal) -> Target:
    if spec.get("measure") == BY_PARTS:
        return Target(indicator=indicator, period=period, numerator=value, denominator=Decimal(100))
    return Target(indicator=indicator, period=period, numerator=value)


def closed_periods(periods: list[Period], day: date) -> list[Period]:
    """Those that ended before `day`, oldest first."""
    return [one for one in periods if one.ends_on < day]
