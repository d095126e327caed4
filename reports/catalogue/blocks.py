"""What a report says, without how it looks: a small tree of frozen blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Empty(StrEnum):
    """The kinds of empty beside the number 0, which is "reported zero".

    Suppressed is a figure of too few people; hidden is one that would give such a figure away by subtraction.
    """

    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"
    HIDDEN = "hidden"


class Kind(StrEnum):
    """How the values of a column or a figure are written. A percent is a share: 0.96 is written 96 %."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    BAR = "bar"
    MARK = "mark"


class Tone(StrEnum):
    """The state that a word tells; never told by its colour alone."""

    QUIET = "quiet"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Side(StrEnum):
    """Whose figure it is: one of the plan, or one of the people."""

    FIGURE = "figure"
    VOICE = "voice"


class Style(StrEnum):
    """The rank of a text: the answer in front, the body, the small print."""

    LEAD = "lead"
    BODY = "body"
    SMALL = "small"


class Role(StrEnum):
    """What a series of a chart is; its colour and mark follow from it."""

    ACTUAL = "actual"
    OTHER = "other"
    PLAN = "plan"


class Form(StrEnum):
    """Columns of one series, or lines of up to four along time."""

    COLUMNS = "columns"
    LINE = "line"


@dataclass(frozen=True)
class Bar:
    """Shares of the final target (1 is all of it): what came, and what was planned by now. None is not reported."""

    actual: Decimal | None
    plan: Decimal | None = None


@dataclass(frozen=True)
class Mark:
    """A word with its state."""

    text: str
    tone: Tone = Tone.QUIET


@dataclass(frozen=True)
class Percent:
    """A share that is written as per cent in a column of other numbers: 0.78 is 78 %."""

    share: Decimal
    decimals: int = 0


Cell: TypeAlias = "str | Decimal | date | Empty | Bar | Mark | Percent | None"
Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True)
class Heading:
    """Level 1 is a numbered section; no level may be skipped."""

    level: int
    text: str


@dataclass(frozen=True)
class Text:
    """Plain paragraphs. `language` only where it is not the document's."""

    paragraphs: tuple[str, ...]
    style: Style = Style.BODY
    language: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of plain sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One figure with its question, unit, state and a sentence under it. `decimals` None: as many as the value has."""

    label: str
    value: Cell
    kind: Kind = Kind.NUMBER
    unit: str = ""
    under: str = ""
    side: Side = Side.FIGURE
    bar: Bar | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class Figures:
    """Tiles of equal rank."""

    items: tuple[Figure, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, how its values are written, their unit, its width (0: as its words need)."""

    label: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    decimals: int | None = None
    weight: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table of typed cells. `name` names the sheet in a workbook; each row has as many cells as there are columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: Row | None = None
    note: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        wide = len(self.columns)
        lengths = {len(row) for row in self.rows} | ({len(self.total)} if self.total is not None else set())
        if lengths - {wide}:
            raise ValueError(f"A row of the table {self.caption!r} does not have its {wide} cells.")


@dataclass(frozen=True)
class Series:
    """The values of one line or set of columns; None is not reported."""

    label: str
    values: tuple[Decimal | None, ...]
    role: Role = Role.ACTUAL


@dataclass(frozen=True)
class Chart:
    """A chart: the title says what it shows, the description says it with the figures for who can't see it."""

    form: Form
    title: str
    description: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError(f"A series of the chart {self.title!r} does not have a value for each category.")
        if self.form == Form.COLUMNS and len(self.series) != 1:
            raise ValueError(f"The columns of the chart {self.title!r} are not of one series.")


@dataclass(frozen=True)
class Voice:
    """What a person said, in her words (by her yes) or as a paraphrase; `about` never names her.

    `source` is the message's random id, by which an erasure finds it; no renderer shows it.
    """

    text: str
    language: str = ""
    about: tuple[str, ...] = ()
    original: str = ""
    original_language: str = ""
    paraphrase: bool = False
    source: str = ""


@dataclass(frozen=True)
class Voices:
    """Voices, the hard ones too."""

    items: tuple[Voice, ...]


@dataclass(frozen=True)
class Change:
    """One line of the ledger: you said, we decided, we changed."""

    said: str
    decided: Mark
    changed: str
    people: str = ""
    decided_on: date | None = None


@dataclass(frozen=True)
class Ledger:
    """You said > we decided > we changed."""

    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Note:
    """A remark with its state."""

    text: str
    tone: Tone = Tone.INFO


@dataclass(frozen=True)
class KeyValue:
    """A label and what stands beside it."""

    label: str
    value: str


@dataclass(frozen=True)
class KeyValues:
    """A list of labels and values."""

    items: tuple[KeyValue, ...]


@dataclass(frozen=True)
class PageBreak:
    """A new page, where there are pages."""


@dataclass(frozen=True)
class Pairs:
    """Two columns of equal rank: what was planned and came, beside what people say."""

    figures: "tuple[Block, ...]"
    voices: "tuple[Block, ...]"


Block: TypeAlias = (
    Heading | Text | Bullets | Figures | Table | Chart | Voices | Ledger | Note | KeyValues | PageBreak | Pairs
)


@dataclass(frozen=True)
class Meta:
    """Of what a document is made. `report` and `subject` are codes for the file's name; `run` is the run's number.

    `as_of` is the last day whose figures count; `frozen_at` is in UTC, `zone` is the time zone that it is shown in.
    Figures of fewer people than `small_cell` are suppressed.
    """

    report: str
    subject: str
    run: str
    as_of: date
    frozen_at: datetime
    frozen_by: str = ""
    short: str = ""
    zone: str = "UTC"
    small_cell: int = 5
    parameters: tuple[KeyValue, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report: its cover (kicker, title, subtitle, blocks that answer first) and its blocks."""

    title: str
    language: str
    meta: Meta
    subtitle: str = ""
    kicker: str = ""
    cover: tuple[Block, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __post_init__(self) -> None:
        level = 0
        for heading in (block for block in walk(self.blocks) if isinstance(block, Heading)):
            if not 1 <= heading.level <= level + 1:
                raise ValueError(f"The heading {heading.text!r} skips a level.")
            level = heading.level


def walk(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block in reading order, those inside pairs after their pair."""
    for block in blocks:
        yield block
        if isinstance(block, Pairs):
            yield from walk(block.figures)
            yield from walk(block.voices)
