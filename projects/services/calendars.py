"""The act on a grant's reporting calendar."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.calculation.periods import Span
from projects.choices import Action
from projects.models import Grant, GrantPeriod, Indicator
from projects.queries.calendars import misfits, reported_to

MOST_TOLD = 5


@transaction.atomic
def set_calendar(*, grant: Grant, spans: Sequence[Span], left_out: Iterable[Indicator] = (), by: User) -> Grant:
    """Give a grant its own reporting periods (first and last day), and say which indicators it does not report.

    Raises `ValidationError` at "lines": periods that end before they begin or overlap, and those that are no union of
    the periods of an indicator, naming indicator and days.
    """
    require(by, "projects.manage_money", grant)
    in_order = sorted(set(spans))
    ends_late = [one for one in in_order if one[1] < one[0]]
    overlaps = [later for earlier, later in zip(in_order, in_order[1:], strict=False) if later[0] <= earlier[1]]
    if ends_late or overlaps:
        raise ValidationError({"lines": [_("Each period ends after its start, and before the next one begins.")]})
    foreign = [one for one in left_out if one.project_id != grant.project_id]
    if foreign:
        raise ValidationError({"left_out": [_("This indicator belongs to another project.")]})
    grant.left_out.set(list(left_out))
    problems = misfits(reported_to(grant), in_order)
    if problems:
        more = len(problems) - MOST_TOLD
        told = problems[:MOST_TOLD] + ([str(_("And %d more.")) % more] if more > 0 else [])
        raise ValidationError({"lines": told})
    grant.periods.all().delete()
    GrantPeriod.objects.bulk_create([GrantPeriod(grant=grant, starts_on=one[0], ends_on=one[1]) for one in in_order])
    audit.record(by, Action.MONEY_CHANGED, grant, calendar=[f"{start}/{end}" for start, end in in_order])
    return grant
