"""What every report has around what it says."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone

from kmop.shared.tables import Badge
from reports.catalogue.blocks import KeyValue, Mark, Meta, Tone
from reports.catalogue.registry import Order


def mark_of(badge: Badge) -> Mark:
    """The word and the tone of a badge, so that a report says a state as the pages do."""
    return Mark(str(badge.word), Tone(badge.state or Tone.QUIET))


def meta_of(order: Order, *, report: str, subject: str, short: str, parameters: Sequence[KeyValue] = ()) -> Meta:
    """The frame of a document: run, days, who asked, and the parameters as they are printed at its end."""
    return Meta(
        report=report,
        subject=subject,
        run=order.run,
        as_of=order.as_of,
        frozen_at=order.frozen_at or timezone.now(),
        frozen_by=str(order.by),
        short=short,
        zone=settings.TIME_ZONE,
        small_cell=settings.SMALL_CELL,
        parameters=tuple(parameters),
    )
