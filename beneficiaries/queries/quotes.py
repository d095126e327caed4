"""What may be quoted outside the inbox: a writer's own words by her yes, else the paraphrase that staff wrote."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from beneficiaries.choices import AgeBand, Channel, Sex
from beneficiaries.models import Feedback
from kmop.shared.text import FALLBACK
from projects.models import Project
from projects.queries.past import end_of


@dataclass(frozen=True)
class Quote:
    """A quote of the message with the random id `source`.

    `sex`, `age_band`, `place` and `language_said` are empty unless enough messages are alike in all four.
    `text` is in `language`; `original` stands beside it where it is a translation; a paraphrase has none.
    """

    text: str
    language: str
    original: str
    original_language: str
    is_paraphrase: bool
    kind: str
    channel: str
    received_on: date
    answered_on: date | None = None
    source: str = ""
    sex: str = ""
    age_band: str = ""
    place: str = ""
    language_said: str = ""

    @property
    def facts(self) -> list[str]:
        """The words under the quote, in the reader's language."""
        known = [Sex(self.sex).label if self.sex else "", AgeBand(self.age_band).label if self.age_band else ""]
        who = ", ".join(str(word) for word in known if word)
        said = gettext("Told by staff") if self.is_paraphrase else ""
        return [word for word in (who, self.place, str(Channel(self.channel).label), said) if word]


def latest_quotes(project: Project, *, limit: int = 3, day: date | None = None) -> list[Quote]:
    """The newest messages of a project, received by `day`, that may be quoted now. Two statements."""
    rows = Feedback.objects.filter(project=project)
    return quotes_of(project, rows if day is None else rows.filter(received_at__lte=end_of(day)), limit=limit)


def quotes_of(project: Project, among: Any, *, limit: int) -> list[Quote]:
    """The newest of these messages of a project that may be quoted; who is alike is counted in all of it. Two
    statements."""
    rows: QuerySet[Any] = Feedback.objects.filter(project=project)
    alike = Counter(
        {
            (one["sex"], one["age_band"], one["place_id"], one["language"]): one["n"]
            for one in rows.order_by().values("sex", "age_band", "place_id", "language").annotate(n=Count("pk"))
        }
    )
    shown = among.quotable().select_related("place")[:limit]
    return [_quote(one, alike[one.sex, one.age_band, one.place_id, one.language]) for one in shown]


def _quote(feedback: Feedback, alike: int) -> Quote:
    told = _words(feedback)
    common: dict[str, Any] = {
        "source": str(feedback.pk),
        "kind": feedback.kind,
        "channel": feedback.channel,
        "received_on": timezone.localdate(feedback.received_at),
        "answered_on": timezone.localdate(feedback.answered_at) if feedback.answered_at else None,
    }
    if alike < settings.SMALL_CELL:
        return Quote(**told, **common)
    place = feedback.place
    return Quote(
        **told,
        **common,
        sex="" if feedback.sex == Sex.NOT_STATED else feedback.sex,
        age_band="" if feedback.age_band == AgeBand.NOT_STATED else feedback.age_band,
        place=str(place) if place is not None and not place.is_protected else "",
        language_said=feedback.language,
    )


def _words(feedback: Feedback) -> dict[str, Any]:
    if not feedback.may_quote:
        return _said(feedback.paraphrase, FALLBACK, is_paraphrase=True)
    if feedback.translation:
        return _said(feedback.translation, FALLBACK, feedback.text, feedback.language)
    return _said(feedback.text, feedback.language)


def _said(
    text: str, language: str, original: str = "", original_language: str = "", *, is_paraphrase: bool = False
) -> dict[str, Any]:
    return {
        "text": text,
        "language": language,
        "original": original,
        "original_language": original_language,
        "is_paraphrase": is_paraphrase,
    }
