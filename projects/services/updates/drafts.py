"""Warnings on drafts: what a reviewer would be shown first, told before anything is handed in."""

from collections.abc import Sequence
from datetime import date

from projects.models import Update
from projects.services.updates.answers import put_flags
from projects.services.updates.quality import flags_of


def warn_drafts(rows: Sequence[Update], *, on: date) -> None:
    """Keep the flags of drafts as they stand on a day: not those that look at other partners, nor that it is late."""
    flags = flags_of(rows, submitted_on=on, is_draft=True)
    found = {pk: [one for one in each if one["code"] != "late"] for pk, each in flags.items()}
    changed = [one for one in rows if found[one.pk] or one.flags or one.answered_flags]
    for row in changed:
        put_flags(row, found[row.pk])
    if changed:
        Update.objects.bulk_update(changed, ["flags", "answered_flags"], batch_size=500)
