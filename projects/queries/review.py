"""The review queue: what waits for a decision, quality flags first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kmop.shared.access import Verdict
from projects.calculation.values import NOT_REPORTED, Figure, Measure
from projects.choices import ProjectRoleName
from projects.models import Project, Update, UpdateValue
from projects.queries.flags import sentences
from projects.queries.updates import acts_of, total_of, updates_with_values
from projects.validators import figure_of_said

REVIEWS = (ProjectRoleName.PROJECT_MANAGER, ProjectRoleName.ME_OFFICER)


class FlagCount(Func):
    """How many flags a row has."""

    function = "JSON_ARRAY_LENGTH"
    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The column is jsonb there."""
        return super().as_sql(compiler, connection, function="JSONB_ARRAY_LENGTH", **context)


def review_queue(user: Any, *, project: Project | None = None) -> QuerySet[Update]:
    """The submitted updates of the projects that `user` reviews (or of one of them), flagged ones first, then oldest.

    Each row carries `flag_count` and all that a row shows; values come with one more statement.
    """
    projects = Project.objects.managed_by(user, *REVIEWS)
    if project is not None:
        projects = projects.filter(pk=project.pk)
    rows = Update.objects.visible_to(user).waiting().filter(indicator__project__in=projects)
    flagged = rows.annotate(flag_count=FlagCount("flags"))
    return updates_with_values(flagged).order_by(F("flag_count").desc(), "submitted_at", "pk")


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
    def is_clean(self) -> bool:
        """No flags, and the reader may approve it: fit for bulk approval."""
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
    rows = Update.objects.waiting().filter(indicator__project__in=Project.objects.managed_by(user, *REVIEWS))
    counts = rows.aggregate(
        waiting=Count("pk"),
        flagged=Count("pk", filter=~Q(flags=[])),
        oldest=Min("submitted_at"),
        newest=Max("submitted_at"),
    )
    return ReviewCounts(**counts)
