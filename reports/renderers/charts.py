"""The charts of a document as SVG: the same string in page and PDF, with its looks inside."""

from decimal import Decimal

from django.utils.safestring import SafeString

from kmop.shared import charts
from reports.catalogue import blocks as b

LOOKS = {b.Role.ACTUAL: "l1", b.Role.OTHER: "l2", b.Role.PLAN: "l5"}
LABELS = 6


def chart_svg(chart: b.Chart) -> SafeString:
    """The drawing of a chart, with its description as its name. Its figures are written in the active language."""
    if chart.form == b.Form.COLUMNS:
        values = chart.series[0].values
        points = [charts.Point(label, value) for label, value in zip(chart.categories, values, strict=True)]
        return charts.columns(points, title=chart.description, standalone=True)
    lines = [charts.Line(series.values, series.label, LOOKS[series.role]) for series in chart.series]
    every = max(1, -(-len(chart.categories) // LABELS))
    labels = [label if at % every == 0 else "" for at, label in enumerate(chart.categories)]
    return charts.line_chart(lines, labels, title=chart.description, standalone=True)


def bar_svg(actual: Decimal | None, plan: Decimal | None, side: b.Side) -> SafeString:
    """A bar for a page, with the mark of the plan; hatched where nothing was reported."""
    return charts.bar(actual, plan, kind="voice" if side == b.Side.VOICE else "figure")
