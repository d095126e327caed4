"""One update with all that a reviewer or a partner looks at, and lists of updates with their totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from kmop.shared.access import Verdict, ask, require
from kmop.shared.text import in_language
from projects.calculation.cells import TOTAL, parse_cell
from projects.calculation.values import NOT_REPORTED, Figure, Measure
from projects.models import Evidence, Obligation, Update, UpdateValue
from projects.queries.flags import FlagShown, flags_shown
from projects.queries.framework import DimensionFacts, dimensions_of
from projects.queries.history import HistoryLine, history
from projects.queries.obligations import obligation_of
from projects.queries.steps import DECISIONS, StepLine, step_lines
from projects.rules import state_allows
from projects.validators import figure_of_said

ACTS = ("change_update", "submit_update", "delete_update", "approve_update", "return_update", "revise_update")
SHOWN = ("indicator__project", "indicator__result", "period", "organisation", "place", "submitted_by", "decided_by")


def updates_with_values(rows: QuerySet[Update]) -> QuerySet[Update]:
    """The updates with all that a row shows, and their values in one more statement (`update.values.all()`)."""
    return rows.select_related(*SHOWN).prefetch_related(Prefetch("values", UpdateValue.objects.order_by("cell")))


def total_of(update: Update) -> Figure:
    """The total that an update says; its values should be prefetched."""
    return figures_by_cell(update).get(TOTAL, NOT_REPORTED)


def figures_by_cell(update: Update) -> dict[str, Figure]:
    """What an update says, by cell ("" is the total); its values should be prefetched."""
    measure = Measure(update.indicator.measure)
    return {one.cell: figure_of_said(one, measure) for one in update.values.all()}


def acts_of(update: Update, user: Any, names: Sequence[str] = ACTS) -> dict[str, Verdict]:
    """For each act whether `user` may do it now, and if not, why: who first, then when."""
    verdicts = {}
    for name in names:
        full = f"projects.{name}"
        who = ask(user, full, update)
        verdicts[name] = who if not who else state_allows(full, update)
    return verdicts


@dataclass(frozen=True)
class CellLine:
    """One row of the breakdown: the words of its categories, what is said now and what was said before."""

    cell: str
    words: str
    figure: Figure
    previous: Figure


@dataclass(frozen=True)
class Earlier:
    """An earlier update of the same indicator, partner and place, with its total."""

    update: Update
    total: Figure


@dataclass(frozen=True)
class UpdateDetail:
    """An update as a page or endpoint shows it. `earlier` is oldest first, for the chart."""

    update: Update
    total: Figure
    lines: list[CellLine]
    dimensions: list[DimensionFacts]
    earlier: list[Earlier]
    previous: Earlier | None
    warnings: list[str]
    flags: list[FlagShown]
    steps: list[StepLine]
    evidence: list[Evidence]
    obligation: Obligation | None
    revisions: list[Update]
    history: list[HistoryLine]
    acts: dict[str, Verdict]


def update_detail(update: Update, *, user: Any) -> UpdateDetail:
    """All about one update, in a fixed number of statements. Raises `NotAllowed` for one `user` may not see."""
    require(user, "projects.view_update", update)
    row = updates_with_values(Update.objects.filter(pk=update.pk)).prefetch_related(DECISIONS).get()
    flags = flags_shown(row, user)
    dimensions = dimensions_of([row.indicator]).get(row.indicator_id, [])
    earlier = _earlier(row)
    before = earlier[-1] if earlier else None
    evidence = list(row.evidence.select_related("added_by"))
    revisions = list(
        Update.objects.filter(period=row.period, organisation=row.organisation, place=row.place).order_by("revision")
    )
    return UpdateDetail(
        update=row,
        total=total_of(row),
        lines=_lines(row, before.update if before else None, dimensions),
        dimensions=dimensions,
        earlier=earlier,
        previous=before,
        warnings=[one.sentence for one in flags],
        flags=flags,
        steps=step_lines(row),
        evidence=evidence,
        obligation=obligation_of(row),
        revisions=revisions,
        history=history([row]),
        acts=acts_of(row, user),
    )


def _earlier(update: Update) -> list[Earlier]:
    rows = Update.objects.approved().filter(
        indicator=update.indicator,
        organisation=update.organisation,
        place=update.place,
        period__ends_on__lt=update.period.ends_on,
    )
    return [Earlier(one, total_of(one)) for one in updates_with_values(rows).order_by("period__ends_on", "pk")]


def _lines(update: Update, before: Update | None, dimensions: Sequence[DimensionFacts]) -> list[CellLine]:
    said = figures_by_cell(update)
    earlier = figures_by_cell(before) if before else {}
    cells = sorted({*said, *earlier} - {TOTAL})
    return [
        CellLine(cell, cell_words(cell, dimensions), said.get(cell, NOT_REPORTED), earlier.get(cell, NOT_REPORTED))
        for cell in cells
    ]


def cell_words(cell: str, dimensions: Sequence[DimensionFacts]) -> str:
    """The categories of a cell in the reader's language, such as "Female, 18-24"; codes where no title is known."""
    titles = {(one.code, each.code): each.titles for one in dimensions for each in one.categories}
    return ", ".join(
        in_language(titles.get((dimension, category))) or category for dimension, category in parse_cell(cell).items()
    )
