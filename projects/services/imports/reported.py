"""Imported actuals as approved updates of the importer's account: new ones, and new revisions where they changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Organisation
from projects.choices import UpdateSource, UpdateState
from projects.models import Dimension, Period, Place, Update, UpdateValue
from projects.services.definitions.versions import resolve_cells
from projects.services.imports.known import Known
from projects.services.imports.outcome import Outcome, Remark
from projects.services.imports.shapes import Activity, Measured
from projects.services.imports.texts import by_language, first_of, is_plain
from projects.services.rollup import lock_indicators, roll_up

BATCH = 500
LANGUAGE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures of one activity name cells and places."""

    activity: Activity
    places: dict[str, Place]
    known: Known

    def cell(self, told: Measured) -> str:
        """The canonical cell, "" for the total."""
        return self.known.cells.cell(told.dimensions)

    def dimensions(self, told: Measured) -> list[Dimension]:
        """The dimensions of the cell."""
        return self.known.cells.dimensions_of(told.dimensions)

    def place(self, told: Measured) -> Place | None:
        """The place the figure is about; None for the whole activity."""
        return self.known.places.of_figure(self.activity, self.places, told.locations)

    def by_place(self, actuals: tuple[Measured, ...]) -> "list[Reported]":
        """The actuals of one period, one report for each place; a cell told twice is kept once."""
        found: dict[str, Reported] = {}
        for told in actuals:
            place = self.place(told)
            report = found.setdefault(place.code if place else "", Reported(place, {}, []))
            cell = self.cell(told)
            if cell in report.cells:
                report.repeated.append(told)
            else:
                report.cells[cell] = told
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Reported:
    """What the file reports for one period and place: a value for each cell, and what it told twice."""

    place: Place | None
    cells: dict[str, Measured]
    repeated: list[Measured]

    def values(self) -> dict[str, tuple[object, str]]:
        """Number and kept text by cell, as they are compared with what is stored."""
        return {cell: (told.number, _text(told)) for cell, told in self.cells.items()}

    def words(self) -> tuple[str, str]:
        """Language and narrative: the comments of all cells, each once."""
        texts = [by_language(told.comments) for told in self.cells.values() if told.comments]
        said = dict.fromkeys(first_of(one.items()) for one in texts)
        return (next(iter(said))[0] if said else "", "\n".join(text for _language, text in said))


def _text(told: Measured) -> str:
    return "" if told.number is not None and is_plain(told.text) else told.text


def write_reported(
    periods: list[tuple[Period, list[Reported]]], reporter: Organisation, known: Known, outcome: Outcome
) -> None:
    """Write the updates that are new or differ, take what they replace out of the count, and roll the totals up."""
    there = _live([period.pk for period, reports in periods if reports])
    new: list[Update] = []
    values: list[UpdateValue] = []
    replaced: list[Update] = []
    now = timezone.now()
    for period, reports in periods:
        for report in reports:
            _tell_repeated(report, outcome)
            update = _update(period, report, there, reporter, known, now, outcome)
            if update is not None:
                new.append(update)
                values += _values(update, report)
                if update.revises is not None:
                    replaced.append(update.revises)
    _save(new, values, replaced, now)


def _save(new: list[Update], values: list[UpdateValue], replaced: list[Update], now: datetime) -> None:
    if not new:
        return
    ids = sorted({update.indicator_id for update in new})
    remapped = lock_indicators(ids)
    for start in range(0, len(replaced), BATCH):
        old = [update.pk for update in replaced[start : start + BATCH]]
        Update.objects.filter(pk__in=old).update(superseded_at=now, updated_at=now)
    Update.objects.bulk_create(new, batch_size=BATCH)
    UpdateValue.objects.bulk_create(values, batch_size=BATCH)
    if remapped:
        resolve_cells(ids)
    touched = sorted({update.period_id for update in new})
    for start in range(0, len(touched), BATCH):
        roll_up(touched[start : start + BATCH], remapped=remapped)


def _live(period_ids: list[int]) -> dict[tuple[int, int | None], list[Update]]:
    """The updates that stand now, by period and place, the newest revision first."""
    found: dict[tuple[int, int | None], list[Update]] = {}
    for start in range(0, len(period_ids), BATCH):
        rows = Update.objects.live().filter(period_id__in=period_ids[start : start + BATCH])
        for row in rows.select_related("period").prefetch_related("values").order_by("-revision"):
            found.setdefault((row.period_id, row.place_id), []).append(row)
    return found


def _update(
    period: Period,
    report: Reported,
    there: dict[tuple[int, int | None], list[Update]],
    reporter: Organisation,
    known: Known,
    now: datetime,
    outcome: Outcome,
) -> Update | None:
    """The update to write; None where the same stands already, or where it may not be touched (told)."""
    standing = there.get((period.pk, report.place.pk if report.place else None), [])
    before = next((one for one in standing if one.source == UpdateSource.IMPORT), None)
    language, narrative = report.words()
    if before is not None and _same(before, report, narrative):
        return None
    if not _may_write(period, standing, before, report, reporter, outcome):
        return None
    return Update(
        indicator_id=period.indicator_id,
        period=period,
        organisation=reporter if before is None else before.organisation,
        place=report.place,
        state=UpdateState.APPROVED,
        source=UpdateSource.IMPORT,
        narrative=narrative,
        language=language[:LANGUAGE_LENGTH],
        revision=1 if before is None else before.revision + 1,
        revises=before,
        created_by=known.importer,
        submitted_by=known.importer,
        submitted_at=now,
        decided_by=known.importer,
        decided_at=now,
        started_by=known.by,
    )


def _same(before: Update, report: Reported, narrative: str) -> bool:
    stored = {value.cell: (value.numerator, value.text) for value in before.values.all()}
    return stored == report.values() and before.narrative == narrative


def _may_write(
    period: Period,
    standing: list[Update],
    before: Update | None,
    report: Reported,
    reporter: Organisation,
    outcome: Outcome,
) -> bool:
    line = next(iter(report.cells.values())).line
    if period.is_locked:
        detail = _("The period %(period)s is locked, so its figures stay as they are.") % {"period": period.code}
        outcome.remarks.append(Remark(line, "locked", detail))
        outcome.held["actuals"] -= len(report.cells)
        return False
    if before is None and any(one.organisation_id == reporter.pk for one in standing):
        detail = _("The organisation has reported the period %(period)s itself; its own figures stay.")
        outcome.remarks.append(Remark(line, "reported-otherwise", detail % {"period": period.code}))
        outcome.held["actuals"] -= len(report.cells)
        return False
    return True


def _values(update: Update, report: Reported) -> Iterable[UpdateValue]:
    for cell, told in report.cells.items():
        yield UpdateValue(update=update, cell=cell, numerator=told.number, text=_text(told))


def _tell_repeated(report: Reported, outcome: Outcome) -> None:
    for told in report.repeated:
        detail = _("This cell has a value in this period already; the second one is not kept.")
        outcome.remarks.append(Remark(told.line, "repeated-cell", detail))
        outcome.held["actuals"] -= 1
