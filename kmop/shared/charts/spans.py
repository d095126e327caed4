"""Stretches of time as bars on one axis: a workplan, one row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from kmop.shared.charts.pen import Pen, clipped

HEIGHT = 18
THICK = 10


@dataclass(frozen=True)
class Axis:
    """The days between which all rows of a plan lie."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day lies, from 0 to 1."""
        whole = max((self.last - self.first).days, 1)
        return clipped((day - self.first).days / whole)


def span(
    axis: Axis,
    starts_on: date,
    ends_on: date,
    *,
    done: float = 0.0,
    today: date,
    is_late: bool = False,
    title: str = "",
) -> SafeString:
    """What is planned from a day to a day, with the share of it that is done, and a line for today."""
    pen = Pen(standalone=False)
    top = (HEIGHT - THICK) / 2
    start, end = axis.at(starts_on), axis.at(ends_on)
    width = max(end - start, 0.006)
    pen.rect("f-track", "0", top + THICK / 2 - 0.5, pen.across(1), 1)
    pen.rect("g-late" if is_late else "f1-soft", pen.across(start), top, pen.across(width), THICK, 2)
    if done:
        pen.rect("f1", pen.across(start), top, pen.across(width * clipped(done)), THICK, 2)
    if axis.first <= today <= axis.last:
        pen.rect("g-now", pen.across(axis.at(today)), 0, "2", HEIGHT)
    return pen.finish("bar", None, title, HEIGHT)


def years(axis: Axis) -> Sequence[tuple[float, int]]:
    """Where each year begins on the axis, and which; the first one at its start."""
    later = range(axis.first.year + 1, axis.last.year + 1)
    return [(0.0, axis.first.year), *((axis.at(date(year, 1, 1)), year) for year in later)]


def scale(axis: Axis) -> SafeString:
    """The years above the rows; one too near to its neighbour is left out."""
    pen = Pen(standalone=False)
    before = -1.0
    for place, year in years(axis):
        if place - before > 0.12:
            pen.parts.append(f'<text x="{pen.across(place)}" y="12">{year}</text>')
            before = place
    return pen.finish("bar g-years", None, "", 16)
