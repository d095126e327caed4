"""What an IATI activity is once it is read: frozen, normalised, independent of how the file was laid out.

Source: IATI activity standard 2.01 to 2.03. Texts keep their language ("und" where the file states none), numbers are
`Decimal`, dates are days (a time zone in the file is dropped). `line` tells where something stood; it is not part of
the content, so moving an element down the file changes nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

UNKNOWN_LANGUAGE = "und"


def line_field() -> Any:
    """A dataclass field for the line in the file: kept for messages, left out of comparisons and fingerprints."""
    return field(default=0, compare=False, metadata={"content": False})


@dataclass(frozen=True, slots=True)
class Narrative:
    """One text in one language (ISO 639-1, or "und")."""

    language: str
    text: str


Narratives = tuple[Narrative, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as one element names it; `role` is an OrganisationRole code, `type` an OrganisationType code."""

    ref: str = ""
    type: str = ""
    role: str = ""
    activity: str = ""
    names: Narratives = ()
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Description:
    """A description with its DescriptionType code: 1 general, 2 objectives, 3 target groups, 4 other."""

    type: str
    texts: Narratives


@dataclass(frozen=True, slots=True)
class ActivityDate:
    """1 planned start, 2 actual start, 3 planned end, 4 actual end."""

    type: str
    day: date
    texts: Narratives = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A code of a vocabulary with its percentage (0 to 100) of the activity: a country, a region or a sector."""

    vocabulary: str
    code: str
    percentage: Decimal | None = None
    names: Narratives = ()


@dataclass(frozen=True, slots=True)
class PolicyMarker:
    """A policy marker with its PolicySignificance code: 0 not targeted, 1 significant, 2 principal."""

    vocabulary: str
    code: str
    significance: str = ""
    names: Narratives = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A place of the activity; latitude and longitude in degrees (EPSG 4326)."""

    ref: str = ""
    names: Narratives = ()
    descriptions: Narratives = ()
    codes: tuple[tuple[str, str], ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    exactness: str = ""
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in one ISO 4217 currency, and the day for its rate; `text` keeps what was written where it is no amount."""

    number: Decimal | None = None
    currency: str = ""
    day: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget or a planned disbursement (`kind`) for a span of days; `status` 1 indicative, 2 committed."""

    kind: str
    type: str
    status: str
    start: date | None
    end: date | None
    amount: Amount
    provider: Organisation | None = None
    receiver: Organisation | None = None
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Transaction:
    """Money that moved or was promised; `type` is a TransactionType code (1 incoming funds, 2 commitment ...)."""

    type: str
    day: date | None
    amount: Amount
    ref: str = ""
    texts: Narratives = ()
    provider: Organisation | None = None
    receiver: Organisation | None = None
    sectors: tuple[Share, ...] = ()
    countries: tuple[Share, ...] = ()
    regions: tuple[Share, ...] = ()
    flow: str = ""
    finance: str = ""
    aid: str = ""
    tied: str = ""
    humanitarian: bool | None = None
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Document:
    """A link to a document, with its DocumentCategory codes and languages."""

    url: str
    format: str = ""
    titles: Narratives = ()
    texts: Narratives = ()
    categories: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    day: date | None = None
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Reference:
    """What a result or an indicator is called in another vocabulary."""

    vocabulary: str
    code: str
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A baseline, target or actual: `text` is the value as written, `number` what it says (None where it says none).

    Several `dimensions` are one crossed cell (name, category); none is the total. `year` and `day` are the
    baseline's; a year before 1950 stands for "unknown" and is left out.
    """

    text: str = ""
    number: Decimal | None = None
    dimensions: tuple[tuple[str, str], ...] = ()
    locations: tuple[str, ...] = ()
    comments: Narratives = ()
    documents: tuple[Document, ...] = ()
    year: int | None = None
    day: date | None = None
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days (both included) with what was aimed at and what was achieved."""

    start: date
    end: date
    targets: tuple[Measured, ...] = ()
    actuals: tuple[Measured, ...] = ()
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Indicator:
    """`measure`: 1 unit, 2 percentage, 3 nominal, 4 ordinal, 5 qualitative; `ascending` is true where not stated."""

    measure: str
    ascending: bool
    titles: Narratives
    descriptions: Narratives = ()
    aggregation: bool | None = None
    references: tuple[Reference, ...] = ()
    documents: tuple[Document, ...] = ()
    baselines: tuple[Measured, ...] = ()
    periods: tuple[Period, ...] = ()
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Result:
    """`type`: 1 output, 2 outcome, 3 impact, 9 other."""

    type: str
    titles: Narratives
    descriptions: Narratives = ()
    aggregation: bool | None = None
    references: tuple[Reference, ...] = ()
    documents: tuple[Document, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    line: int = line_field()


@dataclass(frozen=True, slots=True)
class Activity:
    """One iati-activity, whole; `position` is its place among the activities of the file, from 1."""

    identifier: str
    reporter: Organisation
    titles: Narratives
    language: str = UNKNOWN_LANGUAGE
    currency: str = ""
    hierarchy: str = ""
    humanitarian: bool | None = None
    status: str = ""
    scope: str = ""
    descriptions: tuple[Description, ...] = ()
    participants: tuple[Organisation, ...] = ()
    dates: tuple[ActivityDate, ...] = ()
    countries: tuple[Share, ...] = ()
    regions: tuple[Share, ...] = ()
    locations: tuple[Location, ...] = ()
    sectors: tuple[Share, ...] = ()
    markers: tuple[PolicyMarker, ...] = ()
    tags: tuple[Share, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    budgets: tuple[Budget, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    documents: tuple[Document, ...] = ()
    results: tuple[Result, ...] = ()
    line: int = line_field()
    position: int = line_field()
