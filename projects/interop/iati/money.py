"""Budgets, planned disbursements and transactions of an activity."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from projects.interop.iati import codes, values
from projects.interop.iati.parts import amount, country, day_of, kept, organisation, region, sector
from projects.interop.iati.reading import Reading, line_of
from projects.interop.iati.shapes import Budget, Transaction

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def budget(reading: Reading, element: "Element") -> Budget | None:
    """A budget or planned disbursement; None (told as an error) where no amount can be read."""
    money = amount(reading, element)
    if money.number is None:
        return None
    return Budget(
        kind="budget" if element.tag == "budget" else "planned-disbursement",
        type=reading.code(element, "type", codes.BUDGET_TYPE),
        status=reading.code(element, "status", codes.BUDGET_STATUS),
        start=day_of(reading, element.find("period-start")),
        end=day_of(reading, element.find("period-end")),
        amount=money,
        provider=organisation(reading, element.find("provider-org"), activity="provider-activity-id"),
        receiver=organisation(reading, element.find("receiver-org"), activity="receiver-activity-id"),
        line=line_of(element),
    )


def transaction(reading: Reading, element: "Element") -> Transaction:
    """A transaction; where its amount can't be read it is kept with the text. A missing day or type is a warning."""
    day = day_of(reading, element.find("transaction-date"))
    if day is None:
        reading.warn(element, "no-day", _("The transaction has no date."))
    kind = coded(reading, element, "transaction-type", codes.TRANSACTION_TYPE)
    if not kind:
        reading.warn(element, "no-type", _("The transaction has no type."))
    return Transaction(
        type=kind,
        day=day,
        amount=amount(reading, element),
        ref=values.squeeze(element.get("ref")),
        texts=reading.narratives(element.find("description")),
        provider=organisation(reading, element.find("provider-org"), activity="provider-activity-id"),
        receiver=organisation(reading, element.find("receiver-org"), activity="receiver-activity-id"),
        sectors=kept(sector(reading, child) for child in element.iterchildren("sector")),
        countries=kept(country(reading, child) for child in element.iterchildren("recipient-country")),
        regions=kept(region(reading, child) for child in element.iterchildren("recipient-region")),
        flow=coded(reading, element, "flow-type"),
        finance=coded(reading, element, "finance-type"),
        aid=coded(reading, element, "aid-type"),
        tied=coded(reading, element, "tied-status"),
        humanitarian=reading.boolean(element, "humanitarian"),
        line=line_of(element),
    )


def coded(reading: Reading, parent: "Element", tag: str, allowed: frozenset[str] | None = None) -> str:
    """The code of the first child with that tag; "" where there is none."""
    element = parent.find(tag)
    return reading.code(element, "code", allowed) if element is not None else ""
