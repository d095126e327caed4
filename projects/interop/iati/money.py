"""Budgets, planned disbursements and transactions of an activity."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from projects.interop.iati import codes, values
from projects.interop.iati.parts import amount, coded, country, day_of, kept, organisation, region, sector
from projects.interop.iati.reading import Reading, firsts, line_of
from projects.services.imports.shapes import Budget, Share, Transaction

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def budget(reading: Reading, element: "Element") -> Budget | None:
    """A budget or planned disbursement; None (told as an error) where no amount can be read."""
    parts = firsts(element)
    money = amount(reading, element, parts.get("value"))
    if money.number is None:
        return None
    return Budget(
        kind="budget" if element.tag == "budget" else "planned-disbursement",
        type=reading.code(element, "type", codes.BUDGET_TYPE),
        status=reading.code(element, "status", codes.BUDGET_STATUS),
        start=day_of(reading, parts.get("period-start")),
        end=day_of(reading, parts.get("period-end")),
        amount=money,
        provider=organisation(reading, parts.get("provider-org"), activity="provider-activity-id"),
        receiver=organisation(reading, parts.get("receiver-org"), activity="receiver-activity-id"),
        line=line_of(element),
    )


def transaction(reading: Reading, element: "Element") -> Transaction:
    """A transaction; where its amount can't be read it is kept with the text. A missing day or type is a warning."""
    parts = firsts(element)
    day = day_of(reading, parts.get("transaction-date"))
    if day is None:
        reading.warn(element, "no-day", _("The transaction has no date."))
    kind = coded(reading, parts.get("transaction-type"), codes.TRANSACTION_TYPE)
    if not kind:
        reading.warn(element, "no-type", _("The transaction has no type."))
    return Transaction(
        type=kind,
        day=day,
        amount=amount(reading, element, parts.get("value")),
        ref=values.squeeze(element.get("ref")),
        texts=reading.narratives(parts.get("description")),
        provider=organisation(reading, parts.get("provider-org"), activity="provider-activity-id"),
        receiver=organisation(reading, parts.get("receiver-org"), activity="receiver-activity-id"),
        sectors=_all(reading, element, parts, "sector", sector),
        countries=_all(reading, element, parts, "recipient-country", country),
        regions=_all(reading, element, parts, "recipient-region", region),
        flow=coded(reading, parts.get("flow-type")),
        finance=coded(reading, parts.get("finance-type")),
        aid=coded(reading, parts.get("aid-type")),
        tied=coded(reading, parts.get("tied-status")),
        humanitarian=reading.boolean(element, "humanitarian"),
        line=line_of(element),
    )


def _all(
    reading: Reading,
    element: "Element",
    parts: "dict[str, Element]",
    tag: str,
    read: "Callable[[Reading, Element], Share | None]",
) -> tuple[Share, ...]:
    return kept(read(reading, child) for child in element.iterchildren(tag)) if tag in parts else ()
