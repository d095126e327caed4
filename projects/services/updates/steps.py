"""The steps of approval: where an update begins, which comes next, who is told, and the rows that say who decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import F, prefetch_related_objects
from django.utils import timezone

from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User
from kmop.notifications.services import notify_many
from kmop.shared.errors import NotAllowed
from partners.choices import MembershipRole
from partners.models import Membership
from projects.calculation.steps import first_open
from projects.choices import UPDATES_SUBMITTED, ApprovalStep, ProjectRoleName, UpdateSource, UpdateState
from projects.models import Project, ProjectRole, Update, UpdateDecision
from projects.rules import TOOK_A_STEP

Waits = tuple[str, int, int]


def read_decisions(rows: Sequence[Update]) -> None:
    """Read what was decided about locked updates of projects with several steps, and those steps, after the lock.

    With one step there is nothing to read: it was not taken yet, and no other follows.
    """
    several = [one for one in rows if len(one.indicator.project.approval_steps) > 1]
    if not several:
        return
    prefetch_related_objects(several, "decisions")
    known = dict(
        Project.objects.filter(pk__in={one.indicator.project_id for one in several}).values_list("pk", "approval_steps")
    )
    for one in several:
        one.indicator.project.approval_steps = known[one.indicator.project_id]


def begin(rows: Sequence[Update]) -> None:
    """Put updates that are handed in at the first step of their project; what came back begins a further round."""
    prefetch_related_objects(rows, "indicator__project")
    for row in rows:
        row.round += row.state == UpdateState.RETURNED
        row.step = row.indicator.project.approval_steps[0]


def taken_steps(update: Update) -> set[str]:
    """The steps that were approved since the update was handed in; its decisions should be read."""
    return {str(one.step) for one in update.decisions.all() if one.round == update.round}


def next_step(update: Update, *, by: User) -> str | None:
    """The step after the one it waits for; None where that is the last. The importer takes all of them at once."""
    if by.kind == UserKind.SERVICE and update.source == UpdateSource.IMPORT:
        return None
    steps = update.indicator.project.approval_steps
    if len(steps) == 1 and steps[0] == update.step:
        return None
    return first_open(steps, {*taken_steps(update), str(update.step)})


def keep_decisions(rows: Sequence[Update], verdict: str, *, note: str, at: datetime, by: User) -> None:
    """A row for each step that is taken now. Raises `NotAllowed` where she took another step of one."""
    decisions = [
        UpdateDecision(update=one, round=one.round, step=one.step, by=by, at=at, verdict=verdict, note=note)
        for one in rows
    ]
    try:
        UpdateDecision.objects.bulk_create(decisions, batch_size=1000)
    except IntegrityError as error:
        raise NotAllowed(TOOK_A_STEP) from error


def go_on(rows: Sequence[Update], onward: Mapping[int, str], *, by: User) -> None:
    """Let updates wait for their next steps, and tell those who may take them. One statement for each step."""
    now = timezone.now()
    for step in sorted(set(onward.values())):
        ids = [one.pk for one in rows if onward[one.pk] == step]
        Update.objects.filter(pk__in=ids).update(step=step, version=F("version") + 1, updated_at=now)
    for row in rows:
        row.step, row.version, row.updated_at = onward[row.pk], row.version + 1, now
    tell_next(rows, besides=by)


# ---------------------------------------------------------------- telling
def tell_next(rows: Sequence[Update], *, besides: User | None = None) -> None:
    """Tell those who may take the next step how many updates wait for them, once for each project.

    Who submitted an update or took a step of it (`besides` just now) is not told of that one.
    """
    people = _people({_waits(one) for one in rows})
    counts: dict[tuple[int, int], int] = {}
    users: dict[int, User] = {}
    for row in rows:
        decided = {one.by_id for one in row.decisions.all()} if besides else set()
        for user in people.get(_waits(row), ()):
            if user.pk not in decided and user not in (row.submitted_by, besides):
                key = (user.pk, row.indicator.project_id)
                users[user.pk], counts[key] = user, counts.get(key, 0) + 1
    codes = {one.indicator.project_id: one.indicator.project.code for one in rows}
    told = [(users[user], {"count": n, "project": codes[project]}) for (user, project), n in counts.items()]
    notify_many(told, UPDATES_SUBMITTED, link="/review/")


def _waits(update: Update) -> Waits:
    """What an update waits for: a step in a project, the partner's own in its organisation."""
    is_own = update.step == ApprovalStep.PARTNER_SUPERVISOR
    return str(update.step), update.indicator.project_id, update.organisation_id if is_own else 0


def _people(waits: Collection[Waits]) -> dict[Waits, list[User]]:
    """Who may take the steps, in at most one statement for each kind of step, and one for a project without manager."""
    found: dict[Waits, list[User]] = {}
    supervised = [one for one in waits if one[0] == ApprovalStep.PARTNER_SUPERVISOR]
    if supervised:
        heads = _administrators({organisation for _step, _project, organisation in supervised})
        found |= {one: heads.get(one[2], []) for one in supervised}
    for step, role in (
        (ApprovalStep.ME_OFFICER, ProjectRoleName.ME_OFFICER),
        (ApprovalStep.PROGRAMME_MANAGER, ProjectRoleName.PROJECT_MANAGER),
    ):
        wanted = [one for one in waits if one[0] == step]
        if wanted:
            holders = _holders(role, [project for _step, project, _organisation in wanted])
            found |= {one: holders.get(one[1], []) for one in wanted}
    alone = [one for one in waits if one[0] == ApprovalStep.PROGRAMME_MANAGER and not found[one]]
    if alone:
        portfolio = list(_portfolio_managers())
        found |= dict.fromkeys(alone, portfolio)
    return found


def _administrators(organisations: Iterable[int]) -> dict[int, list[User]]:
    members = Membership.objects.filter(
        organisation_id__in=organisations, role=MembershipRole.ADMINISTRATOR, user__kind="person", user__is_active=True
    )
    return _grouped((one.organisation_id, one.user) for one in members.select_related("user").order_by("pk"))


def _holders(role: str, projects: Iterable[int]) -> dict[int, list[User]]:
    roles = ProjectRole.objects.filter(project_id__in=projects, role=role, user__is_active=True)
    return _grouped((one.project_id, one.user) for one in roles.select_related("user") if one.project_id)


def _portfolio_managers() -> Iterable[User]:
    managers = User.objects.filter(role_grants__role=PortalRole.PORTFOLIO_MANAGER, is_active=True, kind="person")
    return managers.distinct().order_by("pk")


def _grouped(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {}
    for key, user in pairs:
        found.setdefault(key, []).append(user)
    return found


# ---------------------------------------------------------------- another set of steps
def steps_under_way(project: Project) -> list[Update]:
    """The updates of a project that wait for a step, locked, with what was decided about them."""
    rows = Update.objects.waiting().filter(indicator__project=project).order_by("pk").select_related("indicator")
    found = list(rows.select_for_update(of=("self",)))
    prefetch_related_objects(found, "decisions")
    return found
