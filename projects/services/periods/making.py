"""Making the periods of indicators."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.access import require
from projects.calculation.calendar import stretches
from projects.choices import Frequency
from projects.models import Indicator, Period
from projects.services.saving import keep_all

MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}
MOST = 1200


@transaction.atomic
def generate_periods(
    *,
    indicators: Sequence[Indicator],
    starts_on: date,
    ends_on: date,
    frequency: str,
    due_days: int,
    by: User,
) -> list[Period]:
    """Make the periods between two days for each indicator; those that are there already stay as they are.

    `due_days` after the end of a period its figures are due. Gives the periods of these indicators within the two
    days, by indicator and start. Raises `ValidationError` where the end lies before the start or nothing is meant.
    """
    for project_id in sorted({one.project_id for one in indicators}):
        require(by, "projects.manage_framework", next(one for one in indicators if one.project_id == project_id))
    parts = list(stretches(starts_on, ends_on, MONTHS[Frequency(frequency)]))
    if not parts or len(parts) > MOST:
        raise ValidationError({"ends_on": [_("There is no sensible number of periods between these days.")]})
    rows = [
        Period(
            indicator=indicator,
            starts_on=part.starts_on,
            ends_on=part.ends_on,
            due_on=part.ends_on + timedelta(days=due_days),
        )
        for indicator in indicators
        for part in parts
    ]
    Period.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    ids = [one.pk for one in indicators]
    found = Period.objects.filter(indicator_id__in=ids, starts_on__gte=starts_on, ends_on__lte=ends_on)
    return list(found.order_by("indicator_id", "starts_on", "pk"))


@transaction.atomic
def add_periods(*, rows: Sequence[Period], by: User) -> list[Period]:
    """Add unsaved periods as they are (imports, workbooks), in one statement."""
    for project_id in {one.indicator.project_id for one in rows}:
        require(by, "projects.manage_framework", next(one for one in rows if one.indicator.project_id == project_id))
    return keep_all(rows)
