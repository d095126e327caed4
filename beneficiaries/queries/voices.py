"""The voices half of Overview, portfolio, Home and reports: what people need, say, and got for an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from beneficiaries.calculation.drift import Drift, drift
from beneficiaries.choices import FeedbackState
from beneficiaries.models import Feedback
from beneficiaries.queries.ledger import LedgerLine, ledger
from beneficiaries.queries.needs import PeopleSaid, RankedNeed, people_of, ranked_needs
from beneficiaries.queries.quotes import Quote, latest_quotes
from beneficiaries.queries.waits import Waits, waits_of
from projects.calculation.progress import PlanAnswer
from projects.models import Project
from projects.queries.past import end_of


@dataclass(frozen=True)
class MessageCounts:
    """Messages of a project; never to be added to people. `overdue` are past their promised day."""

    all: int = 0
    new: int = 0
    open: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class Heard:
    """What portfolio and Home show of a project's voices; `drift` compares with the plan's answer that was given."""

    people: PeopleSaid
    drift: Drift


@dataclass(frozen=True)
class ProjectVoices:
    """What Overview and reports show first of a project's voices."""

    people: PeopleSaid
    messages: MessageCounts
    waits: Waits
    drift: Drift


@dataclass(frozen=True)
class Voices:
    """What Overview and reports show of one project's voices."""

    summary: ProjectVoices
    needs: tuple[RankedNeed, ...]
    quotes: tuple[Quote, ...]
    ledger: tuple[LedgerLine, ...]


def heard_of(projects: Iterable[Project], answers: Mapping[int, PlanAnswer]) -> dict[int, Heard]:
    """By project: people and drift, in three statements whatever their number. See `voices_of`."""
    return {pk: Heard(people, _drift(answers, pk, people)) for pk, people in people_of(projects).items()}


def voices_of(
    projects: Iterable[Project], *, day: date, answers: Mapping[int, PlanAnswer] | None = None
) -> dict[int, ProjectVoices]:
    """By project: people, messages, response time and drift on `day`, in five statements whatever their number.

    `answers` are the projects' plan answers (`projects.queries.course`), by project id; without one nothing drifts.
    The caller hands in projects that the reader may see.
    """
    projects = list(projects)
    people, waits, counts = people_of(projects, day=day), waits_of(projects, day=day), message_counts(projects, day=day)
    return {
        one.pk: ProjectVoices(
            people=people[one.pk],
            messages=counts.get(one.pk, MessageCounts()),
            waits=waits[one.pk],
            drift=_drift(answers, one.pk, people[one.pk]),
        )
        for one in projects
    }


def _drift(answers: Mapping[int, PlanAnswer] | None, project_id: int, people: PeopleSaid) -> Drift:
    answer = (answers or {}).get(project_id)
    return Drift.NONE if answer is None else drift(answer, people.shares.met.value)


def message_counts(projects: Iterable[Project], *, day: date) -> dict[int, MessageCounts]:
    """By project: how many messages came by `day`; how many are new, open, overdue then by the state of now. One
    statement."""
    is_open = Q(state__in=[FeedbackState.NEW, FeedbackState.ACKNOWLEDGED])
    rows = (
        Feedback.objects.filter(project__in=list(projects), received_at__lte=end_of(day))
        .order_by()
        .values_list("project_id")
        .annotate(
            everything=Count("pk"),
            new=Count("pk", filter=Q(state=FeedbackState.NEW)),
            open=Count("pk", filter=is_open),
            overdue=Count("pk", filter=is_open & Q(promised_on__lt=day)),
        )
    )
    return {project_id: MessageCounts(*counts) for project_id, *counts in rows}


def voices(
    project: Project,
    *,
    day: date,
    answer: PlanAnswer | None = None,
    quotes: int = 3,
    decisions: int | None = 4,
    public: bool = False,
) -> Voices:
    """All of one project's voices on `day`, in eleven statements; `public` leaves only decisions of the public board.

    `answer` is the plan's answer for drift. The caller has asked the rule (`beneficiaries.view_needs`).
    """
    given = {} if answer is None else {project.pk: answer}
    return Voices(
        summary=voices_of([project], day=day, answers=given)[project.pk],
        needs=tuple(ranked_needs(project, day=day)),
        quotes=tuple(latest_quotes(project, day=day, limit=quotes)),
        ledger=tuple(ledger(project, day=day, public=public, limit=decisions)),
    )
