"""Bars, sparklines and columns: one figure against its plan, or a few along time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from kmop.shared import formats
from kmop.shared.charts.pen import PAPER_BAR, Figures, Number, Pen, clipped, stretches, told

KINDS = {"figure": "f1", "women": "f1", "men": "f2", "second": "f2", "place": "f3", "voice": "f4", "quiet": "f5"}
HEIGHTS = {"xs": (7, 7), "s": (10, 10), "m": (16, 10), "l": (20, 14)}


@dataclass(frozen=True)
class Point:
    """One column or mark: what it is called, its figure (None: not reported), and the figure as shown."""

    label: str
    value: Number | None
    shown: str = ""


def bar(
    share: Number | None,
    plan: Number | None = None,
    *,
    kind: str = "figure",
    soft: Number | None = None,
    size: str = "m",
    title: str = "",
    standalone: bool = False,
) -> SafeString:
    """A bar with the plan as a dark mark; `soft` is a paler bar behind it (answered behind met). None is hatched."""
    if share is None:
        return _hatched(title, standalone)
    pen = Pen(standalone)
    height, thick = HEIGHTS[size]
    top = (height - thick) / 2
    pen.rect("f-track", "0", top, pen.across(1), thick, 3)
    if soft is not None:
        pen.rect("f4-soft" if kind == "voice" else "f1-soft", "0", top, pen.across(clipped(soft)), thick, 3)
    pen.rect(KINDS[kind], "0", top, pen.across(clipped(share)), thick, 3)
    if plan is not None:
        _plan_mark(pen, clipped(plan), height)
    return pen.finish("bar", (PAPER_BAR, height) if standalone else None, title, height)


def _plan_mark(pen: Pen, plan: float, height: int) -> None:
    if pen.standalone:
        pen.rect("f-tick", told(plan * PAPER_BAR - 1), 0, "3", height, 1)
        return
    pen.parts.append(f'<svg x="{pen.across(plan)}" overflow="visible">')
    pen.rect("f-tick", "-1", 0, "3", height, 1)
    pen.parts.append("</svg>")


def _hatched(title: str, standalone: bool) -> SafeString:
    pen = Pen(standalone)
    width = PAPER_BAR if standalone else 960
    pen.path("f-hatch", "".join(f"M{x} 12l12-12" for x in range(-12, width, 8)))
    return pen.finish("bar bar-hatch", (PAPER_BAR, 10) if standalone else None, title, 10)


def segments(complete: int, incomplete: int, total: int, *, title: str = "", standalone: bool = False) -> SafeString:
    """One piece for each of `total`: complete ones full, incomplete ones pale, the others empty."""
    pen = Pen(standalone)
    step = 1 / max(total, 1)
    for place in range(total):
        classes = "f1" if place < complete else "f1-soft" if place < complete + incomplete else "f-track"
        pen.rect(classes, pen.across(place * step), 3, pen.across(step - 0.01), 14, 3)
    return pen.finish("bar", (PAPER_BAR, 20) if standalone else None, title, 20)


def stacked(parts: Sequence[tuple[Number, str]], *, title: str = "", standalone: bool = False) -> SafeString:
    """Parts of a whole side by side: (amount, kind) each; the whole is their sum."""
    pen = Pen(standalone)
    whole = sum(float(amount) for amount, _kind in parts)
    pen.rect("f-track", "0", 0, pen.across(1), 10, 2)
    start = 0.0
    for amount, kind in parts:
        share = float(amount) / whole if whole else 0.0
        pen.rect(f"{KINDS[kind]} f-edge", pen.across(start), 0, pen.across(share), 10)
        start += share
    return pen.finish("bar", (PAPER_BAR, 10) if standalone else None, title, 10)


def _bounds(figures: Figures) -> tuple[float, float]:
    """From nought (or below it) to the largest figure; never an empty span."""
    known = [float(value) for value in figures if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    return low, high if high > low else low + 1


def sparkline(values: Figures, plan: Figures = (), *, title: str = "", standalone: bool = False) -> SafeString:
    """What came each period, dashes for the plan; a period that was not reported is a gap."""
    pen = Pen(standalone)
    low, high = _bounds([*values, *plan])
    gaps = max(len(values), len(plan)) - 1

    def place(index: int, value: float) -> tuple[float, float]:
        return 2 + 84 * index / max(gaps, 1), 25 - 22 * (value - low) / (high - low)

    for run in stretches(plan, place):
        pen.line("s-plan", run)
    runs = stretches(values, place)
    for run in runs:
        if len(run) > 1:
            pen.line("s-line", run)
        else:
            pen.dot("s-dot", *run[0], 1.5)
    if runs:
        pen.dot("s-dot", *runs[-1][-1], 2.75)
    return pen.finish("spark", (88, 28), title)


def columns(points: Sequence[Point], *, title: str, standalone: bool = False) -> SafeString:
    """One column a period, its figure on it, the last one in colour; a gap where nothing was reported."""
    pen = Pen(standalone)
    low, high = _bounds([point.value for point in points])
    step = 320 / max(len(points), 1)
    width = min(step * 0.74, 34)
    every = max(1, -(-len(points) // 4))
    last = len(points) - 1
    scale = 88 / (high - low)
    nought = 112 + low * scale
    pen.path("l-axis", f"M0 {told(nought)}H320")
    for index, point in enumerate(points):
        middle = step * (index + 0.5)
        if point.value is not None:
            tall = abs(float(point.value)) * scale
            top = nought - max(float(point.value), 0.0) * scale
            pen.rect("f1" if index == last else "f5", told(middle - width / 2), top, told(width), tall, 2)
            shown = point.shown or formats.number(point.value)
            pen.text("t-mid t-b" if index == last else "t-mid", middle, top - 5, shown)
        if (last - index) % every == 0:
            pen.text("t-mid", middle, 130, point.label)
    return pen.finish("chart chart-s", (320, 140), title)
