"""Many projects beside each other: plan, people, money, partners, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from beneficiaries.calculation.drift import Drift
from beneficiaries.queries.voices import Heard, heard_of
from projects.calculation.progress import PlanAnswer, ProjectVerdict
from projects.choices import ProjectStatus, ResultLevel
from projects.models import Indicator, Partnership, Project, ProjectCountry, Update
from projects.queries.course import course
from projects.queries.facts import ProjectFacts, project_facts
from projects.queries.money import MoneySummary, money
from projects.rules import held_by

RUNNING = (ProjectStatus.ACTIVE, ProjectStatus.SUSPENDED, ProjectStatus.CLOSING)
DRIFTS = (Drift.LATE_AND_UNHEARD, Drift.DRIFT, Drift.NONE)
ANSWERS = (PlanAnswer.NO, PlanAnswer.PARTLY, PlanAnswer.INCOMPLETE, PlanAnswer.YES, PlanAnswer.NO_PLAN)


NOTHING_TO_COMPARE = len(DRIFTS) * len(ANSWERS) - 1


def place_of(answer: PlanAnswer, drift: Drift) -> int:
    """The place of a running project in the order worst first: by drift, then by the answer to "on course?"."""
    return DRIFTS.index(drift) * len(ANSWERS) + ANSWERS.index(answer)


@dataclass(frozen=True)
class PortfolioRow:
    """One project: facts, voices, and money where the reader may see it."""

    project: Project
    facts: ProjectFacts
    voices: Heard
    money: MoneySummary | None

    @property
    def is_running(self) -> bool:
        """Is work under way, so that plan and drift mean something?"""
        return self.project.status in RUNNING

    @property
    def urgency(self) -> tuple[int, int]:
        """Where it stands in the order worst first: by drift, then by the answer to "on course?"."""
        return divmod(place_of(self.verdict.answer, self.voices.drift), len(ANSWERS))

    @property
    def verdict(self) -> ProjectVerdict:
        """How it stands to its plan."""
        return self.facts.verdict

    @property
    def plan_share(self) -> Decimal | None:
        """The share of outcome indicators at or above plan, None without any."""
        return Decimal(self.verdict.at_or_above) / self.verdict.of if self.verdict.of else None

    @property
    def met_share(self) -> Decimal | None:
        """The share of people whose first need is met, None where nobody was asked."""
        return self.voices.people.shares.met.value


def portfolio_rows(projects: Sequence[Project], *, user: Any, day: date) -> list[PortfolioRow]:
    """The rows of these visible projects in their order, in about twelve statements whatever their number."""
    facts = project_facts(projects, day=day)
    answers = {pk: one.verdict.answer for pk, one in facts.items()}
    said = heard_of(projects, answers)
    shown = money([one for one in projects if user.has_perm("projects.view_money", one)], day=day)
    return [PortfolioRow(one, facts[one.pk], said[one.pk], shown.get(one.pk)) for one in projects]


def worst_first(rows: Sequence[PortfolioRow]) -> list[PortfolioRow]:
    """Drift and unheard ones first, then by plan; those that don't run (design, closed) last. By code within each."""
    return sorted(rows, key=lambda one: (not one.is_running, *one.urgency, one.project.code))


def in_worst_order(rows: "QuerySet[Project]", *, day: date) -> "QuerySet[Project]":
    """The same projects ordered as `worst_first` orders, in SQL: by the place kept, or as it is now where that is old.

    Few are old: `reports.tasks.keep_standings` works the places out again where something changed.
    """
    now = standings(to_look_at(rows, day=day), day=day)
    ids: dict[int, list[int]] = {}
    for project, place in now.items():
        ids.setdefault(place, []).append(project)
    order = Case(
        When(~Q(status__in=RUNNING), then=Value(NOTHING_TO_COMPARE + 1)),
        *[When(pk__in=some, then=Value(number)) for number, some in sorted(ids.items())],
        default=Coalesce("standing", Value(NOTHING_TO_COMPARE)),
        output_field=IntegerField(),
    )
    return rows.order_by(order, "code", "pk")


def standings(projects: Sequence[Project], *, day: date) -> dict[int, int]:
    """The places of these projects by id, as their figures and people stand now."""
    answers = {pk: verdict.answer for pk, verdict in course(projects, day=day).items()} if projects else {}
    heard = heard_of(projects, answers) if projects else {}
    return {pk: place_of(answer, heard[pk].drift) for pk, answer in answers.items()}


def to_look_at(rows: "QuerySet[Project]", *, day: date) -> list[Project]:
    """Those whose kept place may be old: worked out before `day` or never, or something changed since.

    Without an outcome indicator there is nothing to compare, so those never worked out are left out.
    """
    begun = timezone.make_aware(datetime.combine(day, time.min))
    kept = Project.objects.filter(standing_at__gte=begun).order_by("standing_at").values("standing_at")[:1]
    changed = Update.objects.filter(updated_at__gt=Subquery(kept)).values("indicator__project_id")
    outcomes = Indicator.objects.filter(project=OuterRef("pk"), result__level=ResultLevel.OUTCOME)
    never = Q(standing_at=None) & Exists(outcomes)
    old = Q(standing_at__lt=begun) | Q(updated_at__gt=F("standing_at")) | Q(standing_at__isnull=False, pk__in=changed)
    return list(rows.filter(never | old, status__in=RUNNING).order_by("pk"))


def portfolio(user: Any) -> "QuerySet[Project]":
    """The projects a person sees."""
    rows: QuerySet[Project] = Project.objects.visible_to(user)
    return rows


def in_country(rows: "QuerySet[Project]", country: str) -> "QuerySet[Project]":
    """Those that work in a country."""
    return rows.filter(Exists(ProjectCountry.objects.filter(project=OuterRef("pk"), country=country)))


def with_partner(rows: "QuerySet[Project]", organisation: Any, *roles: str) -> "QuerySet[Project]":
    """Those in which an organisation has one of these roles (any where none is named)."""
    partners = Partnership.objects.filter(project=OuterRef("pk"), organisation=organisation)
    return rows.filter(Exists(partners.filter(role__in=roles) if roles else partners))


def countries_of(projects: "QuerySet[Project]") -> list[tuple[str, int]]:
    """Countries and how many of these projects work in each, the most first; a project counts in each of its own."""
    rows = ProjectCountry.objects.filter(project__in=projects.order_by()).order_by()
    found = rows.values_list("country").annotate(n=Count("project_id", distinct=True))
    return sorted(found, key=lambda one: (-one[1], one[0]))


def own_projects(user: Any) -> Collection[int]:
    """The projects in which a person has a role of her own, or for which she reports."""
    held = held_by(user)
    return {project for project, _organisation in held.reporting} | set(
        Project.objects.managed_by(user, "project_manager", "me_officer").values_list("pk", flat=True)
    )
