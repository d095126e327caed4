"""What came each period, which a running total hides: it always climbs."""

from collections.abc import Sequence
from decimal import Decimal


def came(values: Sequence[Decimal | None], *, cumulative: bool) -> list[Decimal | None]:
    """The figures of periods in their order; of running totals what each added to the last one told before it.

    A period without a figure stays None (a gap); the first running total came from nought.
    """
    if not cumulative:
        return list(values)
    added: list[Decimal | None] = []
    before = Decimal(0)
    for value in values:
        added.append(None if value is None else value - before)
        before = before if value is None else value
    return added


def share_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """The part as a fraction of the whole (1 is all of it); None where one of them isn't told or the whole is 0."""
    return None if part is None or not whole else part / whole
