"""What the acts on updates and frameworks take, whatever door it came through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from partners.models import ApiClient, Organisation
from projects.choices import CellState, UpdateSource
from projects.models import Baseline, Dimension, Indicator, Period, Place, Update

NOT_REPORTED = "not_reported"


@dataclass(frozen=True)
class ValueInput:
    """One value: of the total (no cell) or of a cell, given as categories by dimension or as its name.

    `numerator` is the value itself unless the indicator goes by parts. `state` is a `CellState` or "not_reported".
    """

    cell: Mapping[str, str] | str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    state: str = CellState.REPORTED


@dataclass(frozen=True)
class UpdateInput:
    """The content of an update. Without `total` it is added up where that is certain (`cells.total_of_cells`).

    `flag_answers` says by the code of a quality rule why the figure is right; `flag_answer` says it of all together.
    """

    values: tuple[ValueInput, ...] = ()
    total: ValueInput | None = None
    narrative: str = ""
    language: str = ""
    is_incomplete: bool = False
    flag_answer: str = ""
    external_id: str = ""
    flag_answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class NewUpdate:
    """An update that is to be: for whom, and what it says."""

    indicator: Indicator
    period: Period
    organisation: Organisation
    place: Place | None = None
    content: UpdateInput = field(default_factory=UpdateInput)
    client: ApiClient | None = None
    source: str = UpdateSource.FORM


@dataclass(frozen=True)
class IndicatorInput:
    """An unsaved indicator with what hangs on it; baselines are unsaved and name no indicator."""

    indicator: Indicator
    dimensions: tuple[Dimension, ...] = ()
    baselines: tuple[Baseline, ...] = ()


def content_of(update: Update) -> UpdateInput:
    """What an update says now, to be changed with `dataclasses.replace`."""
    values = [
        ValueInput(one.cell, one.numerator, one.denominator, one.text, str(one.state)) for one in update.values.all()
    ]
    return UpdateInput(
        values=tuple(one for one in values if one.cell),
        total=next((one for one in values if not one.cell), None),
        narrative=update.narrative,
        language=update.language,
        is_incomplete=update.is_incomplete,
        flag_answer=update.flag_answer,
        external_id=update.external_id,
        flag_answers={code: said[-1]["text"] for code, said in update.flag_answers.items() if said},
    )
