"""Acts on the results framework: results, indicators, baselines, targets, dimensions."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import Sentence
from projects.calculation.cells import canonical
from projects.calculation.methods import (
    default_across_partners,
    default_across_time,
    may_combine_partners,
    may_combine_time,
)
from projects.calculation.values import AcrossPartners, AcrossTime, Measure
from projects.choices import Action
from projects.models import Baseline, Category, Dimension, Indicator, IndicatorDefinition, Project, Result, Target
from projects.services.definitions.versions import first_versions
from projects.services.formulas import periods_of_inputs, refuse_wrong_formulas
from projects.services.inputs import IndicatorInput
from projects.services.periods.making import generate_periods
from projects.services.saving import change, indicator_search_text, keep, keep_all, one_project

RANK = {"impact": 0, "outcome": 1, "output": 2}


# ---------------------------------------------------------------- results
@transaction.atomic
def add_result(
    *,
    project: Project,
    level: str,
    code: str,
    titles: Mapping[str, str],
    parent: Result | None = None,
    by: User,
    **f: Any,
) -> Result:
    """Add a node of the framework; a parent stands on a higher level. `f` are further columns of `Result`."""
    require(by, "projects.manage_framework", project)
    row = Result(project=project, level=level, code=code, titles=dict(titles), parent=parent, **f)
    _check_parent(row)
    keep(row)
    audit.record(by, Action.RESULT_CREATED, row, project=project.pk, code=code)
    return row


@transaction.atomic
def add_results(*, project: Project, rows: Sequence[Result], by: User) -> list[Result]:
    """Add unsaved results of one project in one statement; parents come with an earlier call."""
    require(by, "projects.manage_framework", project)
    one_project(rows, project)
    for row in rows:
        _check_parent(row)
    made = keep_all(rows)
    audit.record_many(by, Action.RESULT_CREATED, [(one, {"project": project.pk, "code": one.code}) for one in made])
    return made


def _check_parent(row: Result) -> None:
    parent = row.parent
    if parent is None:
        return
    if parent.project_id != row.project_id or RANK[parent.level] >= RANK[row.level]:
        raise ValidationError({"parent": [_("A result belongs to one of a higher level in the same project.")]})


# ---------------------------------------------------------------- indicators
@transaction.atomic
def add_indicator(
    *,
    result: Result,
    code: str,
    titles: Mapping[str, str],
    dimensions: Iterable[Dimension] = (),
    periods: bool = False,
    by: User,
    **fields: Any,
) -> Indicator:
    """Add an indicator to a result; methods that aren't given are those its measure starts with.

    With `periods` it gets those of its project; a formula always those of an input. Raises `ValidationError` by field:
    a method without meaning for the measure, a code that is taken, a formula that can't be.
    """
    require(by, "projects.manage_framework", result)
    measure = Measure(fields.get("measure", Measure.COUNT))
    fields.setdefault("across_partners", default_across_partners(measure).value)
    is_cumulative = bool(fields.get("is_cumulative"))
    fields.setdefault("across_time", default_across_time(measure, cumulative=is_cumulative).value)
    row = Indicator(project_id=result.project_id, result=result, code=code, titles=dict(titles), **fields)
    check_methods(row)
    refuse_wrong_formulas(result.project, [row])
    row.search_text = indicator_search_text(row)
    keep(row)
    row.dimensions.set(list(dimensions))
    first_versions([row], by=by)
    periods_of_inputs(row)
    if periods and row.measure != Measure.FORMULA:
        _project_periods(row, by)
    audit.record(by, Action.INDICATOR_CREATED, row, project=row.project_id, code=code)
    return row


def _project_periods(indicator: Indicator, by: User) -> None:
    """The periods of its project's whole time, where that is known."""
    project = indicator.project
    if project.starts_on and project.ends_on:
        generate_periods(
            indicators=[indicator],
            starts_on=project.starts_on,
            ends_on=project.ends_on,
            frequency=project.frequency,
            due_days=project.due_days,
            by=by,
        )


@transaction.atomic
def add_indicators(*, project: Project, rows: Sequence[IndicatorInput], by: User) -> list[Indicator]:
    """Add unsaved indicators with dimensions, baselines and first versions in six statements; methods must be given."""
    require(by, "projects.manage_framework", project)
    indicators = [one.indicator for one in rows]
    one_project(indicators, project)
    for row in indicators:
        check_methods(row)
        row.search_text = indicator_search_text(row)
    refuse_wrong_formulas(project, indicators)
    made = keep_all(indicators)
    through = Indicator.dimensions.through
    through.objects.bulk_create(
        [through(indicator_id=one.indicator.pk, dimension_id=each.pk) for one in rows for each in one.dimensions]
    )
    baselines = []
    for one in rows:
        for baseline in one.baselines:
            baseline.indicator = one.indicator
            baselines.append(baseline)
    keep_all(baselines)
    first_versions(made, by=by)
    audit.record_many(by, Action.INDICATOR_CREATED, [(one, {"project": project.pk, "code": one.code}) for one in made])
    return made


def check_methods(row: Indicator | IndicatorDefinition) -> None:
    """Refuse methods across partners or time that have no meaning for the row's measure (`ValidationError`)."""
    measure = Measure(row.measure)
    problems: dict[str, list[Sentence]] = {}
    if measure == Measure.FORMULA and isinstance(row, IndicatorDefinition):
        problems["measure"] = [_("A formula names indicators of one project: add it to that project.")]
    if not may_combine_partners(measure, AcrossPartners(row.across_partners)):
        problems["across_partners"] = [_("This method across partners has no meaning for the measure.")]
    if not may_combine_time(measure, AcrossTime(row.across_time)):
        problems["across_time"] = [_("This method across time has no meaning for the measure.")]
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def add_baseline(
    *,
    indicator: Indicator,
    numerator: Decimal | None,
    denominator: Decimal | None = None,
    cell: str = "",
    by: User,
    **f: Any,
) -> Baseline:
    """Say where an indicator stood before; `f` are further columns of `Baseline` (year, on, place, text, comment)."""
    require(by, "projects.manage_framework", indicator)
    row = Baseline(indicator=indicator, numerator=numerator, denominator=denominator, cell=canonical(cell), **f)
    keep(row)
    audit.record(by, Action.TARGETS_SET, indicator, baseline=row.pk)
    return row


@transaction.atomic
def set_targets(*, project: Project, rows: Sequence[Target], by: User) -> list[Target]:
    """Put unsaved targets in place of those of the same indicator, period, cell, place and organisation."""
    require(by, "projects.manage_framework", project)
    if any(one.indicator.project_id != project.pk for one in rows):
        raise ValueError("a target of another project")
    wanted = {_target_key(one) for one in rows}
    known = Target.objects.filter(indicator_id__in={one.indicator_id for one in rows})
    Target.objects.filter(pk__in=[one.pk for one in known if _target_key(one) in wanted]).delete()
    made = keep_all(rows)
    audit.record(by, Action.TARGETS_SET, project, targets=len(made))
    return made


def _target_key(one: Target) -> tuple[Any, ...]:
    return one.indicator_id, one.period_id, one.cell, one.place_id, one.organisation_id


# ---------------------------------------------------------------- dimensions
def _check_codes(codes: Iterable[str]) -> None:
    for one in codes:
        if not one or set(one) & set(":|"):
            raise ValidationError({"code": [_("A code is not empty and holds no colon and no bar.")]})


@transaction.atomic
def add_dimension(
    *,
    code: str,
    titles: Mapping[str, str],
    categories: Mapping[str, Mapping[str, str]],
    is_exclusive: bool = True,
    by: User,
) -> Dimension:
    """Add a way to break figures down, with its categories in order: {code: titles}. Codes hold no ":" or "|"."""
    require(by, "projects.manage_lists")
    _check_codes((code, *categories))
    row = keep(Dimension(code=code, titles=dict(titles), is_exclusive=is_exclusive))
    keep_all(
        [
            Category(dimension=row, code=one, titles=dict(texts), order=order)
            for order, (one, texts) in enumerate(categories.items())
        ]
    )
    audit.record(by, Action.LISTS_CHANGED, row, code=code)
    return row


@transaction.atomic
def change_dimension(
    *,
    dimension: Dimension,
    titles: Mapping[str, str],
    categories: Mapping[str, Mapping[str, str]],
    is_exclusive: bool,
    expected_version: int | None = None,
    by: User,
) -> Dimension:
    """Rename a dimension, put its categories {code: titles} in this order, and add those that are new.

    Categories stay: figures may stand in them. Raises `ValidationError` at "categories" where one is left out, and
    `Stale`.
    """
    require(by, "projects.manage_lists")
    _check_codes(categories)
    known = {one.code: one for one in dimension.categories.all()}
    lost = sorted(set(known) - set(categories))
    if lost:
        sentence = str(_("These categories stay, for figures may stand in them: %s.")) % ", ".join(lost)
        raise ValidationError({"categories": [sentence]})
    changes = {"titles": dict(titles), "is_exclusive": is_exclusive}
    changed = change(dimension, changes, allowed=("titles", "is_exclusive"), expected_version=expected_version)
    rows = [
        Category(dimension=dimension, code=code, titles=dict(texts), order=order)
        for order, (code, texts) in enumerate(categories.items())
    ]
    keep_all([one for one in rows if one.code not in known])
    kept = [one for one in rows if one.code in known]
    for one in kept:
        one.pk = known[one.code].pk
    Category.objects.bulk_update(kept, ["titles", "order"])
    audit.record(by, Action.LISTS_CHANGED, dimension, changed=changed, categories=len(rows))
    return dimension
