"""Assembles one activity from its element."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _

from projects.interop.iati import codes, values
from projects.interop.iati.money import budget, transaction
from projects.interop.iati.parts import coded, country, day_of, document, organisation, region, sector, share
from projects.interop.iati.problems import Problems
from projects.interop.iati.reading import Reading, line_of, text_of
from projects.interop.iati.results import result
from projects.services.imports.projects import span_of
from projects.services.imports.shapes import (
    Activity,
    ActivityDate,
    Description,
    Location,
    Narratives,
    Organisation,
    PolicyMarker,
    Share,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

First = TypeVar("First")

LONGEST_IDENTIFIER = 300
TOLERANCE = Decimal("0.1")
"""How far percentages may be from 100 before it is told: 99.99 and 100.02 are roundings."""


class ActivityReader:
    """Reads one activity child by child, so that no child needs to stay in memory after its turn.

    `position` is its place in the file from 1; `language` the language of the whole file, if it states one.
    """

    def __init__(self, problems: Problems, element: "Element", position: int, language: str) -> None:
        self._reading = Reading(problems, position, element, language)
        self._reading.currency = values.squeeze(element.get("default-currency")).upper()
        self._element = element
        self._position = position
        self._found: dict[str, list[Any]] = {part.name: [] for part in PARTS.values()}

    def take(self, child: "Element") -> None:
        """Read one child of the activity; foreign and unused elements are passed over."""
        part = PARTS.get(str(child.tag))
        if part is None:
            return
        self._reading.number(child)
        value = part.read(self._reading, child)
        if value is not None:
            self._found[part.name].append(value)

    @property
    def line(self) -> int:
        """The line in which the activity begins."""
        return line_of(self._element)

    @property
    def identifier(self) -> str:
        """The activity's identifier, without white space around it or line breaks within; "" where it has none."""
        return self._first("identifiers", "")

    def finish(self) -> Activity | None:
        """The activity once its last child is read; None (told as an error) where it has no identifier."""
        reading, element = self._reading, self._element
        if not 0 < len(self.identifier) <= LONGEST_IDENTIFIER:
            reading.fail(element, "no-identifier", self._no_identifier())
            return None
        many = {name: tuple(found) for name, found in self._found.items() if name not in SINGLE}
        found = Activity(
            identifier=self.identifier,
            reporter=self._first("reporters", Organisation()),
            titles=self._first("titles", ()),
            language=reading.language,
            currency=reading.currency,
            hierarchy=values.squeeze(element.get("hierarchy")),
            humanitarian=reading.boolean(element, "humanitarian"),
            status=self._first("statuses", ""),
            scope=self._first("scopes", ""),
            line=self.line,
            position=self._position,
            **many,
        )
        _look_at_whole(reading, element, found)
        return found

    def _no_identifier(self) -> str:
        if self.identifier:
            return _("The identifier has more than %(limit)d characters, so the activity can't be kept.") % {
                "limit": LONGEST_IDENTIFIER
            }
        return _("The activity has no identifier, so it can't be kept.")

    def _first(self, name: str, otherwise: First) -> First:
        found = self._found[name]
        return found[0] if found else otherwise


def _identifier(_reading: Reading, element: "Element") -> str | None:
    return " ".join(text_of(element).split()) or None


def _title(reading: Reading, element: "Element") -> Narratives | None:
    return reading.narratives(element) or None


def _any_code(_vocabulary: str, _code: str) -> bool:
    return True


def _tag(reading: Reading, element: "Element") -> Share | None:
    return share(reading, element, _any_code)


def _description(reading: Reading, element: "Element") -> Description | None:
    kind, texts = reading.code(element, "type", codes.DESCRIPTION_TYPE) or "1", reading.narratives(element)
    return Description(kind, texts) if texts else None


def _date(reading: Reading, element: "Element") -> ActivityDate | None:
    kind, day = reading.code(element, "type", codes.ACTIVITY_DATE_TYPE), day_of(reading, element)
    return ActivityDate(kind, day, reading.narratives(element)) if day is not None else None


def _status(reading: Reading, element: "Element") -> str:
    return reading.code(element, "code", codes.ACTIVITY_STATUS)


def _scope(reading: Reading, element: "Element") -> str:
    return reading.code(element, "code")


def _marker(reading: Reading, element: "Element") -> PolicyMarker | None:
    found = share(reading, element, lambda vocabulary, code: vocabulary != "1" or code in codes.POLICY_MARKER)
    if found is None:
        return None
    significance = reading.code(element, "significance", codes.POLICY_SIGNIFICANCE)
    return PolicyMarker(found.vocabulary, found.code, significance, found.names)


def _related(_reading: Reading, element: "Element") -> tuple[str, str] | None:
    ref = values.squeeze(element.get("ref"))
    return (values.squeeze(element.get("type")), ref) if ref else None


def _location(reading: Reading, element: "Element") -> Location:
    latitude, longitude = _position(reading, element.find("point/pos"))
    return Location(
        ref=values.squeeze(element.get("ref")),
        names=reading.narratives(element.find("name")),
        descriptions=reading.narratives(element.find("description")),
        codes=tuple(
            (values.squeeze(child.get("vocabulary")), values.squeeze(child.get("code")))
            for child in element.iterchildren("location-id", "administrative")
        ),
        latitude=latitude,
        longitude=longitude,
        exactness=coded(reading, element.find("exactness")),
        line=line_of(element),
    )


def _position(reading: Reading, element: "Element | None") -> tuple[Decimal | None, Decimal | None]:
    text = values.squeeze(text_of(element)) if element is not None else ""
    if element is None or not text:
        return None, None
    numbers = [values.plain_number(piece) for piece in text.replace(",", " ").split()]
    if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:
        latitude, longitude = numbers[0], numbers[1]
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
    detail = _("“%(text)s” is not a point (latitude and longitude in degrees).") % {"text": text[:80]}
    reading.warn(element, "not-a-point", detail)
    return None, None


def _look_at_whole(reading: Reading, element: "Element", found: Activity) -> None:
    """What can only be seen with the activity whole: percentages that don't add up, a direction never thought of."""
    if not found.titles:
        reading.warn(element, "no-title", _("The activity has no title."))
    if not found.reporter.ref and not found.reporter.names:
        reading.warn(element, "no-reporter", _("The activity does not say which organisation reports it."))
    span = span_of(found)
    if span[0] and span[1] and span[1] < span[0]:
        reading.warn(element, "dates-reversed", _("The activity ends before it starts; its end is left out."))
    for vocabulary, shares in _by_vocabulary(found.sectors).items():
        _add_up(reading, element, "sector", vocabulary, shares)
    _add_up(reading, element, "recipient-country", "", [*found.countries, *_first_vocabulary(found.regions)])
    indicators = [indicator for one in found.results for indicator in one.indicators]
    if len(indicators) > 1 and not any(indicator.ascending for indicator in indicators):
        detail = _("Every indicator is said to be better when it falls; this may be a default of the software.")
        reading.warn(element, "all-descending", detail)


def _by_vocabulary(shares: Iterable[Share]) -> dict[str, list[Share]]:
    found: dict[str, list[Share]] = defaultdict(list)
    for one in shares:
        found[one.vocabulary].append(one)
    return found


def _first_vocabulary(shares: tuple[Share, ...]) -> list[Share]:
    return [one for one in shares if one.vocabulary == shares[0].vocabulary]


def _add_up(reading: Reading, element: "Element", tag: str, vocabulary: str, shares: list[Share]) -> None:
    total = sum((one.percentage or Decimal(0) for one in shares), Decimal(0))
    if not any(one.percentage is not None for one in shares) or abs(total - 100) <= TOLERANCE:
        return
    named = f"{tag} ({vocabulary})" if vocabulary else tag
    detail = _("The percentages of “%(tag)s” add up to %(total)s, not 100.") % {"tag": named, "total": f"{total:f}"}
    reading.warn(element, "percentages", detail)


@dataclass(frozen=True, slots=True)
class Part:
    """Which field of the activity a child element goes to, and how it is read (None: left out)."""

    name: str
    read: Callable[[Reading, "Element"], Any]


SINGLE = frozenset({"identifiers", "reporters", "titles", "statuses", "scopes"})
"""Parts of which the first one counts."""

PARTS: dict[str, Part] = {
    "iati-identifier": Part("identifiers", _identifier),
    "reporting-org": Part("reporters", organisation),
    "title": Part("titles", _title),
    "activity-status": Part("statuses", _status),
    "activity-scope": Part("scopes", _scope),
    "description": Part("descriptions", _description),
    "participating-org": Part("participants", organisation),
    "activity-date": Part("dates", _date),
    "recipient-country": Part("countries", country),
    "recipient-region": Part("regions", region),
    "location": Part("locations", _location),
    "sector": Part("sectors", sector),
    "policy-marker": Part("markers", _marker),
    "tag": Part("tags", _tag),
    "related-activity": Part("related", _related),
    "budget": Part("budgets", budget),
    "planned-disbursement": Part("budgets", budget),
    "transaction": Part("transactions", transaction),
    "document-link": Part("documents", document),
    "result": Part("results", result),
}
