"""Many projects beside each other: plan, people, money, partners, in a fixed number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from beneficiaries.calculation.drift import Drift
from beneficiaries.queries.voices import ProjectVoices, voices_of
from projects.calculation.progress import PlanAnswer, ProjectVerdict
from projects.choices import ProjectStatus
from projects.models import Partnership, Project, ProjectCountry
from projects.queries.facts import ProjectFacts, project_facts
from projects.queries.money import MoneySummary, money
from projects.rules import held_by

RUNNING = (ProjectStatus.ACTIVE, ProjectStatus.SUSPENDED, ProjectStatus.CLOSING)
DRIFTS = (Drift.LATE_AND_UNHEARD, Drift.DRIFT, Drift.NONE)
ANSWERS = (PlanAnswer.NO, PlanAnswer.PARTLY, PlanAnswer.INCOMPLETE, PlanAnswer.YES, PlanAnswer.NO_PLAN)


@dataclass(frozen=True)
class PortfolioRow:
    """One project: facts, voices, and money where the reader may see it."""

    project: Project
    facts: ProjectFacts
    voices: ProjectVoices
    money: MoneySummary | None

    @property
    def is_running(self) -> bool:
        """Is work under way, so that plan and drift mean something?"""
        return self.project.status in RUNNING

    @property
    def urgency(self) -> tuple[int, int]:
        """Where it stands in the order worst first: by drift, then by the answer to "on course?"."""
        return DRIFTS.index(self.voices.drift), ANSWERS.index(self.verdict.answer)

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
    """The rows of these visible projects in their order, in about twenty statements whatever their number."""
    facts = project_facts(projects, day=day)
    answers = {pk: one.verdict.answer for pk, one in facts.items()}
    said = voices_of(projects, day=day, answers=answers)
    shown = money([one for one in projects if user.has_perm("projects.view_money", one)], day=day)
    return [PortfolioRow(one, facts[one.pk], said[one.pk], shown.get(one.pk)) for one in projects]


def worst_first(rows: Sequence[PortfolioRow]) -> list[PortfolioRow]:
    """Drift and unheard ones first, then by plan; those that don't run (design, closed) last. By code within each."""
    return sorted(rows, key=lambda one: (not one.is_running, *one.urgency, one.project.code))


def in_order_of(rows: "QuerySet[Project]", ordered: Sequence[PortfolioRow]) -> "QuerySet[Project]":
    """The same projects, ordered as these rows are."""
    places = [When(pk=one.project.pk, then=Value(place)) for place, one in enumerate(ordered)]
    return rows.order_by(Case(*places, default=Value(len(places)), output_field=IntegerField()), "pk")


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
    found: dict[str, int] = {}
    for country in ProjectCountry.objects.filter(project__in=projects.order_by()).values_list("country", flat=True):
        found[country] = found.get(country, 0) + 1
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def own_projects(user: Any) -> Collection[int]:
    """The projects in which a person has a role of her own, or for which she reports."""
    held = held_by(user)
    return {project for project, _organisation in held.reporting} | set(
        Project.objects.managed_by(user, "project_manager", "me_officer").values_list("pk", flat=True)
    )
