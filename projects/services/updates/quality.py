"""Quality flags of updates: on a draft as warnings, kept when it is handed in, shown first. They refuse nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from projects.calculation.flag_rules import RuleSetting, settings_of
from projects.calculation.flagging import Observed, flags_for
from projects.calculation.flags import elapsed_share
from projects.calculation.values import ADDITIVE, Direction, Figure, Flag, Measure
from projects.choices import ApprovalStep, UpdateState
from projects.models import Evidence, Indicator, Period, Target, Update, UpdateValue
from projects.services.updates.rows import asked_by
from projects.validators import Asked, figure_of_said

Key = tuple[int, int, int | None]
Past = list[tuple[date, Decimal]]
SENT = (UpdateState.SUBMITTED, UpdateState.APPROVED)


def check_update(update: Update, *, submitted_on: date | None = None) -> list[dict[str, Any]]:
    """The flags of an update as they are kept: {code, params, cell}; numbers as strings. Nothing is saved."""
    return flags_of([update], submitted_on=submitted_on or timezone.localdate())[update.pk]


def rules_of(indicator: Indicator) -> dict[str, RuleSetting]:
    """The quality rules of an indicator: its own settings over the defaults."""
    return settings_of(
        indicator.flag_rules,
        measure=Measure(indicator.measure),
        is_share=indicator.is_share,
        evidence_required=indicator.evidence_required,
    )


def flags_of(
    updates: Collection[Update],
    *,
    submitted_on: date,
    is_draft: bool = False,
    asked: Mapping[int, Asked] | None = None,
) -> dict[int, list[dict[str, Any]]]:
    """The flags of many updates by id, in a fixed number of statements. They carry `indicator` and `period`.

    Other partners' figures are looked at for officers only: never for a draft, nor while the partner's own
    supervisor has the update; else a partner could find out what another one reported.
    """
    indicators = {one.indicator_id: one.indicator for one in updates}
    around = _around(updates, indicators, asked or asked_by(indicators.values()), is_draft=is_draft)
    return {one.pk: [_kept(flag) for flag in flags_for(around.observed(one, submitted_on))] for one in updates}


@dataclass(frozen=True)
class _Around:
    """What surrounds a set of updates, read at once."""

    asked: Mapping[int, Asked]
    rules: Mapping[int, dict[str, RuleSetting]]
    figures: Mapping[int, dict[str, Figure]]
    past: Mapping[Key, Past]
    targets: Mapping[tuple[int, int | None], tuple[Decimal, date, date]]
    others: Mapping[int, list[tuple[int, Decimal]]] | None
    files: Mapping[int, int]

    def observed(self, update: Update, submitted_on: date) -> Observed:
        """One update with what the rules look at."""
        indicator, ends_on = update.indicator, update.period.ends_on
        asked, rules = self.asked[update.indicator_id], self.rules[update.indicator_id]
        target = self._target(update)
        return Observed(
            figures=self.figures.get(update.pk, {}),
            measure=asked.measure,
            direction=Direction(indicator.direction),
            cumulative=indicator.is_cumulative,
            exclusive=asked.exclusive,
            submitted_on=submitted_on,
            due_on=update.period.due_on,
            before=[value for end, value in self.past.get(_key(update), ()) if end < ends_on],
            others=self._others(update),
            files=self.files.get(update.pk, 0) if rules["evidence_missing"].is_on else None,
            target=target[0] if target else None,
            elapsed=elapsed_share(target[1], target[2], ends_on) if target else None,
            rules=rules,
        )

    def _target(self, update: Update) -> tuple[Decimal, date, date] | None:
        """The partner's own target of the whole life, else that of all together."""
        own = self.targets.get((update.indicator_id, update.organisation_id))
        return own or self.targets.get((update.indicator_id, None))

    def _others(self, update: Update) -> list[Decimal] | None:
        if self.others is None or update.step == ApprovalStep.PARTNER_SUPERVISOR:
            return None
        rows = self.others.get(update.period_id, ())
        return [value for organisation, value in rows if organisation != update.organisation_id]


def _around(
    updates: Collection[Update], indicators: Mapping[int, Indicator], asked: Mapping[int, Asked], *, is_draft: bool
) -> _Around:
    rules = {pk: rules_of(one) for pk, one in indicators.items()}
    adding = [pk for pk, one in asked.items() if one.measure in ADDITIVE]
    has_early = [pk for pk in adding if rules[pk]["target_passed_early"].is_on]
    has_double = [pk for pk in adding if rules[pk]["double"].is_on and not is_draft]
    has_files = [pk for pk in rules if rules[pk]["evidence_missing"].is_on]
    return _Around(
        asked=asked,
        rules=rules,
        figures=_figures({one.pk: asked[one.indicator_id].measure for one in updates}),
        past=_past(updates),
        targets=_targets(has_early) if has_early else {},
        others=_others([one for one in updates if one.indicator_id in has_double]) if has_double else None,
        files=_files(updates) if has_files else {},
    )


def _key(update: Update) -> Key:
    return update.indicator_id, update.organisation_id, update.place_id


def _figures(measures: Mapping[int, Measure]) -> dict[int, dict[str, Figure]]:
    found: defaultdict[int, dict[str, Figure]] = defaultdict(dict)
    for one in UpdateValue.objects.filter(update_id__in=list(measures)):
        found[one.update_id][one.cell] = figure_of_said(one, measures[one.update_id])
    return dict(found)


def _past(updates: Collection[Update]) -> defaultdict[Key, Past]:
    """Approved totals of the same indicator, partner and place by the end of their period, oldest first."""
    rows = UpdateValue.objects.filter(
        cell="",
        update__state=UpdateState.APPROVED,
        update__superseded_at=None,
        update__indicator_id__in={one.indicator_id for one in updates},
        update__organisation_id__in={one.organisation_id for one in updates},
    )
    measures = {one.indicator_id: Measure(one.indicator.measure) for one in updates}
    found: defaultdict[Key, Past] = defaultdict(list)
    for one in rows.select_related("update__period").order_by("update__period__ends_on", "pk"):
        value = figure_of_said(one, measures[one.update.indicator_id]).value
        if value is not None:
            found[_key(one.update)].append((one.update.period.ends_on, value))
    return found


def _targets(indicators: Collection[int]) -> dict[tuple[int, int | None], tuple[Decimal, date, date]]:
    """Targets of the whole life by indicator and partner (None: all), with the first and last day of the periods."""
    periods = Period.objects.filter(indicator=OuterRef("indicator"))
    rows = Target.objects.filter(indicator_id__in=indicators, period=None, cell="", place=None).annotate(
        begins=Subquery(periods.order_by("starts_on").values("starts_on")[:1]),
        ends=Subquery(periods.order_by("-ends_on").values("ends_on")[:1]),
    )
    columns = (
        rows.exclude(numerator=None)
        .order_by("-pk")
        .values_list("indicator_id", "organisation_id", "numerator", "begins", "ends")
    )
    return {
        (pk, organisation): (value, begins, ends)
        for pk, organisation, value, begins, ends in columns
        if begins and value is not None
    }


def _others(updates: Collection[Update]) -> dict[int, list[tuple[int, Decimal]]]:
    """What partners handed in for the same periods: organisation and total, by period."""
    rows = UpdateValue.objects.filter(
        cell="",
        update__period_id__in={one.period_id for one in updates},
        update__state__in=SENT,
        update__superseded_at=None,
    ).exclude(numerator=None)
    found: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for period, organisation, value in rows.values_list("update__period_id", "update__organisation_id", "numerator"):
        if value is not None:
            found[period].append((organisation, value))
    return dict(found)


def _files(updates: Collection[Update]) -> dict[int, int]:
    rows = Evidence.objects.filter(update_id__in=[one.pk for one in updates])
    return dict(rows.values_list("update_id").annotate(Count("pk")).order_by())


def _kept(flag: Flag) -> dict[str, Any]:
    params = {name: format(one, "f") if isinstance(one, Decimal) else one for name, one in flag.params.items()}
    return {"code": flag.code, "params": params, "cell": flag.cell}
