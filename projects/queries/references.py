"""Rows by id or by stable code, whichever a request gives.

Project STR-25, indicator STR-25/1.2.a, period 2026-08/2026-10.
"""

import re
from datetime import date
from typing import Any

from django.db.models import QuerySet

from projects.calculation.calendar import ONE_DAY, months_later
from projects.models import Indicator, Partnership, Period, Place
from projects.rules import held_by

_MONTHS = re.compile(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})")


def coded_indicators(rows: QuerySet[Indicator], code: str) -> QuerySet[Indicator]:
    """Those of `rows` that have the code "PROJECT/CODE"; none for any other text."""
    project, slash, own = code.partition("/")
    return rows.filter(project__code=project, code=own) if slash else rows.none()


def periods_coded(rows: QuerySet[Any], code: str, *, prefix: str = "") -> QuerySet[Any]:
    """Those of `rows` whose period has this code; `prefix` leads from a row to its period ("period__")."""
    days = period_days(code)
    if days is None:
        return rows.none()
    return rows.filter(**{f"{prefix}starts_on": days[0], f"{prefix}ends_on": days[1]})


def nameable_places(user: Any) -> QuerySet[Place]:
    """The places a user may name: all she sees, and protected ones for which her organisations report."""
    through = Partnership.places.through.objects.filter(partnership__organisation__in=held_by(user).organisations)
    own = Place.objects.filter(pk__in=through.values("place_id"))
    found: QuerySet[Place] = Place.objects.visible_to(user) | own
    return found


def find_period(reference: Any, rows: QuerySet[Period]) -> Period | None:
    """The period with this id or code among `rows` (those of one indicator), or None."""
    days = period_days(str(reference))
    if days is not None:
        found: Period | None = rows.filter(starts_on=days[0], ends_on=days[1]).first()
        return found
    by_id: Period | None = _by_id(reference, rows)
    return by_id


def period_days(code: str) -> tuple[date, date] | None:
    """First and last day of a period's code: 2026-08/2026-10 or 2026-08-05/2026-10-04; None for anything else."""
    months = _MONTHS.fullmatch(code)
    first, slash, last = code.partition("/")
    try:
        if months:
            numbers = [int(one) for one in months.groups()]
            return date(numbers[0], numbers[1], 1), months_later(date(numbers[2], numbers[3], 1), 1) - ONE_DAY
        return (date.fromisoformat(first), date.fromisoformat(last)) if slash else None
    except ValueError:
        return None


def _by_id(reference: Any, rows: QuerySet[Any]) -> Any:
    text = str(reference)
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        return None
    return rows.filter(pk=int(text)).first()
