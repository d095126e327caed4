"""What people say, in the progress report: needs as they rank them, their words, and what was changed."""

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beneficiaries.calculation.suppression import hidden_cells
from beneficiaries.choices import NEED_BADGES, OUTCOME_BADGES, NeedState, Outcome
from beneficiaries.queries.ledger import LedgerLine
from beneficiaries.queries.needs import PeopleSaid, RankedNeed
from beneficiaries.queries.quotes import Quote
from beneficiaries.queries.voices import ProjectVoices, Voices
from kmop.shared import formats
from kmop.shared.text import in_language
from reports.catalogue import blocks as b
from reports.catalogue.frames import mark_of
from reports.catalogue.registry import Order


def blocks(order: Order, found: Voices) -> tuple[b.Block, ...]:
    """The section on needs and what was changed; it stands even where nothing was said, and says so."""
    heading = b.Heading(1, _("What people say they need"))
    people = found.summary.people
    if not (found.needs or found.ledger or found.summary.messages.all):
        return (heading, b.Text((_("Nothing was asked or said yet."),), b.Style.LEAD))
    return (
        heading,
        *_lead(order, people),
        *_needs(found.needs, people),
        *_waits(found.summary),
        *_changes(found.ledger),
    )


def _lead(order: Order, people: PeopleSaid) -> tuple[b.Block, ...]:
    met, answered = people.shares.met.value, people.shares.answered.value
    if met is None or answered is None or people.round_on is None:
        return (b.Text((_("Nobody was asked to rank needs yet."),), b.Style.LEAD),)
    facts = {
        "day": formats.day(people.round_on, order.language),
        "people": formats.number(people.answering, order.language),
        "met": formats.percent(met, order.language),
        "answered": formats.percent(answered, order.language),
    }
    said = _(
        "Of %(people)s people who ranked their needs (last round %(day)s), %(met)s say that the need they put first is"
        " met. We say that it is answered for %(answered)s."
    )
    return (b.Text((said % facts,), b.Style.LEAD),)


def _needs(needs: Sequence[RankedNeed], people: PeopleSaid) -> tuple[b.Block, ...]:
    if not needs:
        return ()
    columns = (
        b.Column(_("Rank"), b.Kind.CODE),
        b.Column(_("Need"), b.Kind.TEXT),
        b.Column(_("People who put it first"), b.Kind.NUMBER, weight=15),
        b.Column(_("People who named it"), b.Kind.NUMBER, weight=15),
        b.Column(_("Messages"), b.Kind.NUMBER),
        b.Column(_("State"), b.Kind.MARK),
    )
    hidden = _hidden(needs, people)
    rows = tuple(_need(each, is_hidden=_cell(each) in hidden) for each in needs)
    return (b.Table(_("Needs in the order in which people put them"), columns, rows, name=_("Needs")),)


def _cell(each: RankedNeed) -> str:
    return f"need:{each.need.pk}"


def _hidden(needs: Sequence[RankedNeed], people: PeopleSaid) -> frozenset[str]:
    """The needs whose people are too few to be shown, and those that would give them away."""
    cells = {_cell(each): each.people_first for each in needs if each.rank is not None}
    return hidden_cells({"": people.answering, **cells}, minimum=settings.SMALL_CELL)


def _too_few(people: int) -> b.Cell:
    return b.Empty.SUPPRESSED if 0 < people < settings.SMALL_CELL else b.Empty.HIDDEN


def _need(each: RankedNeed, *, is_hidden: bool) -> b.Row:
    state = NeedState(each.need.state)
    rank = str(each.rank) if each.rank is not None else ""
    people: tuple[b.Cell, b.Cell] = (Decimal(each.people_first), Decimal(each.people))
    if each.rank is None:
        people = (b.Empty.NOT_REPORTED, b.Empty.NOT_REPORTED)
    elif is_hidden:
        people = (
            _too_few(each.people_first),
            _too_few(each.people) if each.people < settings.SMALL_CELL else people[1],
        )
    mark = mark_of(NEED_BADGES[state])
    return (rank, in_language(each.need.titles), *people, Decimal(each.messages), mark)


def in_their_words(order: Order, quotes: Sequence[Quote]) -> tuple[b.Block, ...]:
    """What people said, under its own heading; nothing where nothing may be quoted."""
    if not quotes:
        return ()
    voices = tuple(_voice(order, each) for each in quotes)
    return (b.Heading(2, _("In their words")), b.Voices(voices))


def _voice(order: Order, quote: Quote) -> b.Voice:
    month = formats.month(quote.received_on, order.language)
    about = [*quote.facts, month]
    return b.Voice(
        text=quote.text,
        language=quote.language if quote.language != order.language else "",
        about=tuple(about),
        original=quote.original,
        original_language=quote.original_language,
        paraphrase=quote.is_paraphrase,
        source=quote.source,
    )


def _waits(summary: ProjectVoices) -> tuple[b.Block, ...]:
    """How many messages came and how long people waited; messages are never added to people."""
    if not summary.messages.all:
        return ()
    waits = summary.waits.all
    within = waits.within.value
    promised = summary.waits.promised_days
    figures = (
        b.Figure(_("Messages"), Decimal(summary.messages.all), side=b.Side.VOICE, unit=_("came")),
        b.Figure(
            _("Answered as promised"),
            b.Empty.NOT_APPLICABLE if within is None else within,
            b.Kind.PERCENT,
            under=ngettext("within %(days)s day", "within %(days)s days", promised) % {"days": promised},
            side=b.Side.VOICE,
        ),
        b.Figure(
            _("Half waited at most"),
            b.Empty.NOT_APPLICABLE if waits.median is None else waits.median,
            unit=_("days"),
            under=_("%(open)s still wait, %(overdue)s past the promised day")
            % {"open": waits.open, "overdue": waits.overdue},
            side=b.Side.VOICE,
        ),
    )
    return (b.Figures(figures),)


def _changes(changes: Sequence[LedgerLine]) -> tuple[b.Block, ...]:
    if not changes:
        return ()
    lines = tuple(_change(each) for each in changes)
    return (b.Heading(2, _("What we changed because of it")), b.Ledger(lines))


def _change(decision: LedgerLine) -> b.Change:
    people = ngettext("%(count)s person", "%(count)s people", decision.people) % {"count": decision.people}
    return b.Change(
        said=decision.said,
        decided=mark_of(OUTCOME_BADGES[Outcome(decision.outcome)]),
        changed=decision.changed or decision.reason,
        people=people if decision.people else "",
        decided_on=decision.decided_on,
    )
