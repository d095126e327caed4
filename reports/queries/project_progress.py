"""What a report on a project shows beside its framework: money, voices, what was changed, risks, partners."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from beneficiaries.calculation.shares import Share
from beneficiaries.choices import AgeBand, FeedbackKind, Sex
from beneficiaries.models import Decision, Feedback
from kmop.shared.fields import MillionthsField
from kmop.shared.text import in_language
from projects.choices import PartnershipRole
from projects.models import BudgetLine, Expense, Partnership, Project, Risk

LOOKED_AT = 100
ZERO = Value(Decimal(0), output_field=MillionthsField())


@dataclass(frozen=True)
class Spending:
    """A budget line (its own currency) and what was spent on it; `without_rate` expenses are in no total."""

    code: str
    title: str
    budget: Decimal
    spent: Decimal
    currency: str
    without_rate: int


@dataclass(frozen=True)
class Quote:
    """A message that may stand outside the inbox; who wrote it is told only where at least five are alike."""

    source: str
    text: str
    language: str
    original: str
    original_language: str
    is_paraphrase: bool
    sex: str
    age: str
    place: str
    received_on: date


@dataclass(frozen=True)
class Team:
    """The organisations of a project by what they do in it."""

    coordinators: list[str]
    partners: list[str]
    funders: list[str]


@dataclass(frozen=True)
class Money:
    """Lines, and their totals in the project's currency; `apart` lines are in another, so they are in no total."""

    lines: list[Spending]
    currency: str
    budget: Decimal
    spent: Decimal
    without_rate: int
    apart: int

    @property
    def used(self) -> Share:
        """The share of the budget that is spent, in whole millionths."""
        return Share(int(self.spent.scaleb(6)), int(self.budget.scaleb(6)))


def money(project: Project, *, until: date) -> Money:
    """Budget and spending up to a day. Two statements."""
    lines = spending(project, until=until)
    own = [line for line in lines if line.currency == project.currency]
    return Money(
        lines=lines,
        currency=project.currency,
        budget=sum((line.budget for line in own), Decimal(0)),
        spent=sum((line.spent for line in own), Decimal(0)),
        without_rate=sum(line.without_rate for line in lines),
        apart=len(lines) - len(own),
    )


def spending(project: Project, *, until: date) -> list[Spending]:
    """Budget and spending by line, with expenses up to a day. Two statements."""
    rows = (
        Expense.objects.filter(line__project=project, on__lte=until)
        .order_by()
        .values("line_id")
        .annotate(spent=Coalesce(Sum("amount_project"), ZERO), bare=Count("pk", filter=Q(amount_project=None)))
    )
    spent = {row["line_id"]: (row["spent"], row["bare"]) for row in rows}
    return [
        _spending(line, *spent.get(line.pk, (Decimal(0), 0)))
        for line in BudgetLine.objects.filter(project=project).order_by("code", "pk")
    ]


def _spending(line: BudgetLine, spent: Decimal, without_rate: int) -> Spending:
    return Spending(line.code, in_language(line.titles), line.amount or Decimal(0), spent, line.currency, without_rate)


def team(project: Project) -> Team:
    """Who works in a project and who pays. One statement."""
    rows = Partnership.objects.filter(project=project).select_related("organisation").order_by("pk")
    by_role: dict[str, list[str]] = {}
    for row in rows:
        by_role.setdefault(row.role, []).append(row.organisation.name)
    own = (PartnershipRole.COORDINATOR, PartnershipRole.FUNDING)
    others = [name for role, names in by_role.items() if role not in own for name in names]
    return Team(by_role.get(own[0], []), others, by_role.get(own[1], []))


def changes(project: Project, *, until: date, most: int) -> list[Decision]:
    """The newest decisions on the public board up to a day. One statement."""
    rows = Decision.objects.filter(project=project, is_public=True, decided_on__lte=until)
    return list(rows.order_by("-decided_on", "id")[:most])


def open_risks(project: Project, *, until: date, most: int) -> list[Risk]:
    """The risks open on a day, worst first. One statement."""
    rows = Risk.objects.filter(project=project).filter(Q(closed_on=None) | Q(closed_on__gt=until))
    return list(rows.worst_first().select_related("owner")[:most])


def quotes(project: Project, *, until: date, language: str, most: int) -> list[Quote]:
    """Quotable messages up to a day: the newest complaint and the newest others, so that the hard ones stand too.

    Where fewer than five quotable messages are alike in sex, age and place, these are left out. Two statements.
    """
    rows = Feedback.objects.filter(project=project, received_at__date__lte=until).quotable()
    alike = _alike(rows)
    newest = list(rows.select_related("place").order_by("-received_at", "id")[:LOOKED_AT])
    hard = [row for row in newest if row.kind == FeedbackKind.COMPLAINT][:1]
    chosen = [*hard, *(row for row in newest if row not in hard)][:most]
    return [_quote(row, alike, language) for row in chosen]


def _alike(rows: "QuerySet[Feedback]") -> dict[tuple[str, str, int | None], int]:
    counted = rows.order_by().values_list("sex", "age_band", "place_id").annotate(count=Count("pk"))
    return {(sex, age, place): count for sex, age, place, count in counted}


def _quote(row: Feedback, alike: dict[tuple[str, str, int | None], int], language: str) -> Quote:
    is_paraphrase = not row.may_quote
    is_own = row.language in ("", language) or not row.translation
    text = row.paraphrase if is_paraphrase else row.text if is_own else row.translation
    is_told = alike.get((row.sex, row.age_band, row.place_id), 0) >= settings.SMALL_CELL
    return Quote(
        source=str(row.pk),
        text=text,
        language=row.language if is_own and not is_paraphrase else language,
        original="" if is_own or is_paraphrase else row.text,
        original_language="" if is_own or is_paraphrase else row.language,
        is_paraphrase=is_paraphrase,
        sex=str(Sex(row.sex).label) if is_told and row.sex != Sex.NOT_STATED else "",
        age=str(AgeBand(row.age_band).label) if is_told and row.age_band != AgeBand.NOT_STATED else "",
        place=str(row.place) if is_told and row.place and not row.place.is_protected else "",
        received_on=row.received_at.date(),
    )
