"""The review queue: what waits for a decision, quality flags first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from kmop.accounts.choices import PortalRole
from kmop.shared.access import Verdict
from projects.calculation.values import NOT_REPORTED, Figure, Measure
from projects.choices import ApprovalStep, ProjectRoleName
from projects.models import Project, Update, UpdateDecision, UpdateValue
from projects.queries.flags import sentences
from projects.queries.steps import DECISIONS
from projects.queries.updates import acts_of, total_of, updates_with_values
from projects.rules import REVIEWS, held_by
from projects.validators import figure_of_said


class FlagCount(Func):
    """How many flags a row has."""

    function = "JSON_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The column is jsonb there."""
        return super().as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


def review_queue(user: Any, *, project: Project | None = None) -> QuerySet[Update]:
    """The submitted updates in whose approval `user` takes a step: hers first, then flagged ones, then oldest.

    Each row carries `is_mine`, `flag_count` (open flags) and all that a row shows; values and decisions come with one
    more statement each. Officers see what waits for others too.
    """
    rows = Update.objects.visible_to(user).waiting().filter(_in_queue(user))
    if project is not None:
        rows = rows.filter(indicator__project=project)
    flagged = rows.annotate(flag_count=FlagCount("flags"), is_mine=_is_mine(user))
    shown = updates_with_values(flagged).prefetch_related(DECISIONS)
    return shown.order_by(F("is_mine").desc(), F("flag_count").desc(), "submitted_at", "pk")


def _in_queue(user: Any) -> Q:
    """Rows of the projects she reviews, and those that wait for her elsewhere."""
    reviewed = Q(indicator__project__in=Project.objects.managed_by(user, *REVIEWS))
    return reviewed | _heads(user) | _directs(user)


def _heads(user: Any) -> Q:
    """What waits for the administrators of her organisations, in the projects that ask for that step."""
    supervised = held_by(user).supervised
    own = Q(
        indicator__project_id__in={project for project, _organisation in supervised},
        organisation_id__in={organisation for _project, organisation in supervised},
    )
    return Q(step=ApprovalStep.PARTNER_SUPERVISOR) & own


def _directs(user: Any) -> Q:
    """What waits for a portfolio manager."""
    if not user.has_role(PortalRole.PORTFOLIO_MANAGER):
        return Q(pk__in=[])
    return Q(step=ApprovalStep.PROGRAMME_MANAGER)


def _is_mine(user: Any) -> Case:
    """1 where the next step is hers: by role, not submitted by her, no earlier step taken by her. Else 0."""
    held = held_by(user)
    has_own = Q(indicator__project__approval_steps__icontains=ApprovalStep.PROGRAMME_MANAGER.value)
    officer = Q(indicator__project__in=held.by_role.get(ProjectRoleName.ME_OFFICER, ()))
    manager = Q(indicator__project__in=held.by_role.get(ProjectRoleName.PROJECT_MANAGER, ()))
    by_role = (
        Q(step=ApprovalStep.ME_OFFICER) & (officer | (manager & ~has_own))
        | Q(step=ApprovalStep.PROGRAMME_MANAGER) & manager
        | _heads(user)
        | _directs(user)
    )
    took = UpdateDecision.objects.filter(update=OuterRef("pk"), round=OuterRef("round"), by=user)
    free = ~Q(submitted_by=user) & ~Exists(took)
    return Case(When(by_role & free, then=Value(1)), default=Value(0), output_field=IntegerField())


@dataclass(frozen=True)
class ReviewRow:
    """One update in the queue: its total, the one before it, flags in words, and what the reader may do."""

    update: Update
    total: Figure
    previous: Figure
    warnings: list[str]
    approve: Verdict
    return_: Verdict

    @property
    def is_mine(self) -> bool:
        """The next step is the reader's."""
        return bool(getattr(self.update, "is_mine", False))

    @property
    def is_clean(self) -> bool:
        """No open flags, and the reader may approve it: fit for bulk approval."""
        return not self.update.flags and bool(self.approve)


def review_rows(updates: Iterable[Update], *, user: Any) -> list[ReviewRow]:
    """The rows of a page of the queue, with two statements for the totals before."""
    rows = list(updates)
    before = _previous(rows)
    found = []
    for one in rows:
        acts = acts_of(one, user, ("approve_update", "return_update"))
        found.append(
            ReviewRow(
                one,
                total_of(one),
                before.get(one.pk, NOT_REPORTED),
                sentences(one.flags),
                acts["approve_update"],
                acts["return_update"],
            )
        )
    return found


def _previous(rows: list[Update]) -> dict[int, Figure]:
    """The total of the newest approved update of an earlier period, by the id of the later one."""
    earlier = (
        Update.objects.approved()
        .filter(
            indicator=OuterRef("indicator"),
            organisation=OuterRef("organisation"),
            period__ends_on__lt=OuterRef("period__ends_on"),
        )
        .annotate(key=Coalesce("place", 0))
        .filter(key=Coalesce(OuterRef("place"), 0))
        .order_by("-period__ends_on", "-pk")
    )
    before = dict(
        Update.objects.filter(pk__in=[one.pk for one in rows])
        .annotate(before=Subquery(earlier.values("pk")[:1]))
        .order_by()
        .values_list("pk", "before")
    )
    values = UpdateValue.objects.filter(update_id__in={one for one in before.values() if one}, cell="")
    figures = {
        one.update_id: figure_of_said(one, Measure(one.update.indicator.measure))
        for one in values.select_related("update__indicator")
    }
    return {pk: figures[earlier_pk] for pk, earlier_pk in before.items() if earlier_pk in figures}


@dataclass(frozen=True)
class ReviewCounts:
    """How many updates wait, how many of them carry flags, and since when the oldest waits."""

    waiting: int
    flagged: int
    oldest: Any
    newest: Any


def review_counts(user: Any) -> ReviewCounts:
    """The counts of what `user` reviews, in one statement."""
    rows = Update.objects.waiting().filter(_in_queue(user))
    counts = rows.aggregate(
        waiting=Count("pk"),
        flagged=Count("pk", filter=~Q(flags=[])),
        oldest=Min("submitted_at"),
        newest=Max("submitted_at"),
    )
    return ReviewCounts(**counts)
