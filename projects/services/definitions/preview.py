"""What a change of a definition would move: the change is made, looked at, and taken back; nothing of it stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kmop.accounts.models import User
from kmop.shared.access import require
from kmop.shared.slots import filled
from kmop.shared.tables import Link
from projects.calculation.definition import Change, Definition, Differs, changed, differences
from projects.calculation.progress import Progress
from projects.calculation.values import NOT_REPORTED, Figure
from projects.models import Indicator, IndicatorVersion, Period
from projects.queries.definitions import days_of, definition_of
from projects.queries.figures import IndicatorFacts, PeriodFacts, figures_of
from projects.services.definitions.changing import check_difference, locked, put_definition, restored

TOTAL = ""
SHOWN_OTHERWISE = frozenset({"decimals", "units", "titles", "definitions"})


@dataclass(frozen=True)
class MovedFigure:
    """A figure before and after, of a period or (None) of the whole life; both by their own indicator's words."""

    indicator: Indicator
    indicator_after: Indicator
    period: Period | None
    cell: str
    before: Figure
    after: Figure
    progress_before: Progress | None = None
    progress_after: Progress | None = None


@dataclass(frozen=True)
class Preview:
    """What would differ in the definition, in figures, and in which frozen reports those figures stand."""

    differs: tuple[Differs, ...]
    figures: tuple[MovedFigure, ...]
    reports: tuple[Link, ...]

    @property
    def is_shown_otherwise(self) -> bool:
        """The numbers stay, but are told in other words, units or decimals."""
        return any(one.name in SHOWN_OTHERWISE for one in self.differs)


def preview_change(*, indicator: Indicator, change: Change, day: date, by: User) -> Preview:
    """What a change would move, and nothing is written. Raises as `change_indicator`, but asks for no reason."""
    require(by, "projects.manage_framework", indicator)
    with transaction.atomic():
        row = locked(indicator)
        before = definition_of(row)
        found = _tried(row, before, changed(before, change), day=day, by=by)
        transaction.set_rollback(True)
    return found


def preview_restore(*, version: IndicatorVersion, day: date, by: User) -> Preview:
    """What going back to an earlier version would move, and nothing is written."""
    require(by, "projects.manage_framework", version.indicator)
    with transaction.atomic():
        row = locked(version.indicator)
        before = definition_of(row)
        found = _tried(row, before, restored(row, before, version), day=day, by=by)
        transaction.set_rollback(True)
    return found


def _tried(row: Indicator, before: Definition, after: Definition, *, day: date, by: User) -> Preview:
    different = check_difference(row, before, after)
    old = figures_of(_concerned(row), day=day)
    moved = put_definition(row, after, different)
    new = figures_of(_concerned(row), day=day)
    figures = tuple(one for pk in old for one in _moved(old[pk], new[pk]))
    periods = [Differs("period", days[0], days[1]) for days in moved.values()]
    preview = Preview((*differences(before, after), *periods), figures, ())
    if not figures and not preview.is_shown_otherwise:
        return preview
    codes = sorted({one.indicator.code for one in figures} | {row.code})
    shown = filled("projects.frozen_figures", project=row.project, codes=codes, user=by)
    return Preview(preview.differs, figures, tuple(shown or ()))


def _concerned(row: Indicator) -> list[Indicator]:
    """The indicator, and those of its project that are computed from others."""
    rows = Indicator.objects.filter(project=row.project_id)
    return [rows.get(pk=row.pk), *rows.filter(measure="formula").exclude(pk=row.pk).order_by("order", "pk")]


def _moved(old: IndicatorFacts, new: IndicatorFacts) -> Iterator[MovedFigure]:
    """What differs of one indicator: the whole life, then period by period, totals before cells."""
    if (old.actual, old.progress) != (new.actual, new.progress):
        yield MovedFigure(old.indicator, new.indicator, None, TOTAL, old.actual, new.actual, old.progress, new.progress)
    later = {one.period.pk: one for one in new.periods}
    for one in old.periods:
        yield from _moved_in(old.indicator, new.indicator, one, later[one.period.pk])


def _moved_in(indicator: Indicator, after: Indicator, old: PeriodFacts, new: PeriodFacts) -> Iterator[MovedFigure]:
    days = [days_of(one.period.starts_on, one.period.ends_on, None) for one in (old, new)]
    if (old.actual, old.progress) != (new.actual, new.progress) or (days[0] != days[1] and old.count):
        yield MovedFigure(indicator, after, old.period, TOTAL, old.actual, new.actual, old.progress, new.progress)
    for cell in sorted({*old.cells, *new.cells}):
        before, then = old.cells.get(cell, NOT_REPORTED), new.cells.get(cell, NOT_REPORTED)
        if before != then:
            yield MovedFigure(indicator, after, old.period, cell, before, then)
