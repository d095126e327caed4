"""The figures of an IATI file straight from its XML, written apart from the portal: what each indicator must come to.

`python tests/iati_figures.py FILE ...` prints them. For every period and for the whole life there are two answers:
`naive`, every number of every actual added up with no number as 0 (what a spreadsheet does), and `right`, by the rule
of docs/indicators.md and docs/import.md. Where the two differ, `causes` says why.
"""

import re
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

PERCENTAGE, QUALITATIVE = "2", ("3", "4", "5")
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}")
LARGEST = 9_000_000_000_000

Days: TypeAlias = tuple[str, str]
Value: TypeAlias = tuple[str, Decimal | None]
"""A state (reported, not_reported, not_applicable) and the number, if there is one."""

SILENT: Value = ("not_reported", None)
APART: Value = ("not_applicable", None)


@dataclass
class Told:
    """One period, or the whole life: both answers, and why they differ."""

    naive: Decimal
    right: Value
    causes: set[str]
    cells: list[Value] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether the spreadsheet would be wrong."""
        return self.right != ("reported", self.naive)


@dataclass
class Expected:
    """An indicator with actuals, by the days of its periods and over its whole life; `place` is its number in order."""

    activity: str
    place: int
    periods: dict[Days, Told]
    whole: Told


def figures(path: Path) -> list[Expected]:
    """Every indicator with an actual, in the order of the file; of activities with one identifier the first."""
    found: list[Expected] = []
    seen: set[str] = set()
    for activity in ET.parse(path).getroot().iter("iati-activity"):
        identifier = (activity.findtext("iati-identifier") or "").strip()
        if not identifier or identifier in seen:
            continue
        seen.add(identifier)
        for place, indicator in enumerate(activity.findall("result/indicator"), start=1):
            if indicator.find("period/actual") is not None:
                found.append(_indicator(identifier, place, indicator))
    return found


def _indicator(identifier: str, place: int, element: ET.Element) -> Expected:
    measure = (element.get("measure") or "").strip()
    parts: dict[Days, list[ET.Element]] = {}
    causes: set[str] = set()
    for one in element.findall("period"):
        days = _day(one, "period-start"), _day(one, "period-end")
        if days in parts:
            causes.add("repeated period")
        parts.setdefault(days, []).extend(one.findall("actual"))
    periods = {days: _period(actuals, measure) for days, actuals in sorted(parts.items())}
    return Expected(identifier, place, periods, _whole(periods, measure, causes))


def _day(period: ET.Element, name: str) -> str:
    element = period.find(name)
    return (element.get("iso-date") or "").strip()[:10] if element is not None else ""


def _period(actuals: list[ET.Element], measure: str) -> Told:
    """Totals of different places are added; cells are figures of their own; what is no number is none."""
    causes: set[str] = set()
    naive = Decimal(0)
    kept: dict[tuple[str, str], Decimal | None] = {}
    for one in actuals:
        number = _number(one.get("value"), measure, causes)
        naive += number or 0
        key = _places(one), _cell(one)
        if key in kept:
            causes.add("repeated cell")
            continue
        kept[key] = number
    if any(cell for _place, cell in kept):
        causes.add("broken down")
    totals = [number for (_place, cell), number in kept.items() if not cell]
    cells = sorted({cell for _place, cell in kept if cell})
    by_cell = [[number for (_place, name), number in kept.items() if name == cell] for cell in cells]
    told = Told(naive, _together(totals, measure, causes), causes, [_together(one, measure, set()) for one in by_cell])
    if not actuals:
        causes.add("no actual")
    return told


def _together(numbers: list[Decimal | None], measure: str, causes: set[str]) -> Value:
    """One value stands; several are added, unless they are percentages or scores."""
    told = [one for one in numbers if one is not None]
    if not told:
        return SILENT
    if len(told) == 1:
        return "reported", told[0]
    if measure == PERCENTAGE:
        causes.add("percentages without parts")
        return APART
    if measure in QUALITATIVE:
        causes.add("scores of several places")
        return APART
    return "reported", sum(told, Decimal(0))


def _number(text: str | None, measure: str, causes: set[str]) -> Decimal | None:
    said = (text or "").strip()
    if not said:
        causes.add("no value")
        return None
    if PLAIN.fullmatch(said):
        return _kept(Decimal(said), causes)
    if measure == PERCENTAGE and PLAIN.fullmatch(said.removesuffix("%")):
        return _kept(Decimal(said.removesuffix("%")), causes)
    if GROUPED.fullmatch(said):
        return _kept(Decimal(said.replace(",", "")), causes)
    causes.add("value is no number")
    return None


def _kept(number: Decimal, causes: set[str]) -> Decimal | None:
    if abs(number) > LARGEST:
        causes.add("too large")
        return None
    return round(number, 6)


def _places(actual: ET.Element) -> str:
    return " ".join(sorted((one.get("ref") or "").strip() for one in actual.findall("location")))


def _cell(actual: ET.Element) -> str:
    pairs = [[" ".join((one.get(name) or "").lower().split()) for name in ("name", "value")] for one in _named(actual)]
    return "|".join(sorted(":".join(pair) for pair in pairs))


def _named(actual: ET.Element) -> list[ET.Element]:
    """Those that name both a dimension and a category."""
    return [one for one in actual.findall("dimension") if one.get("name") and one.get("value")]


def _whole(periods: dict[Days, Told], measure: str, causes: set[str]) -> Told:
    """Counts are added over time, unless periods overlap; all else stands as it was told last."""
    naive = sum((one.naive for one in periods.values()), Decimal(0))
    days = list(periods)
    overlap = any(later[0] <= earlier[1] for earlier, later in zip(days, days[1:], strict=False))
    told = [(span, one.right) for span, one in periods.items() if one.right != SILENT]
    for one in periods.values():
        causes |= one.causes - {"no actual"}
    outer = [value for span, value in told if not any(_within(span, longer) for longer, _value in told)]
    if not told:
        return Told(naive, SILENT, causes)
    if measure == PERCENTAGE or measure in QUALITATIVE or overlap:
        if len(told) > 1:
            causes.add("periods overlap" if overlap else "latest stands")
        return Told(naive, outer[-1], causes)
    if any(value == APART for value in outer):
        return Told(naive, APART, causes)
    return Told(naive, ("reported", sum((value[1] or Decimal(0) for value in outer), Decimal(0))), causes)


def _within(span: Days, longer: Days) -> bool:
    return span != longer and longer[0] <= span[0] and span[1] <= longer[1]


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for one in figures(Path(name)):
            sys.stdout.write(f"{name} {one.activity} {one.place}: {one.whole.right} {sorted(one.whole.causes)}\n")
