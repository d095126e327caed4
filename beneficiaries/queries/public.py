"""What everybody may read: published projects, and one of them in plain words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from beneficiaries.calculation.needs import NeedShares
from beneficiaries.queries.ledger import LedgerLine
from beneficiaries.queries.needs import RankedNeed
from beneficiaries.queries.voices import Voices, voices
from kmop.shared.countries import country_name
from kmop.shared.text import fold, in_language
from projects.calculation.progress import Progress, progress
from projects.calculation.values import SUPPRESSED, Direction, Figure, Measure
from projects.choices import PartnershipRole, ResultLevel
from projects.models import Partnership, Place, Project
from projects.queries.figures import IndicatorFacts
from projects.queries.framework import public_framework

MOST_RESULTS = 8
MOST_DECISIONS = 12


@dataclass(frozen=True)
class PublicResult:
    """One outcome against its plan. `done` and `planned` are shares of the way to the target; None: not reported."""

    title: str
    actual: Figure
    target: Figure
    done: Progress
    planned: Progress
    plan_day: date | None
    is_share: bool
    falls: bool


@dataclass(frozen=True)
class PublicPage:
    """A published project in plain words, in the reader's language."""

    project: Project
    title: str
    description: str
    countries: list[str]
    places: list[Place]
    results: list[PublicResult]
    results_until: date | None
    needs: list[RankedNeed]
    shares: NeedShares
    people: int
    round_on: date | None
    ledger: tuple[LedgerLine, ...]
    voices: Voices
    funders: list[str]
    funding_statement: str


def published_projects(search: str = "") -> QuerySet[Any]:
    """Published projects with what a line of the list shows; `search` is folded and looked for in titles and codes."""
    rows: QuerySet[Any] = Project.objects.published()
    for word in fold(search).split():
        rows = rows.filter(Q(search_text__contains=word) | Q(code__icontains=word))
    return rows.prefetch_related("countries").order_by("code", "pk")


def published_project(code: str) -> Project | None:
    """The published project of this code; None where there is none, which looks the same as one not published.

    Codes are read from posters and typed on phones: where no code is written just so, large and small letters are one.
    """
    rows = Project.objects.published()
    shown = Prefetch("places", queryset=Place.objects.unprotected().order_by("name", "pk"))
    rows = rows.prefetch_related("countries", shown).order_by("code", "pk")
    found: Project | None = rows.filter(code=code).first() or rows.filter(code__iexact=code).first()
    return found


def countries_of(project: Project) -> list[str]:
    """The names of the project's countries in the reader's language."""
    return [country_name(one.country) for one in project.countries.all()]


def public_page(project: Project, *, day: date) -> PublicPage:
    """All that the public page of a published project shows on `day`. A fixed number of statements.

    People are told only from five on; a place that is protected is not named; quotes are no part of it.
    """
    tree = public_framework(project, day=day)
    outcomes = [one for node in tree.results if node.result.level == ResultLevel.OUTCOME for one in node.indicators]
    results = [_result(one.facts) for one in (outcomes or tree.indicators)[:MOST_RESULTS]]
    said = voices(project, day=day, answer=tree.verdict.answer, quotes=0, decisions=MOST_DECISIONS, public=True)
    people = said.summary.people
    return PublicPage(
        project=project,
        title=in_language(project.titles),
        description=in_language(project.descriptions),
        countries=countries_of(project),
        places=list(project.places.all()),
        results=results,
        results_until=max((one.plan_day for one in results if one.plan_day), default=None),
        needs=[one for one in said.needs if one.people >= settings.SMALL_CELL],
        shares=people.shares,
        people=people.answering,
        round_on=people.round_on if people.answering >= settings.SMALL_CELL else None,
        ledger=said.ledger,
        voices=said,
        funders=_funders(project),
        funding_statement=in_language(project.funding_statement),
    )


def _funders(project: Project) -> list[str]:
    rows = Partnership.objects.filter(project=project, role=PartnershipRole.FUNDING).select_related("organisation")
    return [in_language(one.organisation.names) or str(one.organisation) for one in rows.order_by("pk")]


def _result(facts: IndicatorFacts) -> PublicResult:
    measure, direction = Measure(facts.indicator.measure), Direction(facts.indicator.direction)
    planned = progress(facts.plan.target, facts.baseline, facts.target, measure=measure, direction=direction)
    return PublicResult(
        title=in_language(facts.indicator.titles),
        actual=_told(facts),
        target=facts.target,
        done=facts.progress,
        planned=planned,
        plan_day=facts.plan.day,
        is_share=measure == Measure.PERCENTAGE,
        falls=direction == Direction.DESCENDING,
    )


def _told(facts: IndicatorFacts) -> Figure:
    """A count of one to four may be of people, and is not told; nor is a formula that would tell it."""
    inputs = facts.formula.facts.values() if facts.formula else (facts,)
    return SUPPRESSED if any(_is_small(one) for one in inputs) else facts.actual


def _is_small(facts: IndicatorFacts) -> bool:
    value = facts.actual.value
    return facts.indicator.measure == Measure.COUNT and value is not None and 0 < value < settings.SMALL_CELL
