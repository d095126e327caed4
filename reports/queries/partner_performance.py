"""How partners keep their dates: what was owed up to a day, what came in time, late, or not at all."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from kmop.shared.text import in_language
from partners.models import Organisation
from projects.choices import UpdateState
from projects.models import Obligation, Project
from projects.queries.past import end_of
from projects.queries.punctuality import CAME_IN_TIME, CAME_LATE, CAME_NOT, with_arrival

IS_APPROVED = Q(update__state=UpdateState.APPROVED)


@dataclass(frozen=True)
class Scope:
    """Which figures: of a project, of an organisation (None: of all), due from `since` to `until`, as known then."""

    project: Project | None
    organisation: Organisation | None
    since: date
    until: date


@dataclass(frozen=True)
class Kept:
    """What one organisation owed in one project, and how it came: counts of figures (indicator x period x place).

    `owed` = `on_time` + `late` + `missing` + those due on the very day. `approved` is by the end; `returned` keeps no
    past and is as of now.
    """

    organisation: str
    organisation_code: str
    sector: str
    project_code: str
    project: str
    owed: int
    on_time: int
    late: int
    missing: int
    approved: int
    returned: int


@dataclass(frozen=True)
class MissingFigure:
    """A figure that was due and has not come."""

    organisation: str
    project_code: str
    indicator_code: str
    indicator: str
    period: str
    place: str
    due_on: date


def _owed(scope: Scope) -> QuerySet[Any]:
    """What was due in the scope, each with the day on which it first came, as known at its end."""
    rows = Obligation.objects.filter(due_on__gte=scope.since, due_on__lte=scope.until)
    if scope.project is not None:
        rows = rows.filter(indicator__project=scope.project)
    if scope.organisation is not None:
        rows = rows.filter(organisation=scope.organisation)
    return with_arrival(rows, until=scope.until)


def kept_dates(scope: Scope) -> list[Kept]:
    """Per project and organisation, by project code and name. One statement."""
    rows = (
        _owed(scope)
        .order_by("indicator__project__code", "organisation__name", "organisation_id")
        .values(
            "organisation_id",
            "organisation__name",
            "organisation__code",
            "organisation__sector",
            "indicator__project__code",
            "indicator__project__titles",
        )
        .annotate(
            owed=Count("pk"),
            on_time=Count("pk", filter=CAME_IN_TIME),
            late=Count("pk", filter=CAME_LATE),
            missing=Count("pk", filter=CAME_NOT & Q(due_on__lt=scope.until)),
            approved=Count("pk", filter=IS_APPROVED & Q(update__decided_at__lte=end_of(scope.until))),
            returned=Count("pk", filter=Q(update__state=UpdateState.RETURNED)),
        )
    )
    return [
        Kept(
            organisation=row["organisation__name"],
            organisation_code=row["organisation__code"],
            sector=row["organisation__sector"],
            project_code=row["indicator__project__code"],
            project=in_language(row["indicator__project__titles"]),
            **{name: row[name] for name in ("owed", "on_time", "late", "missing", "approved", "returned")},
        )
        for row in rows
    ]


def missing_figures(scope: Scope, *, most: int) -> list[MissingFigure]:
    """The figures that were due before the end and have not come, longest due first, at most `most`. One statement."""
    rows = (
        _owed(scope)
        .filter(CAME_NOT, due_on__lt=scope.until)
        .select_related("organisation", "indicator__project", "period", "place")
        .order_by("due_on", "organisation__name", "indicator__order", "pk")[:most]
    )
    return [
        MissingFigure(
            organisation=row.organisation.name,
            project_code=row.indicator.project.code,
            indicator_code=row.indicator.code,
            indicator=in_language(row.indicator.titles),
            period=row.period.code,
            place=str(row.place) if row.place and not row.place.is_protected else "",
            due_on=row.due_on,
        )
        for row in rows
    ]
