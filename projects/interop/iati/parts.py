"""Parts that several elements of an activity share: days, organisations, shares, money, documents."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from projects.interop.iati import codes, values
from projects.interop.iati.reading import Reading, line_of, text_of
from projects.services.imports.shapes import Amount, Document, Organisation, Share

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

Kept = TypeVar("Kept")
NO_VOCABULARY = ""


def day_of(reading: Reading, element: "Element | None", attribute: str = "iso-date") -> date | None:
    """The day in an attribute; None where it is absent, or unreadable (told)."""
    text = values.squeeze(element.get(attribute)) if element is not None else ""
    if element is None or not text:
        return None
    found = values.day(text)
    if found is None:
        detail = _("“%(text)s” is not a date (YYYY-MM-DD).") % {"text": text}
        reading.warn(element, "not-a-date", detail, attribute=attribute)
    return found


def organisation(reading: Reading, element: "Element | None", *, activity: str = "activity-id") -> Organisation | None:
    """An organisation as named by an element; None where the element is absent or says neither ref nor name."""
    if element is None:
        return None
    names = reading.narratives(element)
    ref = reference(element)
    if names and ref in codes.CHANNEL_CLASSES:
        ref = ""
    if not ref and not names:
        return None
    return Organisation(
        ref=ref,
        type=reading.code(element, "type", codes.ORGANISATION_TYPE),
        role=reading.code(element, "role", codes.ORGANISATION_ROLE),
        activity=values.squeeze(element.get(activity)),
        names=names,
        line=line_of(element),
    )


def reference(element: "Element") -> str:
    """An organisation's identifier; "" for place-holders such as "-", "0" or "Not available"."""
    ref = " ".join((element.get("ref") or "").split())
    return ref if ref.strip("-_.0 ") and ref.casefold() not in codes.NO_REFS else ""


def percentage(reading: Reading, element: "Element") -> Decimal | None:
    """A percentage from 0 to 100; None where it is absent or not one (told)."""
    text = element.get("percentage")
    if text is None or not text.strip():
        return None
    found = values.plain_number(text)
    if found is None or not 0 <= found <= 100:
        detail = _("“%(text)s” is not a percentage from 0 to 100.") % {"text": text}
        reading.warn(element, "not-a-percentage", detail, attribute="percentage")
        return None
    return found


def share(
    reading: Reading, element: "Element", check: Callable[[str, str], bool], *, vocabulary: str = "1"
) -> Share | None:
    """A coded share (country, region, sector, tag); a missing code is told and leaves it out."""
    code = values.squeeze(element.get("code"))
    vocabulary = values.squeeze(element.get("vocabulary")) or vocabulary
    if not code:
        reading.warn(element, "no-code", _("The code is missing, so this is left out."), attribute="code")
        return None
    if not check(vocabulary, code):
        detail = _("The code “%(code)s” is not in the code list.") % {"code": code}
        reading.warn(element, "unknown-code", detail, attribute="code")
    return Share(vocabulary, code, percentage(reading, element), reading.narratives(element))


def country(reading: Reading, element: "Element") -> Share | None:
    """A recipient country, its ISO 3166-1 code in capitals; countries have one vocabulary, said as ""."""
    found = share(reading, element, lambda _vocabulary, code: codes.is_country(code.upper()), vocabulary=NO_VOCABULARY)
    return Share(NO_VOCABULARY, found.code.upper(), found.percentage, found.names) if found else None


def region(reading: Reading, element: "Element") -> Share | None:
    """A recipient region; codes are checked in the DAC's vocabulary (1) only."""
    return share(reading, element, lambda vocabulary, code: vocabulary != "1" or code in codes.REGION)


def sector(reading: Reading, element: "Element") -> Share | None:
    """A sector; a missing vocabulary means DAC purpose codes."""
    return share(reading, element, codes.is_sector)


def coded(reading: Reading, element: "Element | None", allowed: frozenset[str] | None = None) -> str:
    """The code of an element; "" where there is none."""
    return reading.code(element, "code", allowed) if element is not None else ""


def amount(reading: Reading, parent: "Element", element: "Element | None") -> Amount:
    """The money in a parent's `value` element; without a readable number and currency only its text (an error)."""
    text = values.squeeze(text_of(element)) if element is not None else ""
    if element is None or not text:
        reading.fail(parent, "no-amount", _("There is no amount."))
        return Amount()
    number, currency = _money(reading, element, text), _currency(reading, element)
    if number is None or not currency:
        return Amount(text=f"{text} {currency}".strip())
    return Amount(number, currency, day_of(reading, element, "value-date"))


def _money(reading: Reading, element: "Element", text: str) -> Decimal | None:
    number = values.plain_number(text)
    if number is None:
        number = values.loose_number(text)
        if number is None:
            reading.fail(element, "not-a-number", _("“%(text)s” is not an amount.") % {"text": text[:80]})
            return None
        reading.warn(element, "loose-number", _("“%(text)s” is read as a number.") % {"text": text[:80]})
    return reading.storable(element, number)


def _currency(reading: Reading, element: "Element") -> str:
    currency = values.squeeze(element.get("currency")).upper() or reading.currency
    if not currency:
        reading.fail(element, "no-currency", _("Neither the amount nor the activity states a currency."))
        return ""
    if codes.is_currency(currency):
        return currency
    detail = _("The code “%(code)s” is not in the code list.") % {"code": currency}
    if len(currency) != 3:
        reading.fail(element, "no-currency", detail, attribute="currency")
        return ""
    reading.warn(element, "unknown-code", detail, attribute="currency")
    return currency


def document(reading: Reading, element: "Element") -> Document | None:
    """A document link; without an address it is left out (told)."""
    url = values.squeeze(element.get("url"))
    if not url:
        reading.warn(element, "no-url", _("The document has no address, so it is left out."), attribute="url")
        return None
    return Document(
        url=url,
        format=values.squeeze(element.get("format")),
        titles=reading.narratives(element.find("title")),
        texts=reading.narratives(element.find("description")),
        categories=tuple(values.squeeze(child.get("code")) for child in element.iterchildren("category")),
        languages=tuple(values.language(child.get("code") or "") for child in element.iterchildren("language")),
        day=day_of(reading, element.find("document-date")),
        line=line_of(element),
    )


def documents(reading: Reading, parent: "Element") -> tuple[Document, ...]:
    """All document links that stand directly in an element."""
    return kept(document(reading, child) for child in parent.iterchildren("document-link"))


def kept(found: Iterable[Kept | None]) -> tuple[Kept, ...]:
    """What could be read, in the order of the file."""
    return tuple(one for one in found if one is not None)
