"""Charts as SVG strings, drawn on the server: pure functions of figures.

On a page the looks come from classes (static/css/charts.css); with `standalone=True` the same drawing carries its looks
as attributes and a size, so that it also stands in a PDF. No `style` attribute in either, so the strict CSP holds.
A share is a fraction of one (0.62 is 62%). `None` means "not reported" and is hatched or a gap, never a nought.
With a `title` the drawing is an image with a name; without, it is decoration beside the figures in words.
"""

from kmop.shared.charts.bars import Point, bar, columns, segments, sparkline, stacked
from kmop.shared.charts.lines import Line, Mark, line_chart, plane, ticks
from kmop.shared.charts.pen import TOKENS, Figures, Number

__all__ = [
    "TOKENS",
    "Figures",
    "Line",
    "Mark",
    "Number",
    "Point",
    "bar",
    "columns",
    "line_chart",
    "plane",
    "segments",
    "sparkline",
    "stacked",
    "ticks",
]
