"""A framework as plain data: what it is without the days, places and partners of its project."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from projects.models import Baseline, Indicator, Period, Project, Result, Target
from projects.queries.definitions import FACTS, plain_fact

OWN = ("evidence_required", "source", "definition_id", "groups", "order")
"""What an indicator takes along beside its definition."""


def shape_of(project: Project) -> dict[str, Any]:
    """The framework of a project, in six statements.

    Targets name their period by its place in the order of time (0 is the first), or None for the whole life; those of
    single places and partners, and baselines of single places, are left out.
    """
    results = list(Result.objects.filter(project=project).order_by("order", "pk"))
    codes = {one.pk: one.code for one in results}
    rows = Indicator.objects.filter(project=project).prefetch_related("dimensions").order_by("order", "pk")
    indicators = list(rows)
    ids = [one.pk for one in indicators]
    baselines = _by_indicator(Baseline.objects.filter(indicator_id__in=ids, place=None))
    targets = _by_indicator(Target.objects.filter(indicator_id__in=ids, place=None, organisation=None))
    order = _order_of_periods(ids)
    return {
        "results": [_result(one, codes) for one in results],
        "indicators": [
            {
                **_indicator(one, codes),
                "baselines": [{**_value(each), "year": each.year} for each in baselines[one.pk]],
                "targets": [{**_value(each), "at": order.get(each.period_id or 0)} for each in targets[one.pk]],
            }
            for one in indicators
        ],
    }


def _by_indicator(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for one in rows:
        found[one.indicator_id].append(one)
    return found


def _order_of_periods(ids: list[int]) -> dict[int, int]:
    """The place of each period in the order of time among those of its indicator."""
    found: dict[int, int] = {}
    counts: defaultdict[int, int] = defaultdict(int)
    rows = Period.objects.filter(indicator_id__in=ids).order_by("indicator_id", "starts_on", "ends_on", "pk")
    for pk, indicator in rows.values_list("pk", "indicator_id"):
        found[pk] = counts[indicator]
        counts[indicator] += 1
    return found


def _result(one: Result, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "level": one.level,
        "parent": codes.get(one.parent_id or 0),
        "titles": one.titles,
        "descriptions": one.descriptions,
        "assumptions": one.assumptions,
        "order": one.order,
    }


def _indicator(one: Indicator, codes: dict[int, str]) -> dict[str, Any]:
    facts = {name: plain_fact(one, name) for name in FACTS if name != "result"}
    own = {name: getattr(one, name) for name in OWN}
    dimensions = sorted(each.code for each in one.dimensions.all())
    return {"code": one.code, "result": codes[one.result_id], "facts": facts, "own": own, "dimensions": dimensions}


def _value(one: Baseline | Target) -> dict[str, Any]:
    numbers = {name: _plain(getattr(one, name)) for name in ("numerator", "denominator")}
    return {"cell": one.cell, **numbers, "text": one.text, "comment": one.comment}


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")
