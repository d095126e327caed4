"""The page on which a partner enters figures: what is due in a period, and what was said before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kmop.shared.access import Verdict
from partners.models import Organisation
from projects.calculation.values import NOT_REPORTED, Figure
from projects.choices import UpdateState
from projects.models import LockException, Obligation, Project, Update
from projects.queries.flags import seen_flags, sentences
from projects.queries.framework import DimensionFacts, dimensions_of
from projects.queries.obligations import obligations
from projects.queries.updates import acts_of, figures_by_cell, total_of, updates_with_values

WITH_ACTS = ("change_update", "submit_update", "delete_update", "revise_update")


@dataclass(frozen=True)
class EntryRow:
    """One figure owed: the obligation (with `.state`), the update there is, and the approved one before it."""

    obligation: Obligation
    update: Update | None
    figures: dict[str, Figure]
    before: Update | None
    before_figures: dict[str, Figure]
    before_total: Figure
    dimensions: list[DimensionFacts]
    warnings: list[str]
    is_locked: bool
    acts: dict[str, Verdict]


@dataclass(frozen=True)
class PeriodChoice:
    """A period that the organisation owes figures of, by its code, with how many are still to be submitted."""

    code: str
    starts_on: date
    ends_on: date
    due_on: date
    owed: int
    total: int


@dataclass(frozen=True)
class EnterPage:
    """All rows of one organisation, project and period; `periods` are those to choose from, by start."""

    organisation: Organisation
    project: Project | None
    period: PeriodChoice | None
    periods: list[PeriodChoice]
    projects: list[Project]
    rows: list[EntryRow]


def enter_page(
    user: Any, *, organisation: Organisation, day: date, project: Project | None = None, period_code: str = ""
) -> EnterPage:
    """What an organisation owes in one project and period, in a fixed number of statements.

    Without a project the first that owes something is taken, without a period the first that is not all submitted.
    An unknown period gives no rows. Only what `user` may see is read.
    """
    owed = list(obligations(user, day=day).filter(organisation=organisation))
    projects = list({one.indicator.project_id: one.indicator.project for one in owed}.values())
    chosen = project or _first_project(owed)
    rows = [one for one in owed if chosen and one.indicator.project_id == chosen.pk]
    periods = _periods(rows)
    period = _choose(periods, period_code)
    here = [one for one in rows if period and one.period.code == period.code]
    return EnterPage(organisation, chosen, period, periods, projects, _rows(here, user, day))


def _is_open(one: Obligation) -> bool:
    return one.update is None or one.update.state in (UpdateState.DRAFT, UpdateState.RETURNED)


def _first_project(owed: Sequence[Obligation]) -> Project | None:
    for one in [*(each for each in owed if _is_open(each)), *owed]:
        project: Project = one.indicator.project
        return project
    return None


def _periods(rows: Iterable[Obligation]) -> list[PeriodChoice]:
    groups: defaultdict[tuple[date, date], list[Obligation]] = defaultdict(list)
    for one in rows:
        groups[one.period.starts_on, one.period.ends_on].append(one)
    return [
        PeriodChoice(
            code=members[0].period.code,
            starts_on=starts_on,
            ends_on=ends_on,
            due_on=min(one.due_on for one in members),
            owed=sum(_is_open(one) for one in members),
            total=len(members),
        )
        for (starts_on, ends_on), members in sorted(groups.items())
    ]


def _choose(periods: Sequence[PeriodChoice], code: str) -> PeriodChoice | None:
    if code:
        return next((one for one in periods if one.code == code), None)
    return next((one for one in periods if one.owed), periods[-1] if periods else None)


def _rows(here: Sequence[Obligation], user: Any, day: date) -> list[EntryRow]:
    if not here:
        return []
    indicators = list({one.indicator_id: one.indicator for one in here}.values())
    dimensions = dimensions_of(indicators)
    said = _said(here)
    before = _before(here)
    opened = set(
        LockException.objects.filter(
            period_id__in=[one.period_id for one in here], organisation_id=here[0].organisation_id, until__gte=day
        ).values_list("period_id", flat=True)
    )
    in_order = sorted(
        here, key=lambda one: (one.indicator.order, one.indicator_id, one.place.code if one.place else "")
    )
    return [_row(one, said, before, dimensions, opened, user) for one in in_order]


def _said(here: Sequence[Obligation]) -> dict[int, Update]:
    """The updates of these obligations, or the open revision of one, by the obligation's id."""
    ids = [one.update_id for one in here if one.update_id]
    rows = {one.pk: one for one in updates_with_values(Update.objects.filter(pk__in=ids))}
    revisions = Update.objects.filter(revises_id__in=ids).exclude(state=UpdateState.APPROVED)
    revised = {one.revises_id: one for one in updates_with_values(revisions)}
    return {one.pk: revised.get(one.update_id) or rows[one.update_id] for one in here if one.update_id}


def _before(here: Sequence[Obligation]) -> dict[tuple[int, int | None], Update]:
    """The newest approved update before this period, by indicator and place."""
    first = here[0]
    rows = Update.objects.approved().filter(
        indicator_id__in=[one.indicator_id for one in here],
        organisation_id=first.organisation_id,
        period__ends_on__lt=first.period.ends_on,
    )
    found: dict[tuple[int, int | None], Update] = {}
    for one in updates_with_values(rows).order_by("period__ends_on", "pk"):
        found[one.indicator_id, one.place_id] = one
    return found


def _row(
    one: Obligation,
    said: dict[int, Update],
    before: dict[tuple[int, int | None], Update],
    dimensions: dict[int, list[DimensionFacts]],
    opened: set[int],
    user: Any,
) -> EntryRow:
    update, earlier = said.get(one.pk), before.get((one.indicator_id, one.place_id))
    return EntryRow(
        obligation=one,
        update=update,
        figures=figures_by_cell(update) if update else {},
        before=earlier,
        before_figures=figures_by_cell(earlier) if earlier else {},
        before_total=total_of(earlier) if earlier else NOT_REPORTED,
        dimensions=dimensions.get(one.indicator_id, []),
        warnings=sentences(seen_flags(update, user)) if update else [],
        is_locked=one.period.is_locked and one.period_id not in opened,
        acts=acts_of(update, user, WITH_ACTS) if update else {},
    )
