"""The parts of Reports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kmop.shared.tables import Link

PARTS = (("catalogue", _("Catalogue")), ("runs", _("Archive")), ("schedules", _("Schedules")))


def report_tabs(current: str) -> list[Link]:
    """The tabs, with the one where the reader is."""
    return [Link(label, reverse(f"reports:{name}"), name == current) for name, label in PARTS]
