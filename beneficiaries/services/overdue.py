"""Telling people about messages that wait past their promised day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from beneficiaries.choices import VoiceNotice
from beneficiaries.models import Feedback
from beneficiaries.queries.staff import staff_of
from kmop.accounts.models import User
from kmop.notifications.models import Notice
from kmop.notifications.services import notify_many
from kmop.shared.access import require
from projects.choices import ProjectRoleName
from projects.models import Project


@transaction.atomic
def escalate_overdue(*, day: date, by: User) -> int:
    """Tell the assigned person and the project's managers how many messages wait past their promised day.

    One notice a person a day, whatever often it runs: the projects' rows are locked first, so that of two runs at once
    the second sees what the first told. `day` is a day of the portal's time zone; returns how many people were told.
    """
    require(by, "beneficiaries.escalate")
    rows = list(Feedback.objects.overdue_on(day).order_by("pk").values_list("project_id", "assigned_to_id"))
    projects = sorted({project for project, _assigned in rows if project is not None})
    list(Project.objects.select_for_update().filter(pk__in=projects).order_by("pk").values_list("pk", flat=True))
    waiting = _waiting(rows)
    told = set(
        Notice.objects.filter(kind=VoiceNotice.OVERDUE.name, at__date=day, user__in=waiting).values_list(
            "user_id", flat=True
        )
    )
    people = User.objects.filter(pk__in=waiting.keys() - told, is_active=True).order_by("pk")
    notices = [(person, {"count": waiting[person.pk]}) for person in people]
    return len(notify_many(notices, VoiceNotice.OVERDUE, link="/voices/?tab=due"))


def _waiting(rows: Sequence[tuple[int | None, int | None]]) -> dict[int, int]:
    """How many messages wait for each person to be told, by user id."""
    managers = staff_of((project for project, _assigned in rows), ProjectRoleName.PROJECT_MANAGER)
    waiting: defaultdict[int, int] = defaultdict(int)
    for project, assigned in rows:
        for pk in {*(one.pk for one in managers.get(project, [])), *([assigned] if assigned else [])}:
            waiting[pk] += 1
    return dict(waiting)
