"""What people say they need, in which order, and how much of it is answered and met."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max, Q

from beneficiaries.calculation.needs import NeedOfPeople, NeedShares, need_shares
from beneficiaries.calculation.needs import NeedState as State
from beneficiaries.choices import NeedState
from beneficiaries.models import Need, NeedRank, NeedsRound
from projects.models import Project
from projects.queries.past import end_of


@dataclass(frozen=True)
class PeopleSaid:
    """People of the newest rounds of a project: asked, answering, and whose first need is answered or met."""

    asked: int = 0
    answering: int = 0
    answered: int = 0
    met: int = 0
    round_on: date | None = None
    needs_answered: int = 0
    shares: NeedShares = field(default_factory=lambda: need_shares([]))


@dataclass(frozen=True)
class RankedNeed:
    """A need with its place in the newest round (None: not ranked yet), its people and its messages, never added."""

    need: Need
    rank: int | None
    people: int
    people_first: int
    messages: int


def newest_rounds(projects: Iterable[Project], *, day: date | None = None) -> dict[int, list[NeedsRound]]:
    """By project: the newest round of each place, of those held by `day` (a place's older rounds are history)."""
    newest: dict[tuple[int, int | None], NeedsRound] = {}
    rows = NeedsRound.objects.filter(project__in=list(projects)).order_by("held_on", "id")
    for row in rows if day is None else rows.filter(held_on__lte=day):
        newest[row.project_id, row.place_id] = row
    found: dict[int, list[NeedsRound]] = {}
    for (project_id, _place), row in newest.items():
        found.setdefault(project_id, []).append(row)
    return found


def people_of(projects: Iterable[Project], *, day: date | None = None) -> dict[int, PeopleSaid]:
    """By project: people asked, whose first need is answered, and whose first need is met. Three statements.

    Rounds are those held by `day`; the state of a need keeps no past and is that of now.
    """
    projects = list(projects)
    rounds = newest_rounds(projects, day=day)
    ranks = NeedRank.objects.filter(round__in=[one.pk for some in rounds.values() for one in some])
    needs_of: dict[int, list[NeedOfPeople]] = {}
    for project_id, people, state in ranks.values_list("need__project_id", "people_first", "need__state"):
        needs_of.setdefault(project_id, []).append(NeedOfPeople(people, State(state)))
    linked = Q(activity__isnull=False) | Q(state__in=[NeedState.ANSWERED, NeedState.MET])
    named = dict(
        Need.objects.filter(linked, project__in=projects, ranks__isnull=False)
        .order_by()
        .values_list("project_id")
        .annotate(n=Count("pk", distinct=True))
    )
    return {one.pk: _said(rounds.get(one.pk, []), needs_of.get(one.pk, []), named.get(one.pk, 0)) for one in projects}


def _said(rounds: list[NeedsRound], needs: list[NeedOfPeople], named: int) -> PeopleSaid:
    shares = need_shares(needs)
    return PeopleSaid(
        asked=sum(one.people_asked for one in rounds),
        answering=shares.met.whole,
        answered=shares.answered.part,
        met=shares.met.part,
        round_on=max((one.held_on for one in rounds), default=None),
        needs_answered=named,
        shares=shares,
    )


def ranked_needs(project: Project, *, day: date | None = None) -> list[RankedNeed]:
    """The project's needs, those most people put first before all others; unranked ones last. Three statements.

    Rounds and messages are those up to `day`; the needs themselves, with their state, are those of now.
    """
    rounds = [one.pk for one in newest_rounds([project], day=day).get(project.pk, [])]
    said = Q() if day is None else Q(voices__received_at__lte=end_of(day))
    ranks: dict[int, tuple[int, int]] = {}
    for need_id, people, first in NeedRank.objects.filter(round__in=rounds).values_list(
        "need_id", "people", "people_first"
    ):
        before = ranks.get(need_id, (0, 0))
        ranks[need_id] = (before[0] + people, before[1] + first)
    rows = (
        Need.objects.filter(project=project)
        .select_related("place", "group", "duty_bearer", "activity")
        .annotate(messages=Count("voices", filter=said, distinct=True), decided_on=Max("decisions__decided_on"))
    )
    needs = sorted(
        rows, key=lambda one: (one.pk not in ranks, [-n for n in reversed(ranks.get(one.pk, (0, 0)))], one.pk)
    )
    return [
        RankedNeed(
            need=one,
            rank=place if one.pk in ranks else None,
            people=ranks.get(one.pk, (0, 0))[0],
            people_first=ranks.get(one.pk, (0, 0))[1],
            messages=one.messages,
        )
        for place, one in enumerate(needs, start=1)
    ]
