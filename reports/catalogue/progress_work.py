"""Money, work and risks in the progress report."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.text import in_language
from projects.models import Risk
from projects.queries.money import MoneySummary
from projects.queries.money_lines import Spending
from projects.queries.workplan import WorkSummary
from reports.catalogue import blocks as b
from reports.catalogue.registry import Order
from reports.queries.project_progress import LineSpending

MOST_LATE, MOST_RISKS = 20, 10


def money(order: Order, summary: MoneySummary, lines: Sequence[LineSpending]) -> tuple[b.Block, ...]:
    """Budget and spending by line; nothing is summed where a rate is missing, and the reason stands instead."""
    if not lines:
        return ()
    columns = (
        b.Column(_("Line"), b.Kind.CODE),
        b.Column(_("For what"), b.Kind.TEXT),
        b.Column(_("Budget"), b.Kind.MONEY, summary.currency),
        b.Column(_("Spent"), b.Kind.MONEY, summary.currency, strong=True),
    )
    rows = tuple(
        (each.code, each.title, _budget(each.money, summary.currency, order.language), _or_none(each.money.spent))
        for each in lines
    )
    total = ("", _("All"), _or_none(summary.budget), _or_none(summary.spent))
    caption = _("Budget and spending by line, to %(day)s") % {"day": formats.day(order.as_of, order.language)}
    table = b.Table(caption, columns, rows, total, name=_("Money"))
    return (b.Heading(1, _("Money")), table, *_notes(summary))


def _budget(line: Spending, currency: str, language: str) -> b.Cell:
    return line.budget if line.currency == currency else formats.money(line.budget, line.currency, language)


def _or_none(amount: b.Cell) -> b.Cell:
    return b.Empty.NOT_APPLICABLE if amount is None else amount


def _notes(summary: MoneySummary) -> tuple[b.Block, ...]:
    notes = []
    if summary.without_rate:
        said = _("Expenses without a rate of exchange: %(count)s. So there is no total.")
        notes.append(b.Note(said % {"count": summary.without_rate}, b.Tone.WARN))
    if summary.budget_other:
        said = _("Budget lines in another currency without a rate: %(names)s. So there is no total.")
        notes.append(b.Note(said % {"names": ", ".join(summary.budget_other)}, b.Tone.WARN))
    return tuple(notes)


def late(work: WorkSummary) -> tuple[b.Block, ...]:
    """How much is done, and what is late, longest first."""
    if not work.total:
        return ()
    facts = {"done": work.done, "total": work.total, "late": len(work.late)}
    lead = _("%(done)s of %(total)s activities, deliverables and milestones are done; %(late)s are late.") % facts
    heading = (b.Heading(1, _("Work")), b.Text((lead,), b.Style.LEAD))
    if not work.late:
        return heading
    columns = (
        b.Column(_("Code"), b.Kind.CODE, weight=12),
        b.Column(_("What"), b.Kind.TEXT, weight=50),
        b.Column(_("Planned end"), b.Kind.DATE),
    )
    rows = tuple((each.code, in_language(each.titles), each.ends_on) for each in work.late[:MOST_LATE])
    return (*heading, b.Table(_("Late, longest first"), columns, rows, name=_("Late")))


def risks(open_risks: Sequence[Risk]) -> tuple[b.Block, ...]:
    """The open risks, worst first."""
    if not open_risks:
        return ()
    columns = (
        b.Column(_("What may happen"), b.Kind.TEXT, weight=34),
        b.Column(_("Likelihood × impact"), b.Kind.TEXT, weight=14),
        b.Column(_("What we do about it"), b.Kind.TEXT, weight=40),
        b.Column(_("Next review"), b.Kind.DATE),
    )
    rows = tuple(
        (each.title, f"{each.likelihood} × {each.impact}", each.mitigation, each.review_on)
        for each in open_risks[:MOST_RISKS]
    )
    return (b.Heading(1, _("Risks")), b.Table(_("Open risks, worst first"), columns, rows, name=_("Risks")))
