"""Changing a definition: the one door through which what moves figures is changed, and each time a version is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken, Stale
from kmop.shared.models import Tombstone, bump
from projects.calculation.definition import Change, Days, Definition, changed, differences, from_snapshot
from projects.choices import Action, Measure
from projects.models import Dimension, Indicator, IndicatorVersion, Obligation, Period
from projects.queries.definitions import FACTS, column_of, column_value, days_of, definition_of
from projects.services.definitions.checks import check_definition
from projects.services.definitions.versions import first_versions, keep_mappings, next_versions
from projects.services.formulas import lock_framework
from projects.services.rollup import lock_indicators, roll_up_indicators
from projects.services.saving import indicator_search_text


@transaction.atomic
def change_indicator(
    *,
    indicator: Indicator,
    change: Change,
    reason: str,
    expected_version: int | None = None,
    by: User,
) -> IndicatorVersion:
    """Change how an indicator is defined: nothing entered is touched, the totals are made anew, a version is kept.

    Raises `NotAllowed`, `Stale`, and `ValidationError` by field: no reason, nothing that differs, what can't stand.
    """
    require(by, "projects.manage_framework", indicator)
    row = locked(indicator, expected_version)
    before = definition_of(row)
    return _put(row, before, changed(before, change), reason=reason, undoes=None, by=by)


@transaction.atomic
def restore_version(
    *, version: IndicatorVersion, reason: str, expected_version: int | None = None, by: User
) -> IndicatorVersion:
    """Go back to how an indicator was defined in an earlier version; that makes a further one. Raises as a change."""
    indicator = version.indicator
    require(by, "projects.manage_framework", indicator)
    row = locked(indicator, expected_version)
    newest = IndicatorVersion.objects.filter(indicator=row).order_by("-number")[:1].get()
    if newest.number == version.number:
        raise RuleBroken(_("This is how the indicator is defined now."), "wrong_state")
    before = definition_of(row)
    after = restored(row, before, version)
    return _put(row, before, after, reason=reason, undoes=newest, by=by)


def restored(indicator: Indicator, now: Definition, version: IndicatorVersion) -> Definition:
    """The definition of an earlier version; periods that moved since go back to where they were then."""
    then = from_snapshot(version.snapshot)
    moved: dict[int, Days] = {}
    later = IndicatorVersion.objects.filter(indicator=indicator, number__gt=version.number).order_by("-number")
    for one in later:
        moved |= {int(pk): tuple(days[0]) for pk, days in one.moved.items()}
    there = {one.pk: days_of(one.starts_on, one.ends_on, one.due_on) for one in _periods(indicator, moved)}
    facts = {**now.facts, **{name: value for name, value in then.facts.items() if name in now.facts}}
    differing = {pk: days for pk, days in moved.items() if there.get(pk, days) != days}
    return Definition(facts, then.dimensions, then.mappings, differing)


def locked(indicator: Indicator, expected_version: int | None = None) -> Indicator:
    """The indicator, locked and read again. Raises `Stale` where its version isn't the expected one."""
    lock_framework(indicator.project)
    lock_indicators([indicator.pk])
    row = Indicator.objects.select_related("project").get(pk=indicator.pk)
    if expected_version is not None and row.version != expected_version:
        raise Stale(_("Somebody changed this in the meantime. Load it again and repeat your change."))
    return row


def _put(
    row: Indicator,
    before: Definition,
    after: Definition,
    *,
    reason: str,
    undoes: IndicatorVersion | None,
    by: User,
) -> IndicatorVersion:
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say why the definition is changed."), code="required")})
    different = check_difference(row, before, after)
    first_versions([row], by=None)
    moved = put_definition(row, after, different)
    [version] = next_versions({row.pk: after}, reason=reason.strip(), moved={row.pk: moved}, undoes=undoes, by=by)
    facts = {"project": row.project_id, "number": version.number, "changed": ", ".join(different) or "periods"}
    audit.record(by, Action.INDICATOR_CHANGED, row, **facts)
    return version


def check_difference(row: Indicator, before: Definition, after: Definition) -> list[str]:
    """The names of what differs. Raises `ValidationError` where nothing does, or where it can't stand."""
    different = [one.name for one in differences(before, after)]
    if not different and not after.moved:
        raise ValidationError(_("Nothing would differ from how the indicator is defined now."), code="unchanged")
    check_definition(row, before, after)
    return different


def put_definition(row: Indicator, after: Definition, different: list[str]) -> dict[str, Any]:
    """Write a checked definition and the totals by it; gives the days of moved periods before and after."""
    _set_facts(row, after, different)
    if "dimensions" in different:
        row.dimensions.set(Dimension.objects.filter(code__in=after.dimensions))
    if "mappings" in different:
        keep_mappings({row.pk: after})
    if "measure" in different and row.measure == Measure.FORMULA:
        _forgive(row)
    moved = _move(row, after)
    if after.moved or {"mappings", "is_cumulative", "measure"} & set(different):
        roll_up_indicators([row.pk])
    return moved


def _set_facts(row: Indicator, after: Definition, different: list[str]) -> None:
    """Put the columns; the version of the row is counted whatever changed, so that a lost race is told."""
    named = [name for name in FACTS if name in different]
    for name in named:
        setattr(row, column_of(name), column_value(name, after.facts[name]))
    row.search_text = indicator_search_text(row)
    row.full_clean(exclude=["result"])
    bump(row, *named, "search_text")


def _forgive(row: Indicator) -> None:
    """Nobody owes a formula: what was asked and never answered is asked no more."""
    owed = Obligation.objects.filter(indicator=row)
    kind = Obligation._meta.label_lower
    gone = [Tombstone(kind=kind, object_id=str(one.pk), scope=str(one.organisation_id)) for one in owed]
    Tombstone.objects.bulk_create(gone)
    owed.delete()


def _periods(indicator: Indicator, moved: Mapping[int, Any]) -> list[Period]:
    return list(Period.objects.filter(indicator=indicator, pk__in=moved).order_by("pk")) if moved else []


def _move(row: Indicator, after: Definition) -> dict[str, Any]:
    """Move the periods, and what is owed for them; gives the days before and after."""
    told: dict[str, Any] = {}
    for one in _periods(row, after.moved):
        was, days = days_of(one.starts_on, one.ends_on, one.due_on), after.moved[one.pk]
        one.starts_on, one.ends_on = date.fromisoformat(days[0]), date.fromisoformat(days[1])
        one.due_on = date.fromisoformat(days[2]) if days[2] else None
        bump(one, "starts_on", "ends_on", "due_on")
        if one.due_on is not None and days[2] != was[2]:
            owed = Obligation.objects.filter(period=one)
            owed.update(due_on=one.due_on, version=F("version") + 1, updated_at=timezone.now())
        told[str(one.pk)] = [list(was), list(days)]
    return told
