"""Charts with two axes: lines along time, and shares against each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.safestring import SafeString

from kmop.shared import formats
from kmop.shared.charts.pen import Figures, Number, Pen, clipped, stretches, told

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Line:
    """A line of a chart: one figure for each place along the axis, and the word that stands beside its end."""

    values: Figures
    name: str = ""
    look: str = "l1"


def ticks(high: float) -> list[Decimal]:
    """Three to five round figures from nought to at least `high`."""
    rough = Decimal(str(high)) / 4 if high > 0 else Decimal(1)
    unit = Decimal(1).scaleb(rough.adjusted())
    step = next(unit * each for each in STEPS if unit * each >= rough)
    count = max(1, int((Decimal(str(high)) / step).to_integral_value(ROUND_CEILING)))
    return [step * index for index in range(count + 1)]


@dataclass(frozen=True)
class Frame:
    """Where a line chart lies on its sheet: figures become places."""

    places: int
    high: float
    left: float = 48
    right: float = 488
    top: float = 22
    bottom: float = 178

    def at(self, index: float, value: float) -> tuple[float, float]:
        """The point for a place along the axis and a figure."""
        across = self.left + (self.right - self.left) * index / max(self.places - 1, 1)
        return across, self.bottom - (self.bottom - self.top) * value / self.high


def line_chart(
    lines: Sequence[Line],
    labels: Sequence[str],
    *,
    title: str,
    shown: Callable[[Decimal], str] = formats.number,
    now: tuple[float, str] | None = None,
    usual: tuple[Number, Number] | None = None,
    standalone: bool = False,
) -> SafeString:
    """Lines along time from nought, each ending in its word: money burnt against plan, figures against their history.

    `labels` are the places along the axis ("" for none), `now` a place with its word, `usual` a range drawn behind.
    """
    pen = Pen(standalone)
    known = [float(value) for line in lines for value in line.values if value is not None]
    scale = ticks(max([0.0, *known, *(float(edge) for edge in usual or ())]))
    frame = Frame(max(len(labels), *(len(line.values) for line in lines)), float(scale[-1]))
    _grid(pen, frame, scale, labels, shown)
    if usual is not None:
        low, high = frame.at(0, float(usual[0]))[1], frame.at(0, float(usual[1]))[1]
        pen.rect("f-range", told(frame.left), high, told(frame.right - frame.left), low - high)
    if now is not None:
        across = frame.at(now[0], 0)[0]
        pen.path("l-now", f"M{told(across)} {told(frame.top)}V{told(frame.bottom)}")
        pen.text("t-mid", across, frame.top - 8, now[1])
    for line in lines:
        _draw_line(pen, frame, line)
    return pen.finish("chart", (520, 212), title)


def _grid(
    pen: Pen, frame: Frame, scale: Sequence[Decimal], labels: Sequence[str], shown: Callable[[Decimal], str]
) -> None:
    for tick in scale:
        height = frame.at(0, float(tick))[1]
        pen.path("l-grid", f"M{told(frame.left)} {told(height)}H{told(frame.right)}")
        pen.text("t-end", frame.left - 6, height + 4, shown(tick))
    for index, label in enumerate(labels):
        if label:
            across = frame.at(index, 0)[0]
            pen.path("l-axis", f"M{told(across)} {told(frame.bottom)}v5")
            anchor = "" if index == 0 else "t-end" if index == len(labels) - 1 else "t-mid"
            pen.text(anchor, across, frame.bottom + 21, label)


def _draw_line(pen: Pen, frame: Frame, line: Line) -> None:
    runs = stretches(line.values, frame.at)
    for run in runs:
        if len(run) > 1:
            pen.line(line.look, run)
        elif line.look != "l5":
            pen.dot(line.look.replace("l", "p"), *run[0], 4)
    if not runs:
        return
    across, height = runs[-1][-1]
    if line.look != "l5":
        pen.dot(line.look.replace("l", "p"), across, height, 5)
    if line.name:
        late = across > frame.right - 90
        words = {"l1": "t-1", "l2": "t-2"}.get(line.look, "")
        below = 20 if line.look == "l1" and height + 20 < frame.bottom else -10
        pen.text(f"{words} t-end".strip() if late else words, across + (-4 if late else 10), height + below, line.name)


@dataclass(frozen=True)
class Mark:
    """A project on the plane: two shares, and whether it is flagged (then a square in the second colour)."""

    name: str
    across: Number
    up: Number
    flagged: bool = False


def plane(
    marks: Sequence[Mark], *, across: str, up: str, corner: str, title: str, standalone: bool = False
) -> SafeString:
    """Two shares against each other, both from nought to one; the lower right, `corner`, is where the flagged lie."""
    pen = Pen(standalone)
    frame = Frame(places=2, high=1.0, top=24, bottom=282)
    half = frame.at(0.5, 0.5)
    pen.rect("f-warn", told(half[0]), half[1], told(frame.right - half[0]), frame.bottom - half[1])
    for share in (0.0, 0.5, 1.0):
        x, y = frame.at(share, share)
        pen.path("l-axis" if share == 0.5 else "l-grid", f"M{told(x)} {told(frame.top)}V{told(frame.bottom)}")
        pen.path("l-axis" if share == 0.5 else "l-grid", f"M{told(frame.left)} {told(y)}H{told(frame.right)}")
        pen.text("t-mid", x, frame.bottom + 18, formats.percent(share))
        pen.text("t-end", frame.left - 11, y + 4, formats.percent(share))
    pen.text("t-b", frame.left, frame.top - 10, up)
    pen.text("t-end t-b", frame.right, frame.bottom + 40, across)
    pen.text("t-2 t-end", frame.right - 8, frame.bottom - 10, corner)
    for mark in marks:
        x, y = frame.at(clipped(mark.across), clipped(mark.up))
        if mark.flagged:
            pen.rect("p2", told(x - 7), y - 7, "14", 14, 2)
        else:
            pen.dot("p1", x, y, 7)
        late = x > half[0] + 120
        lifted = 5 if abs(y - half[1]) < 9 or frame.bottom - y < 9 else 0
        pen.text("t-b t-end" if late else "t-b", x + (-11 if late else 11), y + 4 - lifted, mark.name)
    return pen.finish("chart", (520, 332), title)
