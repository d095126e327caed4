"""People counted in the progress report: how many different people the figures stand for, by which method."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from projects.calculation.counting import PeopleCounted
from projects.queries.counting import PeopleTold
from projects.queries.framework import FrameworkTree, IndicatorNode
from reports.catalogue import blocks as b
from reports.catalogue.progress_results import small_cell


def blocks(tree: FrameworkTree, people: Mapping[int, PeopleTold]) -> tuple[b.Block, ...]:
    """A row an indicator whose people are counted; nothing where there is none."""
    nodes = [one for one in tree.indicators if one.indicator.pk in people]
    if not nodes:
        return ()
    columns = (
        b.Column(_("Code"), b.Kind.CODE, weight=8),
        b.Column(_("Indicator"), b.Kind.TEXT, weight=40),
        b.Column(_("At least"), b.Kind.NUMBER, weight=12, strong=True),
        b.Column(_("At most"), b.Kind.NUMBER, weight=12, strong=True),
        b.Column(_("Method"), b.Kind.TEXT, weight=28),
    )
    rows = tuple(_row(one, people[one.indicator.pk]) for one in nodes)
    caption = _("Different people over partners and periods: a range where it is not known who was reached twice.")
    return (b.Heading(2, _("People counted")), b.Table(caption, columns, rows, name=_("People counted")))


def _row(node: IndicatorNode, told: PeopleTold) -> b.Row:
    least, most = _shown(told.counted)
    return (node.indicator.code, node.title, least, most, told.count.get_method_display())


def _shown(counted: PeopleCounted) -> tuple[b.Cell, b.Cell]:
    if counted.lower is None or counted.upper is None:
        return b.Empty.NOT_REPORTED, b.Empty.NOT_REPORTED
    if 0 < counted.lower < small_cell():
        return b.Empty.SUPPRESSED, b.Empty.SUPPRESSED
    return counted.lower, counted.upper
