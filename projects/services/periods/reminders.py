"""Reminding partners of figures that are due in 14 days, in 3 days, today, and every week after."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from kmop.accounts.models import User
from kmop.notifications.services import notify_many
from partners.models import Membership
from projects.choices import FIGURES_DUE, FIGURES_LATE
from projects.models import Obligation
from projects.rules import ENTERS

BEFORE = (14, 3, 0)
EVERY = 7
Key = tuple[int, int]


@transaction.atomic
def remind(*, day: date) -> int:
    """Tell the people who enter figures what is due or late; gives how many obligations were reminded of.

    Notices gather into the person's one digest mail a day. Each obligation is reminded of once a day at most, however
    often and by however many workers this runs.
    """
    rows = [one for one in _unmet(day) if is_reminded(one.due_on, day)]
    if not rows:
        return 0
    Obligation.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_on=day)
    people = _people({one.organisation_id for one in rows})
    _tell([one for one in rows if one.due_on >= day], people, is_late=False)
    _tell([one for one in rows if one.due_on < day], people, is_late=True)
    return len(rows)


def is_reminded(due_on: date, day: date) -> bool:
    """14, 3 and 0 days before, then every seventh day after."""
    left = (due_on - day).days
    return left in BEFORE or (left < 0 and left % EVERY == 0)


def _unmet(day: date) -> list[Obligation]:
    rows = (
        Obligation.objects.unmet()
        .filter(Q(reminded_on=None) | Q(reminded_on__lt=day), due_on__lte=day + timedelta(days=BEFORE[0]))
        .filter(indicator__project__status__in=["active", "suspended", "closing"])
        .select_related("indicator__project", "organisation")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    return list(rows)


def _people(organisations: set[int]) -> dict[int, list[User]]:
    found: defaultdict[int, list[User]] = defaultdict(list)
    members = Membership.objects.filter(
        organisation_id__in=organisations, role__in=ENTERS, user__kind="person", user__is_active=True
    )
    for one in members.select_related("user").order_by("pk"):
        found[one.organisation_id].append(one.user)
    return found


def _tell(rows: Sequence[Obligation], people: dict[int, list[User]], *, is_late: bool) -> None:
    groups: defaultdict[Key, list[Obligation]] = defaultdict(list)
    for one in rows:
        groups[one.indicator.project_id, one.organisation_id].append(one)
    told = []
    for owed in groups.values():
        first = min(owed, key=lambda one: one.due_on)
        params = {
            "project": first.indicator.project.code,
            "organisation": first.organisation.name,
            "count": len(owed),
            "day": first.due_on,
        }
        told += [(user, params) for user in people[first.organisation_id]]
    notify_many(told, FIGURES_LATE if is_late else FIGURES_DUE, link="/enter/")
