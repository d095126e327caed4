"""How a chart is written: shapes with classes for a page, with the same looks as attributes for paper."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Number: TypeAlias = Decimal | int | float
Figures: TypeAlias = Sequence[Number | None]

PAPER_BAR = 240

# The light tokens once more, for paper, where no style sheet reaches. A test compares them with tokens.css.
TOKENS = {
    "--c-1": "#084a7c",
    "--c-2": "#c66f00",
    "--c-3": "#1f9a6e",
    "--c-4": "#cb74b5",
    "--c-5": "#616d78",
    "--c-grid": "#dfe4e8",
    "--track": "#e2e8eb",
    "--ink": "#16202a",
    "--ink-2": "#43505c",
    "--ink-3": "#586571",
    "--surface": "#ffffff",
    "--line-strong": "#7a8691",
    "--accent": "#0b5a7d",
    "--voice": "#86306f",
    "--warn": "#7d5200",
    "--warn-soft": "#fdf1d3",
}
LINE = 'fill="none" stroke-width="2.25" stroke-linejoin="round" stroke-linecap="round" '
LOOKS = {
    "f1": 'fill="--c-1"',
    "f2": 'fill="--c-2"',
    "f3": 'fill="--c-3"',
    "f4": 'fill="--c-4"',
    "f5": 'fill="--c-5"',
    "f1-soft": 'fill="--c-1" fill-opacity="0.35"',
    "f4-soft": 'fill="--c-4" fill-opacity="0.4"',
    "f-edge": 'stroke="--surface" stroke-width="1"',
    "f-track": 'fill="--track"',
    "f-range": 'fill="--track"',
    "f-warn": 'fill="--warn-soft"',
    "f-tick": 'fill="--ink" stroke="--surface" stroke-width="1"',
    "f-hatch": 'fill="none" stroke="--line-strong" stroke-width="1.5"',
    "l-grid": 'stroke="--c-grid" stroke-width="1"',
    "l-axis": 'stroke="--line-strong" stroke-width="1"',
    "l-now": 'fill="none" stroke="--ink-3" stroke-width="1" stroke-dasharray="2 3"',
    "l1": LINE + 'stroke="--c-1"',
    "l2": LINE + 'stroke="--c-2"',
    "l5": 'fill="none" stroke="--c-5" stroke-width="1.75" stroke-dasharray="5 4"',
    "s-line": 'fill="none" stroke="--c-1" stroke-width="1.75"',
    "s-plan": 'fill="none" stroke="--c-5" stroke-width="1.25" stroke-dasharray="3 3"',
    "s-dot": 'fill="--c-1"',
    "p1": 'fill="--c-1" stroke="--surface" stroke-width="2"',
    "p2": 'fill="--c-2" stroke="--surface" stroke-width="2"',
    "t-b": 'font-weight="600" fill="--ink"',
    "t-1": 'font-weight="600" fill="--accent"',
    "t-2": 'font-weight="600" fill="--warn"',
    "t-end": 'text-anchor="end"',
    "t-mid": 'text-anchor="middle"',
    "wide": "",
}


class Pen:
    """Writes shapes, either with classes or with the same looks as attributes."""

    def __init__(self, standalone: bool) -> None:
        self.standalone = standalone
        self.parts: list[str] = []

    def look(self, classes: str) -> str:
        """The looks of some classes, as a class attribute or spelt out."""
        if not self.standalone:
            return f' class="{classes}"'
        spelt = " ".join(filter(None, (LOOKS[name] for name in classes.split())))
        for name in sorted(TOKENS, key=len, reverse=True):
            spelt = spelt.replace(f'"{name}"', f'"{TOKENS[name]}"')
        return f" {spelt}" if spelt else ""

    def rect(self, classes: str, x: str, y: float, width: str, height: float, radius: float = 0) -> None:
        """A rectangle; `x` and `width` may be per cent."""
        round_corners = f' rx="{told(radius)}"' if radius else ""
        self.parts.append(
            f'<rect{self.look(classes)} x="{x}" y="{told(y)}" width="{width}" height="{told(height)}"{round_corners}/>'
        )

    def path(self, classes: str, d: str) -> None:
        """A path."""
        self.parts.append(f'<path{self.look(classes)} d="{d}"/>')

    def line(self, classes: str, points: Sequence[tuple[float, float]]) -> None:
        """An open line through the points."""
        places = " ".join(f"{told(x)},{told(y)}" for x, y in points)
        self.parts.append(f'<polyline{self.look(classes)} points="{places}"/>')

    def dot(self, classes: str, x: float, y: float, radius: float) -> None:
        """A round mark."""
        self.parts.append(f'<circle{self.look(classes)} cx="{told(x)}" cy="{told(y)}" r="{told(radius)}"/>')

    def text(self, classes: str, x: float, y: float, words: str) -> None:
        """A label. Plain text needs no class on a page."""
        fill = ' fill="' + TOKENS["--ink-2"] + '"' if self.standalone and "t-1" not in classes else ""
        looks = self.look(classes) if classes else ""
        if 'fill="' in looks:
            fill = ""
        self.parts.append(f'<text{looks}{fill} x="{told(x)}" y="{told(y)}">{escape(words)}</text>')

    def finish(self, classes: str, box: tuple[int, int] | None, title: str, height: int = 0) -> SafeString:
        """The whole drawing. Without a box its width is that of its container."""
        name = f' role="img"><title>{escape(title)}</title>' if title else ' aria-hidden="true">'
        if box is None:
            frame = f'class="{classes}" width="100%" height="{height}"'
        elif self.standalone:
            frame = (
                f'xmlns="http://www.w3.org/2000/svg" width="{box[0]}" height="{box[1]}" viewBox="0 0 {box[0]} {box[1]}"'
                ' font-family="Noto Sans" font-size="12"'
            )
        else:
            frame = f'class="{classes}" viewBox="0 0 {box[0]} {box[1]}"'
        return mark_safe(f"<svg {frame}{name}{''.join(self.parts)}</svg>")  # noqa: S308 - figures and escaped words only

    def across(self, share: float) -> str:
        """A place or width along a bar: per cent on a page, units on paper."""
        return told(share * PAPER_BAR) if self.standalone else f"{told(share * 100)}%"


def told(value: float) -> str:
    """A measure with at most one decimal."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def clipped(share: Number) -> float:
    """A share kept between nought and one."""
    return min(max(float(share), 0.0), 1.0)


def stretches(values: Figures, place: Callable[[int, float], tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The stretches between the gaps, as points."""
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(place(index, float(value)))
    return [run for run in runs if run]
