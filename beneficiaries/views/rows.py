"""What voices look like in templates: badges, ledger lines, ranked needs, plain results."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import (
    NEED_BADGES,
    OUTCOME_BADGES,
    AgeBand,
    Channel,
    Disability,
    FeedbackState,
    NeedState,
    Outcome,
    Sex,
)
from beneficiaries.queries.inbox import FeedbackDetail
from beneficiaries.queries.ledger import LedgerLine
from beneficiaries.queries.needs import RankedNeed
from beneficiaries.queries.public import PublicPage
from beneficiaries.queries.quotes import Quote
from kmop.shared import formats
from kmop.shared.languages import shown_name
from kmop.shared.tables import Badge
from kmop.shared.text import FALLBACK

STATE_BADGES = {
    FeedbackState.NEW: Badge(FeedbackState.NEW.label, "warn", "inbox"),
    FeedbackState.ACKNOWLEDGED: Badge(FeedbackState.ACKNOWLEDGED.label, "info", "eye"),
    FeedbackState.ANSWERED: Badge(FeedbackState.ANSWERED.label, "ok"),
    FeedbackState.CLOSED: Badge(FeedbackState.CLOSED.label, "", "check-check"),
    FeedbackState.WITHDRAWN: Badge(FeedbackState.WITHDRAWN.label, "", "undo-2"),
}
PUBLIC_STATES = {Outcome.ACCEPT: "yes", Outcome.PARTLY: "part", Outcome.NO: "no"}


def need_lines(needs: Iterable[RankedNeed]) -> list[dict[str, Any]]:
    """For `components/ranked_needs.html`; the bar is a share of the need that most people named."""
    rows = list(needs)
    most = max((one.people for one in rows), default=0)
    return [
        {
            "id": f"need-{one.need.pk}",
            "rank": one.rank,
            "name": str(one.need),
            "url": "",
            "share": one.people / most if most else 0,
            "people": one.people,
            "messages": one.messages,
            "badge": NEED_BADGES[NeedState(one.need.state)],
            "need": one.need,
            "is_open": one.need.state != NeedState.REFUSED,
        }
        for one in rows
    ]


def near_lines(needs: Iterable[RankedNeed], url: str) -> list[dict[str, Any]]:
    """Needs in brief, beside a figure: rank, name, whose and where, people; each linked to its line at `url`."""
    return [
        {
            "rank": one.rank,
            "name": str(one.need),
            "who": _joined(one.need.group, "" if _is_protected(one) else one.need.place),
            "people": one.people,
            "badge": NEED_BADGES[NeedState(one.need.state)],
            "url": f"{url}#need-{one.need.pk}",
        }
        for one in needs
    ]


def _is_protected(one: RankedNeed) -> bool:
    return one.need.place is not None and one.need.place.is_protected


def decision_lines(lines: Iterable[LedgerLine]) -> list[dict[str, Any]]:
    """For `components/ledger.html`, and for the public page, which shows outcome and words by itself."""
    return [
        {
            "said": one.said,
            "people": one.people or None,
            "badge": OUTCOME_BADGES[Outcome(one.outcome)],
            "state": PUBLIC_STATES[Outcome(one.outcome)],
            "day": one.decided_on,
            "decided": f"{formats.day(one.decided_on)}, {one.decided_by}",
            "reason": one.reason,
            "changed": [{"label": one.changed, "url": ""}] if one.changed else [],
            "changed_words": one.changed,
            "need_id": one.need_id,
        }
        for one in lines
    ]


def quote_lines(quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    """For `components/quote.html`."""
    return [
        {
            "text": one.text,
            "language": one.language,
            "original": one.original,
            "original_language": one.original_language,
            "facts": [*one.facts, formats.day(one.received_on), _answered(one)],
        }
        for one in quotes
    ]


def _answered(quote: Quote) -> str:
    return gettext("answered %(day)s") % {"day": formats.day(quote.answered_on)} if quote.answered_on else ""


def result_lines(page: PublicPage) -> list[dict[str, Any]]:
    """Outcomes in plain figures; percentages are shares of one here."""
    return [
        {
            "title": one.title,
            "state": str(one.actual.state),
            "actual": _shown(one.actual.value, is_share=one.is_share),
            "target": _shown(one.target.value, is_share=one.is_share),
            "falls": one.falls,
            "done": one.done.value,
            "planned": one.planned.value,
        }
        for one in page.results
    ]


def detail_lines(detail: FeedbackDetail, wait: Badge | None) -> dict[str, Any]:
    """The head of a message, its words as a quote, and what was written since."""
    feedback = detail.feedback
    who = [Sex(feedback.sex).label, AgeBand(feedback.age_band).label, Disability(feedback.disability).label]
    facts = [
        {"icon": "message-square-text", "text": _joined(Channel(feedback.channel).label, feedback.place)},
        {"icon": "languages", "text": shown_name(feedback.language)},
        {"icon": "user", "text": _joined(*who)},
        {"icon": "calendar", "text": formats.moment(feedback.received_at)},
    ]
    receipt = _("Reads the answer with a receipt") if detail.has_receipt else _("Has no receipt")
    return {
        "badge": wait or STATE_BADGES[FeedbackState(feedback.state)],
        "facts": [one for one in facts if one["text"]],
        "text": feedback.translation or feedback.text,
        "language": FALLBACK if feedback.translation else feedback.language,
        "original": feedback.text if feedback.translation else "",
        "under": [
            _("May be quoted") if feedback.may_quote else _("May not be quoted"),
            receipt,
            feedback.contact and _("Reached by: %(contact)s") % {"contact": feedback.contact},
        ],
        "is_open": feedback.state in (FeedbackState.NEW, FeedbackState.ACKNOWLEDGED),
    }


def _joined(*words: Any) -> str:
    said = [str(word) for word in words if word and word not in (Sex.NOT_STATED.label,)]
    return ", ".join(dict.fromkeys(said))


def _shown(value: Any, *, is_share: bool) -> str:
    if value is None:
        return ""
    return formats.percent(value / 100) if is_share else formats.number(value)
