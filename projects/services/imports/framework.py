"""Results and indicators of an activity as rows of its project; a later file finds the rows it made again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kmop.shared.models import bump
from partners.models import Organisation
from projects.calculation.definition import Change
from projects.calculation.methods import default_across_partners, default_across_time
from projects.calculation.values import Measure as MeasureValue
from projects.choices import AcrossTime, Direction, Measure, ResultLevel
from projects.models import Indicator, Place, Project, Result
from projects.queries.definitions import plain_fact
from projects.services.definitions import change_indicator, first_versions
from projects.services.imports.figures import Placed, write_figures
from projects.services.imports.known import Known
from projects.services.imports.outcome import Outcome, Remark
from projects.services.imports.shapes import Activity
from projects.services.imports.shapes import Indicator as ToldIndicator
from projects.services.imports.shapes import Result as ToldResult
from projects.services.imports.texts import by_language
from projects.services.saving import indicator_search_text

LEVELS = {"1": ResultLevel.OUTPUT, "2": ResultLevel.OUTCOME, "3": ResultLevel.IMPACT}
"""IATI ResultType: 1 output, 2 outcome, 3 impact; 9 (other) has no level here and counts as output."""

MEASURES = {
    "1": Measure.COUNT,
    "2": Measure.PERCENTAGE,
    "3": Measure.QUALITATIVE,
    "4": Measure.QUALITATIVE,
    "5": Measure.QUALITATIVE,
}
"""IATI IndicatorMeasure: 1 unit, 2 percentage, 3 nominal, 4 ordinal, 5 qualitative."""

MOST_DECIMALS = 6
_RESULT_FACTS = ("titles", "descriptions", "level")
_DEFINED = ("titles", "definitions", "measure", "direction", "across_partners", "across_time", "decimals")
_INDICATOR_FACTS = ("iati_measure", "aggregation_stated")


@dataclass(frozen=True, slots=True)
class Ids:
    """Which rows the results and indicators of a file became, by what they are called in the file."""

    results: dict[str, int] = field(default_factory=dict)
    indicators: dict[str, int] = field(default_factory=dict)


def write_framework(
    project: Project,
    activity: Activity,
    reporter: Organisation,
    places: Mapping[str, Place],
    ids: Ids,
    known: Known,
    outcome: Outcome,
) -> Ids:
    """Write results, indicators, baselines, periods, targets and actuals that are new or differ from what is there.

    Rows that the file has no more are left as they are. Returns which rows the file's elements became.
    """
    results = _results(project, activity, ids, outcome)
    indicators = _indicators(project, results, ids, known, outcome)
    placed = [Placed(row, told) for _key, row, told in indicators]
    _tell_fractions(placed, outcome)
    write_figures(activity, placed, reporter, dict(places), known, outcome)
    first_versions([row for _key, row, _told in indicators], by=known.by)
    return Ids({key: row.pk for key, row, _told in results}, {key: row.pk for key, row, _told in indicators})


def keys_of(items: Iterable[tuple[str, object]]) -> list[str]:
    """What each item is called, with a number behind it from the second of the same name on."""
    seen: dict[str, int] = {}
    keys = []
    for name, _item in items:
        seen[name] = seen.get(name, 0) + 1
        keys.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return keys


# ---------------------------------------------------------------- results


def _results(project: Project, activity: Activity, ids: Ids, outcome: Outcome) -> list[tuple[str, Result, ToldResult]]:
    there = {row.pk: row for row in project.results.all()}
    taken = {row.code for row in there.values()}
    found: list[tuple[str, Result, ToldResult]] = []
    new: list[Result] = []
    names = [(f"{told.type} {_name(told)}", told) for told in activity.results]
    for order, (key, (_said, told)) in enumerate(zip(keys_of(names), names, strict=True), 1):
        if told.type not in LEVELS:
            detail = _("The result type “%(type)s” has no level here: kept as an output.") % {"type": told.type}
            outcome.remarks.append(Remark(told.line, "no-level", detail))
        row = there.get(ids.results.get(key, 0))
        wanted = _result(project, told, order)
        if row is None:
            row = wanted
            row.code = _next_code(taken)
            new.append(row)
        else:
            _change(row, wanted, _RESULT_FACTS)
        found.append((key, row, told))
    Result.objects.bulk_create(new, batch_size=500)
    return found


def _name(told: ToldResult | ToldIndicator) -> str:
    return told.titles[0].text if told.titles else ""


def _result(project: Project, told: ToldResult, order: int) -> Result:
    return Result(
        project=project,
        level=LEVELS.get(told.type, ResultLevel.OUTPUT),
        titles=by_language(told.titles),
        descriptions=by_language(told.descriptions),
        order=order,
    )


def _next_code(taken: set[str], before: str = "") -> str:
    number = 1
    while f"{before}{number}" in taken:
        number += 1
    taken.add(f"{before}{number}")
    return f"{before}{number}"


def _change(row: Result | Indicator, wanted: Result | Indicator, facts: tuple[str, ...]) -> None:
    differs = [name for name in facts if getattr(row, name) != getattr(wanted, name)]
    for name in differs:
        setattr(row, name, getattr(wanted, name))
    if differs:
        bump(row, *differs)


# ---------------------------------------------------------------- indicators


def _indicators(
    project: Project, results: list[tuple[str, Result, ToldResult]], ids: Ids, known: Known, outcome: Outcome
) -> list[tuple[str, Indicator, ToldIndicator]]:
    there = {row.pk: row for row in project.indicators.all()}
    taken = {row.code for row in there.values()}
    found: list[tuple[str, Indicator, ToldIndicator]] = []
    new: list[Indicator] = []
    for result_key, result, told_result in results:
        names = [(f"{result_key} > {_name(told)}", told) for told in told_result.indicators]
        for key, (_said, told) in zip(keys_of(names), names, strict=True):
            row = there.get(ids.indicators.get(key, 0))
            wanted = _indicator(project, result, told, len(found) + 1)
            if row is None:
                row = wanted
                row.code = _next_code(taken, f"{result.code}.")
                row.search_text = indicator_search_text(row)
                new.append(row)
            else:
                _change(row, wanted, _INDICATOR_FACTS)
                row = _redefined(row, wanted, told, known, outcome)
            found.append((key, row, told))
    Indicator.objects.bulk_create(new, batch_size=500)
    return found


def _redefined(row: Indicator, wanted: Indicator, told: ToldIndicator, known: Known, outcome: Outcome) -> Indicator:
    """The indicator as the file defines it, by a version of its own; as it was, and told, where that can't stand."""
    facts = {name: plain_fact(wanted, name) for name in _DEFINED if getattr(row, name) != getattr(wanted, name)}
    if not facts:
        return row
    try:
        reason = _("A newer file of the publisher says so.")
        change_indicator(indicator=row, change=Change(facts), reason=reason, by=known.by)
    except ValidationError as error:
        detail = _("The indicator %(code)s stays as it is defined: %(why)s")
        said = {"code": row.code, "why": " ".join(error.messages)}
        outcome.remarks.append(Remark(told.line, "definition-kept", detail % said))
    return Indicator.objects.get(pk=row.pk)


def _indicator(project: Project, result: Result, told: ToldIndicator, order: int) -> Indicator:
    measure = MEASURES.get(told.measure, Measure.COUNT)
    method = MeasureValue(measure.value)
    return Indicator(
        project=project,
        result=result,
        titles=by_language(told.titles),
        definitions=by_language(told.descriptions),
        measure=measure,
        direction=Direction.ASCENDING if told.ascending else Direction.DESCENDING,
        across_partners=default_across_partners(method).value,
        across_time=AcrossTime.LATEST if _overlap(told) else default_across_time(method).value,
        decimals=_decimals(told),
        iati_measure=told.measure[:2],
        aggregation_stated=told.aggregation,
        order=order,
    )


def _tell_fractions(indicators: list[Placed], outcome: Outcome) -> None:
    """A count whose figures are no whole numbers is kept as it was reported, with as many decimals, and told."""
    for one in indicators:
        if one.row.measure == Measure.COUNT and one.row.decimals:
            detail = _("The indicator counts, but its figures are not whole: kept as reported.")
            outcome.remarks.append(Remark(one.told.line, "not-whole", detail))


def _overlap(told: ToldIndicator) -> bool:
    """Whether periods overlap (a year and the whole life side by side): adding them up would count twice."""
    spans = sorted((period.start, period.end) for period in told.periods)
    return any(later[0] <= earlier[1] for earlier, later in zip(spans, spans[1:], strict=False))


def _decimals(told: ToldIndicator) -> int:
    numbers = [one.number for period in told.periods for one in (*period.targets, *period.actuals)]
    return min(MOST_DECIMALS, max((_places(number) for number in numbers if number is not None), default=0))


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
