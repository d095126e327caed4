"""Ages: how old somebody is on a day, the finest bands that all are cut from, and donors' bands composed of them.

A band goes from one age up to the next cut and doesn't reach it; the last one is open above.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

FINEST = (0, 6, 15, 18, 25, 30, 55, 60, 65)
OLDEST = 130

_BAND = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3})|\+)")


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """Ages from `first` on, before `end`; an `end` of None is open above."""

    first: int
    end: int | None = None

    @property
    def code(self) -> str:
        """18-24, 65+."""
        return f"{self.first}+" if self.end is None else f"{self.first}-{self.end - 1}"

    def holds(self, age: int) -> bool:
        """Whether somebody of this age belongs here."""
        return self.first <= age and (self.end is None or age < self.end)

    def lies_in(self, other: "Band") -> bool:
        """Whether everybody of this band belongs to the other one too."""
        return self.first >= other.first and _end(self) <= _end(other)

    def meets(self, other: "Band") -> bool:
        """Whether anybody may belong to both."""
        return self.first < _end(other) and other.first < _end(self)


@dataclass(frozen=True, slots=True)
class BandFault:
    """A wanted band that the given ones can't be put together to, by codes.

    Codes: cut_through (`part` lies only partly in it), outside (`part` doesn't at all), gap (`part`: the ages that no
    band tells).
    """

    code: str
    band: str
    part: str


def _end(band: Band) -> int:
    return OLDEST + 1 if band.end is None else band.end


def band(code: str) -> Band | None:
    """The band of a code such as 0-17 or 65+; None for what is no band ("not_stated")."""
    found = _BAND.fullmatch(code)
    if found is None:
        return None
    first, last = int(found[1]), found[2]
    if last is None:
        return Band(first)
    return Band(first, int(last) + 1) if int(last) >= first else None


def bands(cuts: Sequence[int] = FINEST) -> list[Band]:
    """The bands between cuts, the last one open above."""
    return [Band(first, end) for first, end in zip(cuts, [*cuts[1:], None], strict=True)]


def age_on(day: date, *, born_in: int) -> int:
    """How old somebody turns in the year of `day`, of whom only the year of birth is known; never below 0.

    The month isn't known, so that about half of the people are a year younger until their birthday. ValueError for a
    year after that of the day, or of somebody older than 130.
    """
    age = day.year - born_in
    if not 0 <= age <= OLDEST:
        raise ValueError(f"nobody born in {born_in} lives on {day}")
    return age


def band_of(age: int, among: Iterable[Band]) -> Band | None:
    """The first band that an age belongs to; None where none holds it."""
    return next((one for one in among if one.holds(age)), None)


def mapped(wanted: Mapping[str, Band], present: Mapping[str, Band]) -> tuple[dict[str, str], list[BandFault]]:
    """Each band present to the wanted one that it is part of, by codes; and why others can't be put together."""
    mapping = {
        part: whole for whole, large in wanted.items() for part, small in present.items() if small.lies_in(large)
    }
    faults = []
    for whole, large in wanted.items():
        fault = _fault(whole, large, [one for one in present.values() if one.meets(large)])
        if fault is not None:
            faults.append(fault)
    impossible = {one.band for one in faults}
    return {part: whole for part, whole in mapping.items() if whole not in impossible}, faults


def check_mapping(
    mapping: Mapping[str, str], *, wanted: Mapping[str, Band], present: Mapping[str, Band]
) -> list[BandFault]:
    """What is wrong with a mapping (code of a band present to code of the wanted one): each must be exactly its parts.

    Codes without ages ("not_stated") may stand for anything. The bands present must not overlap.
    """
    faults = []
    for whole, large in wanted.items():
        parts = [present[part] for part, one in mapping.items() if one == whole and part in present]
        fault = _fault(whole, large, parts)
        if fault is not None:
            faults.append(fault)
    return faults


def _fault(code: str, wanted: Band, given: Sequence[Band]) -> BandFault | None:
    """Why these bands don't make the wanted one: one reaches beyond it, or some ages are missing."""
    parts = sorted(given)
    through = next((one for one in parts if not one.lies_in(wanted)), None)
    if through is not None:
        return BandFault("cut_through" if through.meets(wanted) else "outside", code, through.code)
    at = wanted.first
    for one in [*parts, Band(_end(wanted))]:
        if one.first > at:
            return BandFault("gap", code, Band(at, None if one.first > OLDEST else one.first).code)
        at = _end(one)
    return None
