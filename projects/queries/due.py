"""What a partner owes, by organisation, project and period: the first page of those who enter figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.choices import ObligationState
from projects.models import Obligation, Project
from projects.queries.obligations import obligations
from projects.rules import held_by

SENT = (ObligationState.SUBMITTED, ObligationState.APPROVED)


@dataclass
class DueGroup:
    """One period of an organisation in a project: how many figures, how many still to be sent, where to begin."""

    organisation: str
    project: Project
    starts_on: date
    ends_on: date
    due_on: date
    first: int
    total: int = 0
    owed: int = 0
    returned: int = 0
    is_late: bool = False
    has_ended: bool = False

    @property
    def done(self) -> int:
        """How many are sent or approved."""
        return self.total - self.owed


def due_groups(user: Any, *, day: date) -> list[DueGroup]:
    """The periods for which `user` may enter figures, on `day`: what is owed first, by due date, then what is done.

    `first` is the obligation to begin with. One statement, and those for what she holds.
    """
    pairs = held_by(user).reporting
    rows = obligations(user, day=day).filter(organisation__in={organisation for _project, organisation in pairs})
    groups: dict[tuple[Any, ...], DueGroup] = {}
    for one in rows:
        project = one.indicator.project
        if (project.pk, one.organisation_id) in pairs:
            key = (one.organisation_id, project.pk, one.period.starts_on, one.period.ends_on)
            group = groups.setdefault(
                key,
                DueGroup(
                    one.organisation.name, project, one.period.starts_on, one.period.ends_on, one.due_on, first=one.pk
                ),
            )
            _count(group, one)
    return sorted(
        groups.values(), key=lambda one: (not one.owed, one.due_on.toordinal() if one.owed else -one.due_on.toordinal())
    )


def _count(group: DueGroup, one: Obligation) -> None:
    group.total += 1
    state = getattr(one, "state", "")
    if state in SENT:
        return
    if not group.owed:
        group.first, group.due_on = one.pk, one.due_on
    group.owed += 1
    group.returned += state == ObligationState.RETURNED
    group.has_ended = group.has_ended or state != ObligationState.NOT_DUE
    group.is_late = group.is_late or state == ObligationState.OVERDUE
