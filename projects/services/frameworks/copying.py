"""Making the framework of a project from another one's, or from a template: looked at first, then made whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import Sentence
from projects.choices import Action
from projects.models import Baseline, Dimension, Indicator, IndicatorDefinition, Period, Project, Result, Target
from projects.queries.definitions import column_of, column_value
from projects.services.frameworks.shapes import shape_of
from projects.services.inputs import IndicatorInput
from projects.services.periods import generate_periods
from projects.services.results import add_indicators, add_results, set_targets

Shape = Mapping[str, Any]


@dataclass(frozen=True)
class Copied:
    """What of a framework is (or would be) made, by code; `problems` say why it can't be, and then nothing is."""

    results: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)
    periods: int = 0
    baselines: int = 0
    targets: int = 0
    problems: list[Sentence] = field(default_factory=list)


def copy_framework(
    *, source: Project, project: Project, with_baselines: bool = False, with_targets: bool = False, by: User
) -> Copied:
    """Give a project the framework of another one. Raises as `make_framework`, `NotAllowed` for one not seen."""
    require(by, "projects.view", source)
    return make_framework(
        shape=shape_of(source), project=project, with_baselines=with_baselines, with_targets=with_targets, by=by
    )


def preview_framework(
    *, shape: Shape, project: Project, with_baselines: bool = False, with_targets: bool = False, by: User
) -> Copied:
    """What making it would give, or why it can't be: it is made and taken back, so that nothing of it stays."""
    problems = list(_problems(shape, project))
    if problems:
        require(by, "projects.manage_framework", project)
        return Copied(problems=problems)
    with transaction.atomic():
        made = make_framework(
            shape=shape, project=project, with_baselines=with_baselines, with_targets=with_targets, by=by
        )
        transaction.set_rollback(True)
    return made


@transaction.atomic
def make_framework(
    *, shape: Shape, project: Project, with_baselines: bool = False, with_targets: bool = False, by: User
) -> Copied:
    """Make results, indicators and periods of a shape, the periods by the project's own days and frequency.

    Baselines and targets only where asked for; a period's target goes to the period at the same place in the order of
    time, one without such a period is left out. Raises `ValidationError` with every reason, and nothing is made.
    """
    require(by, "projects.manage_framework", project)
    problems = list(_problems(shape, project))
    if problems:
        raise ValidationError(problems)
    results = _results(shape, project, by)
    rows = [_input(one, project, results, with_baselines=with_baselines) for one in _known(shape["indicators"])]
    indicators = {one.code: one for one in add_indicators(project=project, rows=rows, by=by)}
    periods = _periods(project, list(indicators.values()), by)
    targets = list(_targets(shape, indicators, periods)) if with_targets else []
    set_targets(project=project, rows=targets, by=by)
    made = Copied(
        [one.code for one in results.values()],
        list(indicators),
        sum(map(len, periods.values())),
        sum(len(one.baselines) for one in rows),
        len(targets),
    )
    facts = {"results": len(made.results), "indicators": len(made.indicators), "targets": made.targets}
    audit.record(by, Action.FRAMEWORK_COPIED, project, **facts)
    return made


def _problems(shape: Shape, project: Project) -> Iterator[Sentence]:
    """Why it can't be made: nothing in it, codes that are taken, a project without days."""
    if not shape["results"]:
        yield _("There is no framework to copy.")
    for model, name in ((Result, "results"), (Indicator, "indicators")):
        codes = {one["code"] for one in shape[name]}
        taken = sorted(model._base_manager.filter(project=project, code__in=codes).values_list("code", flat=True))
        if taken and name == "results":
            yield _("The project has results of these codes already: %(codes)s.") % {"codes": ", ".join(taken)}
        elif taken:
            yield _("The project has indicators of these codes already: %(codes)s.") % {"codes": ", ".join(taken)}
    if project.starts_on is None or project.ends_on is None:
        yield _("The project has no start and end yet, so its periods can't be made.")
    wanted = {code for one in shape["indicators"] for code in one["dimensions"]}
    gone = sorted(wanted - set(Dimension.objects.filter(code__in=wanted).values_list("code", flat=True)))
    if gone:
        yield _("These ways to break down are no longer there: %(codes)s.") % {"codes": ", ".join(gone)}


def _results(shape: Shape, project: Project, by: User) -> dict[str, Result]:
    """Parents first, a statement a level of the tree."""
    made: dict[str, Result] = {}
    waiting = list(shape["results"])
    while waiting:
        ready = [one for one in waiting if one["parent"] is None or one["parent"] in made]
        rows = [_result(one, project, made) for one in ready]
        made |= {one.code: one for one in add_results(project=project, rows=rows, by=by)}
        waiting = [one for one in waiting if one["code"] not in made]
    return made


def _result(one: Shape, project: Project, made: Mapping[str, Result]) -> Result:
    facts = {name: one[name] for name in ("code", "level", "titles", "descriptions", "assumptions", "order")}
    return Result(project=project, parent=made.get(one["parent"] or ""), **facts)


def _known(rows: list[Shape]) -> list[tuple[Shape, list[Dimension], int | None]]:
    """Each indicator with its dimensions, and its definition of the library where that is still there."""
    dimensions = {one.code: one for one in Dimension.objects.all()}
    wanted = {one["own"]["definition_id"] for one in rows}
    library = set(IndicatorDefinition.objects.filter(pk__in=wanted - {None}).values_list("pk", flat=True))
    return [
        (
            one,
            [dimensions[code] for code in one["dimensions"]],
            one["own"]["definition_id"] if one["own"]["definition_id"] in library else None,
        )
        for one in rows
    ]


def _input(
    known: tuple[Shape, list[Dimension], int | None],
    project: Project,
    results: Mapping[str, Result],
    *,
    with_baselines: bool,
) -> IndicatorInput:
    one, dimensions, definition = known
    row = Indicator(project=project, result=results[one["result"]], code=one["code"], **one["own"])
    row.definition_id = definition
    for name, value in one["facts"].items():
        setattr(row, column_of(name), column_value(name, value))
    baselines = [Baseline(**_value(each), year=each["year"]) for each in one["baselines"] if with_baselines]
    return IndicatorInput(row, tuple(dimensions), tuple(baselines))


def _value(one: Shape) -> dict[str, Any]:
    numbers = {name: None if one[name] is None else Decimal(one[name]) for name in ("numerator", "denominator")}
    return {"cell": one["cell"], **numbers, "text": one["text"], "comment": one["comment"]}


def _periods(project: Project, indicators: list[Indicator], by: User) -> dict[int, list[Period]]:
    """The periods of each indicator in the order of time."""
    found: dict[int, list[Period]] = {one.pk: [] for one in indicators}
    if project.starts_on is None or project.ends_on is None or not indicators:
        return found
    made = generate_periods(
        indicators=indicators,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        frequency=project.frequency,
        due_days=project.due_days,
        by=by,
    )
    for one in made:
        found[one.indicator_id].append(one)
    return found


def _targets(
    shape: Shape, indicators: Mapping[str, Indicator], periods: Mapping[int, list[Period]]
) -> Iterator[Target]:
    for one in shape["indicators"]:
        row = indicators[one["code"]]
        for each in one["targets"]:
            at, own = each["at"], periods[row.pk]
            if at is None or at < len(own):
                yield Target(indicator=row, period=None if at is None else own[at], **_value(each))
