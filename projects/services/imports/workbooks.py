"""Taking in a framework workbook: all of it in one transaction, or nothing where one row is wrong."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.calculation.methods import (
    default_across_partners,
    default_across_time,
    may_combine_partners,
    may_combine_time,
)
from projects.calculation.validate import check_value
from projects.calculation.values import AcrossPartners, AcrossTime
from projects.calculation.values import Measure as MeasureValue
from projects.choices import Action
from projects.models import Baseline, Dimension, Indicator, Period, Project, Result, Target
from projects.services.formulas import wrong_formulas
from projects.services.imports.breakdowns import Breakdowns
from projects.services.imports.rows import FrameworkRows, IndicatorRow, ResultRow, SheetProblem, Spot, TargetRow
from projects.services.inputs import IndicatorInput
from projects.services.periods.making import add_periods
from projects.services.results import add_indicators, add_results, set_targets

Spans = dict[tuple[str, date, date], Period]
COUNTED = ("results", "indicators", "periods", "targets")


@dataclass(slots=True)
class FrameworkOutcome:
    """`held` counts what of the workbook is (or would be) in the project, `created` what of it is new."""

    held: Counter[str] = field(default_factory=Counter)
    created: Counter[str] = field(default_factory=Counter)
    problems: list[SheetProblem] = field(default_factory=list)

    @property
    def errors(self) -> list[SheetProblem]:
        """For these nothing is saved."""
        return [one for one in self.problems if not one.is_warning]

    @property
    def warnings(self) -> list[SheetProblem]:
        """These a person should know of."""
        return [one for one in self.problems if one.is_warning]


@transaction.atomic
def import_framework(*, project: Project, rows: FrameworkRows, by: User, dry_run: bool = False) -> FrameworkOutcome:
    """Add the workbook's results, indicators, periods and targets to a project.

    Rows whose code is there already are left as they are (told where they differ); targets replace those of the same
    indicator, period and cell. One error anywhere: nothing is saved. `dry_run` only says what would be. Raises
    `NotAllowed`.
    """
    require(by, "projects.import_framework", project)
    plan = _Plan(project, rows)
    plan.make()
    if dry_run or plan.outcome.errors:
        return plan.outcome
    try:
        with transaction.atomic():
            plan.save(by)
            facts = {name: plan.outcome.created[name] for name in COUNTED}
            audit.record(by, Action.FRAMEWORK_IMPORTED, project, **facts)
    except ValidationError as error:
        spot = Spot("")
        plan.outcome.problems += [SheetProblem(spot, "refused", said) for said in error.messages]
    return plan.outcome


class _Plan:
    """Checks the rows against the project and each other, and holds what is to be saved."""

    def __init__(self, project: Project, rows: FrameworkRows) -> None:
        self.project, self.rows = project, rows
        self.outcome = FrameworkOutcome(problems=list(rows.problems))
        self.results = {row.code.casefold(): row for row in project.results.all()}
        self.indicators = {row.code.casefold(): row for row in project.indicators.prefetch_related("dimensions")}
        self.periods = {
            (row.indicator_id, row.starts_on, row.ends_on): row
            for row in Period.objects.filter(indicator__project=project)
        }
        self.breakdowns = Breakdowns.load()
        self.new_results: list[Result] = []
        self.new_indicators: list[IndicatorInput] = []
        self.spots: dict[str, Spot] = {}
        self.broken_down: dict[str, list[Dimension]] = {}
        self.new_periods: list[Period] = []
        self.targets: list[Target] = []

    def make(self) -> None:
        """Look at every row once, parents first."""
        for result in self.rows.results:
            self._result(result)
        seen: set[str] = set()
        for indicator in self.rows.indicators:
            self._indicator(indicator, seen)
        self._formulas()
        spans: Spans = {}
        cells: set[tuple[object, ...]] = set()
        for target in self.rows.targets:
            self._target(target, spans, cells)
        self.outcome.held["periods"] = len(spans)

    def save(self, by: User) -> None:
        """Write what is new, through the acts that anybody uses."""
        add_results(project=self.project, rows=self.new_results, by=by)
        add_indicators(project=self.project, rows=self.new_indicators, by=by)
        add_periods(rows=self.new_periods, by=by)
        for target in self.targets:
            target.indicator_id = target.indicator.pk
            target.period_id = target.period.pk if target.period else None
        set_targets(project=self.project, rows=self.targets, by=by)

    def tell(self, spot: Spot, code: str, detail: str, *, is_warning: bool = False) -> None:
        """Keep a problem."""
        self.outcome.problems.append(SheetProblem(spot, code, detail, is_warning))

    # ------------------------------------------------------------ results

    def _result(self, told: ResultRow) -> None:
        self.outcome.held["results"] += 1
        there = self.results.get(told.code.casefold())
        if there is None:
            order = len(self.results) + 1
            row = Result(
                project=self.project,
                level=told.level,
                code=told.code,
                titles=told.titles,
                assumptions=told.assumptions,
                order=order,
            )
            self.results[told.code.casefold()] = row
            self.new_results.append(row)
            self.outcome.created["results"] += 1
        elif there.pk and (there.level, there.titles) != (told.level, told.titles):
            detail = _("The result %(code)s is there already and says something else: it is left as it is.")
            self.tell(told.spot, "differs", detail % {"code": told.code}, is_warning=True)

    # ------------------------------------------------------------ indicators

    def _indicator(self, told: IndicatorRow, seen: set[str]) -> None:
        key = told.code.casefold()
        if key in seen:
            detail = _("The indicator code %(code)s stands in the sheet twice.") % {"code": told.code}
            self.tell(told.spot, "duplicate", detail)
            return
        seen.add(key)
        self.outcome.held["indicators"] += 1
        dimensions = self.breakdowns.of_indicator(told, self.tell)
        there = self.indicators.get(key)
        if there is not None:
            if (there.titles, there.measure) != (told.titles, told.measure):
                detail = _("The indicator %(code)s is there already and says something else: it is left as it is.")
                self.tell(told.spot, "differs", detail % {"code": told.code}, is_warning=True)
            self.broken_down[key] = list(there.dimensions.all())
            return
        row = self._row(told)
        self.spots[row.code] = told.spot
        self.indicators[key], self.broken_down[key] = row, dimensions
        self._check(told.spot, row, told.baseline, told.baseline_denominator)
        baselines = (self._baseline(told),) if told.baseline is not None else ()
        self.new_indicators.append(IndicatorInput(row, tuple(dimensions), baselines))
        self.outcome.created["indicators"] += 1

    def _row(self, told: IndicatorRow) -> Indicator:
        measure = MeasureValue(told.measure)
        partners = told.across_partners or default_across_partners(measure).value
        time = told.across_time or default_across_time(measure, cumulative=told.is_cumulative).value
        if not may_combine_partners(measure, AcrossPartners(partners)):
            self.tell(told.spot, "method", _("This method across partners has no meaning for the measure."))
        if not may_combine_time(measure, AcrossTime(time)):
            self.tell(told.spot, "method", _("This method across time has no meaning for the measure."))
        if told.formula and measure != MeasureValue.FORMULA:
            self.tell(told.spot, "formula", _("A formula belongs to the measure “Formula”, and to no other."))
        return Indicator(
            project=self.project,
            result=self.results[told.result_code.casefold()],
            code=told.code,
            titles=told.titles,
            definitions={"en": told.definition} if told.definition else {},
            units={"en": told.unit} if told.unit else {},
            measure=told.measure,
            formula=told.formula,
            direction=told.direction,
            is_cumulative=told.is_cumulative,
            across_partners=partners,
            across_time=time,
            source=told.source,
            order=len(self.indicators) + 1,
        )

    def _formulas(self) -> None:
        """What is wrong with the formulas of new indicators, each at its row."""
        rows = [one.indicator for one in self.new_indicators]
        for row, errors in wrong_formulas(self.project, rows):
            for error in errors:
                self.tell(self.spots[row.code], str(error.code), str(error.message))

    @staticmethod
    def _baseline(told: IndicatorRow) -> Baseline:
        return Baseline(numerator=told.baseline, denominator=told.baseline_denominator, year=told.baseline_year)

    # ------------------------------------------------------------ periods and targets

    def _target(self, told: TargetRow, spans: Spans, cells: set[tuple[object, ...]]) -> None:
        key = told.indicator_code.casefold()
        indicator = self.indicators.get(key)
        if indicator is None:
            detail = _("There is no indicator %(code)s, neither in the first sheet nor in the project.")
            self.tell(told.spot, "unknown-indicator", detail % {"code": told.indicator_code})
            return
        period = self._period(told, indicator, spans)
        if not told.has_target:
            return
        cell = self.breakdowns.cell(told, self.broken_down.get(key, []), self.tell)
        if cell is None:
            return
        if (key, told.start, told.end, cell) in cells:
            self.tell(told.spot, "duplicate", _("This target stands in the sheet twice."))
            return
        cells.add((key, told.start, told.end, cell))
        self._check(told.spot, indicator, told.numerator, told.denominator)
        self.targets.append(
            Target(
                indicator=indicator,
                period=period,
                cell=cell,
                numerator=told.numerator,
                denominator=told.denominator,
                text=told.text,
            )
        )
        self.outcome.held["targets"] += 1
        self.outcome.created["targets"] += 1

    def _period(self, told: TargetRow, indicator: Indicator, spans: Spans) -> Period | None:
        """The row's period, made where it is not there yet; None for the target of the whole life."""
        if told.start is None or told.end is None:
            return None
        span = told.indicator_code.casefold(), told.start, told.end
        if span not in spans:
            there = self.periods.get((indicator.pk, told.start, told.end))
            if there is None:
                there = Period(indicator=indicator, starts_on=told.start, ends_on=told.end, due_on=told.due)
                self.new_periods.append(there)
                self.outcome.created["periods"] += 1
            spans[span] = there
        return spans[span]

    def _check(self, spot: Spot, row: Indicator, numerator: Decimal | None, denominator: Decimal | None) -> None:
        found = check_value(MeasureValue(row.measure), numerator, denominator, decimals=row.decimals)
        for finding in found:
            detail = _("The value does not fit the measure (%(code)s).") % {"code": finding.code}
            self.tell(spot, finding.code, detail)
