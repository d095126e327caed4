"""Results, indicators, baselines, periods, targets and actuals of an activity."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from projects.interop.iati import codes, values
from projects.interop.iati.parts import day_of, documents
from projects.interop.iati.reading import Reading, line_of
from projects.services.imports.cells import plain_cell
from projects.services.imports.shapes import Indicator, Measured, Period, Reference, Result

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PERCENTAGE, QUALITATIVE = "2", "5"

Cell = tuple[tuple[str, ...], str]
"""What a figure is about: its locations and the cell of its dimensions."""


def result(reading: Reading, element: "Element") -> Result:
    """One result with all that hangs under it; a missing title is told, and the result is kept."""
    titles = reading.narratives(element.find("title"))
    if not titles:
        reading.warn(element, "no-title", _("The result has no title."))
    return Result(
        type=reading.code(element, "type", codes.RESULT_TYPE),
        titles=titles,
        descriptions=reading.narratives(element.find("description")),
        aggregation=reading.boolean(element, "aggregation-status"),
        references=_references(element),
        documents=documents(reading, element),
        indicators=tuple(indicator(reading, child) for child in element.iterchildren("indicator")),
        line=line_of(element),
    )


def indicator(reading: Reading, element: "Element") -> Indicator:
    """One indicator with its baselines and periods; ascending where the file does not say."""
    titles = reading.narratives(element.find("title"))
    if not titles:
        reading.warn(element, "no-title", _("The indicator has no title."))
    measure = reading.code(element, "measure", codes.INDICATOR_MEASURE)
    return Indicator(
        measure=measure,
        ascending=reading.boolean(element, "ascending") is not False,
        titles=titles,
        descriptions=reading.narratives(element.find("description")),
        aggregation=reading.boolean(element, "aggregation-status"),
        references=_references(element),
        documents=documents(reading, element),
        baselines=tuple(_baseline(reading, child, measure) for child in element.iterchildren("baseline")),
        periods=_periods(reading, element, measure),
        line=line_of(element),
    )


def _periods(reading: Reading, element: "Element", measure: str) -> tuple[Period, ...]:
    """The periods in the order of the file; one that repeats the days of another is told and joined with it."""
    found: dict[tuple[date, date], Period] = {}
    cells: dict[tuple[date, date], set[Cell]] = {}
    for child in element.iterchildren("period"):
        days = _days(reading, child)
        if days is None:
            continue
        told = _period(reading, child, measure, days, cells.setdefault(days, set()))
        first = found.get(days)
        if first is not None:
            reading.warn(child, "repeated-period", _("These days have a period already; the two are joined."))
            told = replace(first, targets=first.targets + told.targets, actuals=first.actuals + told.actuals)
        found[days] = told
    return tuple(found.values())


def _period(reading: Reading, element: "Element", measure: str, days: tuple[date, date], cells: set[Cell]) -> Period:
    actuals = []
    for child in element.iterchildren("actual"):
        actual = _measured(reading, child, measure)
        cell = actual.locations, plain_cell(actual.dimensions)
        if cell in cells:
            reading.fail(
                child, "repeated-cell", _("This cell has a value in this period already; this one is not kept.")
            )
            continue
        cells.add(cell)
        actuals.append(actual)
    return Period(
        start=days[0],
        end=days[1],
        targets=tuple(_measured(reading, child, measure) for child in element.iterchildren("target")),
        actuals=tuple(actuals),
        line=line_of(element),
    )


def _days(reading: Reading, element: "Element") -> tuple[date, date] | None:
    start = day_of(reading, element.find("period-start"))
    end = day_of(reading, element.find("period-end"))
    if start is None or end is None:
        reading.fail(element, "period-without-days", _("A period needs a first and a last day; it is not kept."))
        return None
    if end < start:
        reading.fail(element, "period-reversed", _("The period ends before it starts; it is not kept."))
        return None
    return start, end


def _baseline(reading: Reading, element: "Element", measure: str) -> Measured:
    told = _measured(reading, element, measure)
    return replace(told, year=_year(reading, element), day=_known_day(reading, element))


def _year(reading: Reading, element: "Element") -> int | None:
    text = values.squeeze(element.get("year"))
    if not text:
        return None
    year = int(text) if text.isdecimal() and len(text) <= 4 else None
    if year is None:
        detail = _("“%(text)s” is not a year.") % {"text": text}
        reading.warn(element, "not-a-year", detail, attribute="year")
    elif year < values.EARLIEST_YEAR:
        detail = _("The year %(text)s stands for “unknown” and is left out.") % {"text": text}
        reading.warn(element, "unknown-year", detail, attribute="year")
        return None
    return year


def _known_day(reading: Reading, element: "Element") -> date | None:
    found = day_of(reading, element)
    return found if found is not None and found.year >= values.EARLIEST_YEAR else None


def _measured(reading: Reading, element: "Element", measure: str) -> Measured:
    text = element.get("value") or ""
    return Measured(
        text=text,
        number=_number(reading, element, text, measure),
        dimensions=_dimensions(reading, element),
        locations=_locations(element),
        comments=reading.narratives(element.find("comment")),
        documents=documents(reading, element),
        line=line_of(element),
    )


def _number(reading: Reading, element: "Element", text: str, measure: str) -> Decimal | None:
    """The number of a value. What is no number is kept as text and told, with the 2.03 rule of measure 5 in mind."""
    number = values.plain_number(text)
    if number is not None:
        return reading.storable(element, number, attribute="value")
    if not text.strip():
        _tell_missing(reading, element, measure)
        return None
    number = values.loose_number(text, percentage=measure == PERCENTAGE)
    shown = {"text": text.strip()[:80]}
    if number is not None:
        reading.warn(element, "loose-number", _("“%(text)s” is read as a number.") % shown, attribute="value")
        return reading.storable(element, number, attribute="value")
    reading.warn(element, "not-a-number", _("“%(text)s” is not a number: kept as text.") % shown, attribute="value")
    return None


def _tell_missing(reading: Reading, element: "Element", measure: str) -> None:
    if element.get("value") is not None or measure != QUALITATIVE:
        reading.warn(element, "no-value", _("There is no value: kept as “not reported”."), attribute="value")


def _locations(element: "Element") -> tuple[str, ...]:
    refs = (values.squeeze(child.get("ref")) for child in element.iterchildren("location"))
    return tuple(sorted({ref for ref in refs if ref}))


def _dimensions(reading: Reading, element: "Element") -> tuple[tuple[str, str], ...]:
    found = []
    for child in element.iterchildren("dimension"):
        pair = (" ".join((child.get("name") or "").split()), " ".join((child.get("value") or "").split()))
        if all(pair):
            found.append(pair)
        else:
            reading.warn(child, "empty-dimension", _("A dimension needs a name and a value; this one is left out."))
    return tuple(sorted(found))


def _references(element: "Element") -> tuple[Reference, ...]:
    return tuple(
        Reference(
            values.squeeze(child.get("vocabulary")),
            values.squeeze(child.get("code")),
            values.squeeze(child.get("indicator-uri") or child.get("vocabulary-uri")),
        )
        for child in element.iterchildren("reference")
        if values.squeeze(child.get("code"))
    )
