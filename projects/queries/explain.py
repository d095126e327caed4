"""Explain this number: the updates behind a figure, how they are combined, what is left out, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.access import require
from kmop.shared.errors import Sentence
from projects.calculation.combine import components_of, figure_of, latest_by_key
from projects.calculation.periods import PeriodFigures, actual_to_date
from projects.calculation.progress import OfPlan, Progress
from projects.calculation.values import (
    NOT_REPORTED,
    AcrossPartners,
    AcrossTime,
    Components,
    Figure,
    Measure,
    RawValue,
    ValueState,
)
from projects.choices import DecisionVerdict, UpdateState
from projects.models import Indicator, IndicatorVersion, Obligation, Period, Update, UpdateDecision, UpdateValue
from projects.queries.counting import PeopleTold, people_of
from projects.queries.definitions import defined_then, values_in, version_at
from projects.queries.explain_formula import FormulaExplained, explain_formula
from projects.queries.figures import IndicatorFacts, figures_of
from projects.queries.formulas import is_formula
from projects.queries.past import end_of
from projects.queries.steps import DECISIONS
from projects.queries.updates import SHOWN
from projects.validators import figure_of_said


@dataclass(frozen=True)
class ExplainLine:
    """One update behind the figure. `reason` says why it does not count; empty where it does."""

    update: Update
    figure: Figure
    is_counted: bool
    reason: Sentence
    approved_by: User | None

    @property
    def approvals(self) -> list[UpdateDecision]:
        """The steps of its approval, in their order; nothing where it does not count, or was imported."""
        if not self.is_counted:
            return []
        taken = [one for one in self.update.decisions.all() if one.round == self.update.round]
        return [one for one in taken if one.verdict == DecisionVerdict.APPROVED]


@dataclass(frozen=True)
class ExplainPeriod:
    """One period: what its counted updates give."""

    period: Period
    components: Components
    figure: Figure


@dataclass(frozen=True)
class Explanation:
    """A figure with its lineage. `hidden` counts updates of others that the reader may not see.

    A figure that is computed has a `formula` with its inputs in place of updates.
    """

    indicator: Indicator
    period: Period | None
    cell: str
    as_of: date | None
    figure: Figure
    periods: list[ExplainPeriod]
    lines: list[ExplainLine]
    hidden: int
    missing: list[Obligation]
    method: list[Sentence]
    baseline: Figure
    target: Figure
    progress: Progress
    plan: OfPlan
    formula: FormulaExplained | None = None
    people: PeopleTold | None = None
    version: IndicatorVersion | None = None

    @property
    def counted(self) -> list[ExplainLine]:
        """The updates that make the figure."""
        return [one for one in self.lines if one.is_counted]

    @property
    def excluded(self) -> list[ExplainLine]:
        """The updates that do not count, each with its reason."""
        return [one for one in self.lines if not one.is_counted]


def explain(
    indicator: Indicator,
    *,
    user: Any,
    day: date,
    period: Period | None = None,
    cell: str = "",
    as_of: date | None = None,
) -> Explanation:
    """The lineage of a period's figure, or of the whole life for no period, as it stood at the end of `as_of`.

    Computed from the updates themselves, never from the stored totals. A fixed number of statements. Raises
    `NotAllowed` for an indicator `user` may not see.
    """
    require(user, "projects.view", indicator)
    version = version_at(indicator, end_of(as_of) if as_of else None)
    indicator, becomes = defined_then(indicator, version if as_of else None)
    if is_formula(indicator):
        return replace(_of_formula(indicator, day=day, period=period, cell=cell, as_of=as_of), version=version)
    updates = _updates(indicator, period, as_of)
    values = values_in(cell, [one.pk for one in updates], becomes=becomes, measure=indicator.measure)
    has_number = _with_numbers(updates)
    seen = set(Update.objects.visible_to(user).filter(pk__in=[one.pk for one in updates]).values_list("pk", flat=True))
    periods = _periods(indicator, period, as_of or day)
    counted = {
        one.pk: _chosen(indicator, one, [each for each in updates if _is_counted(each, as_of)], has_number)
        for one in periods
    }
    combined = [_combine(indicator, one, counted[one.pk], values) for one in periods]
    chosen = {update.pk for rows in counted.values() for update in rows if update.pk in values}
    corrected = {one.revises_id: one for one in updates if one.revises_id and one.state == UpdateState.APPROVED}
    facts = figures_of([indicator], day=day, cells=False)[indicator.pk]
    return Explanation(
        indicator=indicator,
        period=period,
        cell=cell,
        as_of=as_of,
        figure=_whole(indicator, combined),
        periods=combined,
        lines=[_line(one, values, chosen, as_of, corrected) for one in updates if one.pk in seen],
        hidden=len(updates) - len(seen),
        missing=_missing([one.pk for one in periods]),
        method=method_of(indicator),
        baseline=facts.baseline,
        target=_target(facts, period),
        progress=facts.progress,
        plan=facts.plan,
        people=_people(indicator, as_of) if period is None and not cell else None,
        version=version,
    )


def _of_formula(
    indicator: Indicator, *, day: date, period: Period | None, cell: str, as_of: date | None
) -> Explanation:
    said = explain_formula(indicator, day=as_of or day, period=period, cell=cell, as_of=as_of)
    return Explanation(
        indicator=indicator,
        period=period,
        cell=cell,
        as_of=as_of,
        figure=said.figure,
        periods=[ExplainPeriod(one, Components(), value) for one, value in said.periods],
        lines=[],
        hidden=0,
        missing=_missing(said.input_periods),
        method=[
            _("Computed from other indicators: %(formula)s.") % {"formula": said.in_words},
            _("Each of them is combined by its own methods; nobody reports this figure."),
        ],
        baseline=said.facts.baseline,
        target=_target(said.facts, period),
        progress=said.facts.progress,
        plan=said.facts.plan,
        formula=said,
    )


def _people(indicator: Indicator, as_of: date | None) -> PeopleTold | None:
    return people_of([indicator], at=end_of(as_of) if as_of else None).get(indicator.pk)


def _updates(indicator: Indicator, period: Period | None, as_of: date | None) -> list[Update]:
    rows: QuerySet[Update] = Update.objects.filter(indicator=indicator).exclude(state=UpdateState.DRAFT)
    if period is not None and indicator.is_cumulative:
        rows = rows.filter(period__ends_on__lte=period.ends_on)
    elif period is not None:
        rows = rows.filter(period=period)
    if as_of is not None:
        rows = rows.filter(Q(submitted_at=None) | Q(submitted_at__lte=end_of(as_of)))
    shown = rows.select_related(*SHOWN).prefetch_related(DECISIONS)
    return list(shown.order_by("period__starts_on", "organisation__code", "pk"))


def _periods(indicator: Indicator, period: Period | None, day: date) -> list[Period]:
    if period is not None:
        return [period]
    return list(Period.objects.filter(indicator=indicator, starts_on__lte=day).order_by("starts_on", "ends_on", "pk"))


def _with_numbers(updates: Sequence[Update]) -> set[int]:
    """The updates that give any number; an update without one takes no running total away."""
    rows = UpdateValue.objects.filter(update_id__in=[one.pk for one in updates], numerator__isnull=False)
    counting = rows.filter(state="reported").filter(Q(denominator=None) | ~Q(denominator=0))
    return set(counting.values_list("update_id", flat=True))


def _is_counted(update: Update, as_of: date | None) -> bool:
    if update.state != UpdateState.APPROVED:
        return False
    if as_of is None:
        return update.superseded_at is None
    end = end_of(as_of)
    is_decided = update.decided_at is not None and update.decided_at <= end
    return is_decided and (update.superseded_at is None or update.superseded_at > end)


def _chosen(indicator: Indicator, period: Period, updates: Sequence[Update], has_number: set[int]) -> list[Update]:
    """The counted updates that the figure of a period consists of."""
    if not indicator.is_cumulative:
        return [one for one in updates if one.period_id == period.pk]
    rows = {one.pk: one for one in updates if one.period.ends_on <= period.ends_on}
    standing = latest_by_key([_standing(one, one.pk in has_number) for one in rows.values()])
    return [rows[one.tie] for one in standing]


def _raw(update: Update, **said: Any) -> RawValue:
    return RawValue(
        partner=update.organisation_id,
        place=update.place_id,
        update=update.pk,
        period_end=update.period.ends_on,
        moment=update.submitted_at or update.created_at,
        tie=update.pk,
        **said,
    )


def _standing(update: Update, has_number: bool) -> RawValue:
    """A stand-in of one value: only whether there is any number matters for which update is the newest."""
    state = ValueState.REPORTED if has_number else ValueState.NOT_APPLICABLE
    return _raw(update, cell="", state=state, numerator=update.pk if has_number else None)


def _combine(
    indicator: Indicator, period: Period, updates: Sequence[Update], values: dict[int, UpdateValue]
) -> ExplainPeriod:
    rows = [(one, values[one.pk]) for one in updates if one.pk in values]
    components = components_of(
        [
            _raw(
                update,
                cell=said.cell,
                state=ValueState(said.state),
                numerator=said.numerator,
                denominator=said.denominator,
            )
            for update, said in rows
        ]
    )
    value = figure_of(components, AcrossPartners(indicator.across_partners), Measure(indicator.measure))
    return ExplainPeriod(period, components, value)


def _whole(indicator: Indicator, periods: Sequence[ExplainPeriod]) -> Figure:
    if len(periods) == 1:
        return periods[0].figure
    return actual_to_date(
        [PeriodFigures(one.period.ends_on, one.figure, start=one.period.starts_on) for one in periods],
        AcrossTime(indicator.across_time),
        cumulative=indicator.is_cumulative,
        measure=Measure(indicator.measure),
    )


def _line(
    update: Update,
    values: dict[int, UpdateValue],
    chosen: set[int],
    as_of: date | None,
    corrected: dict[int, Update],
) -> ExplainLine:
    said = values.get(update.pk)
    value = figure_of_said(said, Measure(update.indicator.measure)) if said else NOT_REPORTED
    is_counted = update.pk in chosen
    reason = "" if is_counted else _reason(update, said is not None, as_of, corrected)
    return ExplainLine(update, value, is_counted, reason, update.decided_by if is_counted else None)


def _reason(update: Update, has_value: bool, as_of: date | None, corrected: dict[int, Update]) -> Sentence:
    if update.state == UpdateState.SUBMITTED:
        return _("Waits for a decision.")
    if update.state == UpdateState.RETURNED:
        return _("Was returned to the partner.")
    if not _is_counted(update, as_of):
        return _correction(corrected.get(update.pk)) if update.superseded_at else _("Was approved later.")
    return _("A newer running total stands for it.") if has_value else _("Says nothing about this part.")


def _correction(later: Update | None) -> Sentence:
    """By which revision a figure was corrected, and why."""
    if later is None or not later.revision_reason:
        return _("Was corrected by a later revision.")
    words = _("Was corrected by revision %(number)d: %(reason)s")
    return words % {"number": later.revision, "reason": later.revision_reason}


def _missing(periods: Sequence[int]) -> list[Obligation]:
    owed = Obligation.objects.filter(period_id__in=periods)
    rows = owed.filter(Q(update=None) | ~Q(update__state=UpdateState.APPROVED))
    return list(rows.select_related("organisation", "period", "place").order_by("period__starts_on", "pk"))


def _target(facts: IndicatorFacts, period: Period | None) -> Figure:
    if period is None:
        return facts.target
    return next((one.target for one in facts.periods if one.period.pk == period.pk), NOT_REPORTED)


def method_of(indicator: Indicator) -> list[Sentence]:
    """How the figures are combined, in sentences."""
    sentences: list[Sentence] = [
        _("Across partners and places: %(method)s.") % {"method": indicator.get_across_partners_display()},
        _("Across time: %(method)s.") % {"method": indicator.get_across_time_display()},
    ]
    if indicator.is_cumulative:
        sentences.append(_("Partners report running totals: for each partner and place the newest one stands."))
    if Measure(indicator.measure) in (Measure.PERCENTAGE, Measure.RATIO):
        sentences.append(_("Numerators and denominators are added apart and divided once."))
    return sentences
