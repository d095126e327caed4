"""Baselines, periods and targets of imported indicators; what partners reported follows in `reported`."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from partners.models import Organisation
from projects.models import Baseline, Indicator, Period, Place, Target
from projects.services.imports.known import Known
from projects.services.imports.outcome import Outcome
from projects.services.imports.reported import Figures, write_reported
from projects.services.imports.shapes import Activity, Measured
from projects.services.imports.shapes import Indicator as Told
from projects.services.imports.shapes import Period as ToldPeriod
from projects.services.imports.texts import by_language, is_plain

_TOLD_FACTS = ("cell", "place_id", "numerator", "text", "comment")
_BASELINE_FACTS = (*_TOLD_FACTS, "year", "on")


@dataclass(frozen=True, slots=True)
class Placed:
    """An indicator's row and what the file says of it."""

    row: Indicator
    told: Told


def write_figures(
    activity: Activity,
    indicators: list[Placed],
    reporter: Organisation,
    places: dict[str, Place],
    known: Known,
    outcome: Outcome,
) -> None:
    """Write what is new or differs for these indicators: dimensions, baselines, periods, targets, actuals."""
    said = Figures(activity, places, known)
    baselines = {one.row.pk: [_baseline(one.row, told, said) for told in one.told.baselines] for one in indicators}
    periods = _periods(indicators)
    targets = {row.pk: [_target(row, told, said) for told in period.targets] for row, period in periods}
    reported = [(row, said.by_place(period.actuals)) for row, period in periods]
    known.save_new()
    _replace(Baseline, "indicator_id", baselines, _BASELINE_FACTS)
    _replace(Target, "period_id", targets, _TOLD_FACTS)
    _write_dimensions(indicators, said)
    write_reported(reported, reporter, known, outcome)


# ---------------------------------------------------------------- periods


def _periods(indicators: list[Placed]) -> list[tuple[Period, ToldPeriod]]:
    ids = [one.row.pk for one in indicators]
    there = {(row.indicator_id, row.starts_on, row.ends_on): row for row in _rows(Period, "indicator_id", ids)}
    found: list[tuple[Period, ToldPeriod]] = []
    for one in indicators:
        for told in one.told.periods:
            row = there.get((one.row.pk, told.start, told.end))
            found.append((row or Period(indicator=one.row, starts_on=told.start, ends_on=told.end), told))
    Period.objects.bulk_create([row for row, _told in found if row.pk is None], batch_size=500)
    return found


def _rows(model: Any, column: str, ids: list[int]) -> Iterable[Any]:
    """Rows of a model by one of its columns, in batches that every database takes."""
    for start in range(0, len(ids), 500):
        yield from model.objects.filter(**{f"{column}__in": ids[start : start + 500]})


# ---------------------------------------------------------------- baselines and targets


def _baseline(row: Indicator, told: Measured, said: Figures) -> Baseline:
    return Baseline(indicator=row, year=told.year, on=told.day, **_facts(told, said))


def _target(row: Period, told: Measured, said: Figures) -> Target:
    return Target(indicator_id=row.indicator_id, period=row, **_facts(told, said))


def _facts(told: Measured, said: Figures) -> dict[str, Any]:
    return {
        "cell": said.cell(told),
        "place": said.place(told),
        "numerator": told.number,
        "text": kept_text(told),
        "comment": by_language(told.comments),
    }


def kept_text(told: Measured) -> str:
    """The value as it was written, where its number alone would not say it."""
    return "" if told.number is not None and is_plain(told.text) else told.text


def _replace(model: Any, column: str, wanted: dict[int, list[Any]], facts: tuple[str, ...]) -> None:
    """For each owner whose rows differ from the wanted ones: the old rows go, the new ones come.

    Targets of a single partner are the portal's own and stay.
    """
    there: dict[int, list[Any]] = defaultdict(list)
    for row in _rows(model, column, list(wanted)):
        if getattr(row, "organisation_id", None) is None:
            there[getattr(row, column)].append(row)
    differing = [owner for owner, rows in wanted.items() if _said(rows, facts) != _said(there[owner], facts)]
    model.objects.filter(pk__in=[row.pk for owner in differing for row in there[owner]]).delete()
    model.objects.bulk_create([row for owner in differing for row in wanted[owner]], batch_size=500)


def _said(rows: list[Any], facts: tuple[str, ...]) -> Counter[Hashable]:
    return Counter(tuple(_comparable(row, name) for name in facts) for row in rows)


def _comparable(row: Any, name: str) -> Hashable:
    if name == "place_id":
        place: int | None = row.place_id if row.place_id is not None or row.place is None else row.place.pk
        return place
    value: Any = getattr(row, name)
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


# ---------------------------------------------------------------- dimensions


def _write_dimensions(indicators: list[Placed], said: Figures) -> None:
    """The dimensions that an indicator's figures are broken down by."""
    through = Indicator.dimensions.through
    pairs = {
        (one.row.pk, dimension.pk)
        for one in indicators
        for told in _measured(one.told)
        for dimension in said.dimensions(told)
    }
    rows = [through(indicator_id=indicator, dimension_id=dimension) for indicator, dimension in sorted(pairs)]
    through.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _measured(told: Told) -> Iterable[Measured]:
    yield from told.baselines
    for period in told.periods:
        yield from period.targets
        yield from period.actuals
