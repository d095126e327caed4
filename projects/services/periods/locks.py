"""Locking periods, and opening a locked one again for one partner until a day."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from partners.models import Organisation
from projects.choices import Action
from projects.models import LockException, Period


@transaction.atomic
def lock_periods(*, periods: Collection[Period], by: User) -> int:
    """Close periods: partners enter, change and submit nothing in them any more. Gives how many were open."""
    return _put(periods, is_locked=True, action=Action.PERIOD_LOCKED, by=by)


@transaction.atomic
def unlock_periods(*, periods: Collection[Period], by: User) -> int:
    """Open periods again for all. Gives how many were locked."""
    return _put(periods, is_locked=False, action=Action.PERIOD_UNLOCKED, by=by)


def _put(periods: Collection[Period], *, is_locked: bool, action: Action, by: User) -> int:
    for one in periods:
        require(by, "projects.lock_period", one)
    ids = [one.pk for one in periods]
    rows = list(Period.objects.select_for_update().filter(pk__in=ids, is_locked=not is_locked).order_by("pk"))
    Period.objects.filter(pk__in=[one.pk for one in rows]).update(
        is_locked=is_locked, version=F("version") + 1, updated_at=timezone.now()
    )
    audit.record_many(by, action, [(one, {"indicator": one.indicator_id}) for one in rows])
    return len(rows)


@transaction.atomic
def except_from_lock(
    *, period: Period, organisation: Organisation, until: date, reason: str, by: User
) -> LockException:
    """Open a locked period for one partner up to and including a day. Raises `ValidationError` without a reason."""
    require(by, "projects.lock_period", period)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why the period is opened again.")]})
    if until < timezone.localdate():
        raise ValidationError({"until": [_("This day has passed.")]})
    row = LockException.objects.create(
        period=period, organisation=organisation, until=until, reason=reason.strip(), given_by=by
    )
    audit.record(by, Action.PERIOD_UNLOCKED, period, organisation=organisation.pk, until=until)
    return row
