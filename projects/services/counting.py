"""Acts on how people are counted: the method of an indicator, and what is known of overlaps."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.models import bump
from partners.models import Organisation
from projects.calculation.counting import overlap_is_possible
from projects.choices import Action, Measure
from projects.models import Indicator, Overlap, PeopleCount
from projects.queries.counting import people_of
from projects.services.saving import change, keep


@transaction.atomic
def set_people_count(
    *, indicator: Indicator, method: str, note: str = "", expected_version: int | None = None, by: User
) -> PeopleCount | None:
    """Say how the people of an indicator are counted; an empty method takes it back, with its overlaps (None).

    Raises `ValidationError` for an indicator that counts nothing, and `Stale`.
    """
    require(by, "projects.manage_framework", indicator)
    row = PeopleCount.objects.select_for_update().filter(indicator=indicator).first()
    if method and indicator.measure != Measure.COUNT:
        raise ValidationError({"method": [_("Only an indicator that counts can count people.")]})
    if not method:
        if row is not None:
            audit.record(by, Action.PEOPLE_COUNT_CHANGED, indicator, method="")
            row.delete()
        return None
    if row is None:
        row = keep(PeopleCount(indicator=indicator, method=method, note=note.strip()))
    else:
        facts = {"method": method, "note": note.strip()}
        change(row, facts, allowed=facts, expected_version=expected_version)
    audit.record(by, Action.PEOPLE_COUNT_CHANGED, indicator, method=method)
    return row


@transaction.atomic
def keep_overlap(
    *, count: PeopleCount, first: Organisation, second: Organisation, people: int, source: str, by: User
) -> Overlap:
    """Say how many people two partners reached both; said again it stands in place of the former.

    Raises `ValidationError` for one partner twice, for more people than the smaller of the two reported, and without
    how it is known.
    """
    require(by, "projects.manage_framework", count.indicator)
    row = PeopleCount.objects.select_for_update().select_related("indicator").get(pk=count.pk)
    if first.pk == second.pk:
        raise ValidationError({"second": [_("Choose another partner: an overlap is between two.")]})
    if not source.strip():
        raise ValidationError({"source": [_("Say how this is known: a shared list, a survey, a register.")]})
    _check_possible(row, first, second, people)
    low, high = sorted((first, second), key=lambda one: one.pk)
    facts = {"people": people, "source": source.strip(), "given_by": by}
    kept, _is_new = Overlap.objects.update_or_create(count=row, first=low, second=high, defaults=facts)
    bump(row)
    audit.record(by, Action.PEOPLE_COUNT_CHANGED, row.indicator, first=low.pk, second=high.pk, people=people)
    return kept


@transaction.atomic
def remove_overlap(*, overlap: Overlap, by: User) -> None:
    """Say that nothing is known of an overlap any more."""
    count = PeopleCount.objects.select_for_update().select_related("indicator").get(pk=overlap.count_id)
    require(by, "projects.manage_framework", count.indicator)
    audit.record(
        by, Action.PEOPLE_COUNT_CHANGED, count.indicator, first=overlap.first_id, second=overlap.second_id, people=None
    )
    overlap.delete()
    bump(count)


def _check_possible(count: PeopleCount, first: Organisation, second: Organisation, people: int) -> None:
    told = people_of([count.indicator])[count.indicator_id]
    most = {part.organisation_id: part.most for part in told.parts if part.most is not None}
    if first.pk not in most or second.pk not in most:
        return
    one, other = most[first.pk], most[second.pk]
    if not overlap_is_possible(one, other, Decimal(people)):
        words = _("More people than one of the two reported: at most %(most)s can be in both.")
        raise ValidationError({"people": [words % {"most": f"{min(one, other).normalize():f}"}]})
