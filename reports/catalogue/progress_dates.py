"""As of which moment each section of the progress report is told: past states that are kept, and those that aren't."""

from django.utils import timezone
from django.utils.translation import gettext as _

from kmop.shared import formats
from reports.catalogue import blocks as b
from reports.catalogue.registry import Order

Section = tuple[b.Block, ...]


def results(order: Order, section: Section) -> Section:
    """Periods to the day; a figure approved later counts as it is now."""
    return _dated(order, section, _("Periods begun by %(day)s; their figures as approved by %(moment)s."))


def voices(order: Order, section: Section) -> Section:
    """Rounds, messages, answers and decisions have days of their own; the state of a need has none."""
    said = _(
        "Rounds, messages, answers and decisions to %(day)s; the states of needs, and what may be quoted, as of"
        " %(moment)s."
    )
    return _dated(order, section, said)


def money(order: Order, section: Section) -> Section:
    """Expenses have days; a changed budget keeps no past."""
    return _dated(order, section, _("Expenses to %(day)s; the budget as of %(moment)s."))


def work(order: Order, section: Section) -> Section:
    """Actual ends have days; plans and what was given up have none."""
    return _dated(
        order, section, _("Done and late as on %(day)s; planned ends, and what was dropped, as of %(moment)s.")
    )


def risks(order: Order, section: Section) -> Section:
    """The closing of a risk has a day; its words and numbers keep no past."""
    said = _("Risks that were not closed by %(day)s; likelihood, impact and mitigation as of %(moment)s.")
    return _dated(order, section, said)


def missing(order: Order, section: Section) -> Section:
    """What was due before the day and is owed still."""
    return _dated(order, section, _("Due before %(day)s; sent and approved as of %(moment)s."))


def _dated(order: Order, section: Section, words: str) -> Section:
    """The section with its small print; nothing for a section that isn't there."""
    if not section:
        return ()
    told = {
        "day": formats.day(order.as_of, order.language),
        "moment": formats.moment(order.frozen_at or timezone.now(), order.language),
    }
    return (*section, b.Text((words % told,), b.Style.SMALL))
