"""The cover of the progress report: two questions of equal rank, and the facts of the project."""

from decimal import Decimal

from django.utils.translation import gettext as _

from beneficiaries.calculation.shares import Share
from beneficiaries.queries.voices import Voices
from kmop.shared import formats
from kmop.shared.text import in_language
from projects.calculation.progress import PlanAnswer, ProjectVerdict
from projects.choices import ProjectStatus
from projects.models import Project
from projects.queries.course import incomplete_words, of_outcomes
from projects.queries.money import MoneySummary
from reports.catalogue import blocks as b
from reports.catalogue.registry import Order
from reports.queries.project_progress import Team


def blocks(
    order: Order,
    project: Project,
    verdict: ProjectVerdict,
    voices: Voices,
    money: MoneySummary,
    team: Team,
) -> tuple[b.Block, ...]:
    """The pair of verdicts, and the facts."""
    figure = b.Figures((_course(order, verdict, money),))
    voice = b.Figures((_people(order, voices),))
    return (b.Pairs((figure,), (voice,)), b.KeyValues(_facts(order, project, money, team)))


def _course(order: Order, verdict: ProjectVerdict, money: MoneySummary) -> b.Figure:
    question = _("Is it on course?")
    used = money.share
    spent = _("%(share)s of the money is used.") % {"share": formats.percent(used, order.language)} if used else ""
    if verdict.answer == PlanAnswer.NO_PLAN:
        return b.Figure(question, _("No plan yet"), b.Kind.TEXT, under=spent)
    incomplete = incomplete_words(verdict)
    under = " ".join(part for part in (f"{incomplete}." if incomplete else "", spent) if part)
    bar = b.Bar(Share(verdict.at_or_above, verdict.of).value)
    return b.Figure(question, Decimal(verdict.at_or_above), unit=of_outcomes(verdict), under=under, bar=bar)


def _people(order: Order, voices: Voices) -> b.Figure:
    question = _("Is it what people say they need?")
    people = voices.summary.people
    met, answered = people.shares.met.value, people.shares.answered.value
    if met is None or answered is None:
        return b.Figure(question, _("Nobody was asked yet"), b.Kind.TEXT, side=b.Side.VOICE)
    facts = {
        "met": formats.number(people.met, order.language),
        "people": formats.number(people.answering, order.language),
        "answered": formats.percent(answered, order.language),
    }
    first = [each for each in voices.needs if each.rank == 1]
    under = _("%(met)s of %(people)s people say that it is met; we say that it is answered for %(answered)s.") % facts
    if first:
        under += " " + _("Ranked first: %(need)s.") % {"need": in_language(first[0].need.titles)}
    unit = _("of people have their first need met")
    return b.Figure(question, met, b.Kind.PERCENT, unit, under, b.Side.VOICE, b.Bar(met))


def _facts(order: Order, project: Project, money: MoneySummary, team: Team) -> tuple[b.KeyValue, ...]:
    dates = formats.date_range(project.starts_on, project.ends_on, order.language)
    facts = [
        b.KeyValue(_("Project"), ", ".join(part for part in (project.code, dates) if part)),
        b.KeyValue(_("Status"), str(ProjectStatus(project.status).label)),
        b.KeyValue(_("Coordinator"), ", ".join(team.coordinators)),
        b.KeyValue(_("Partners"), ", ".join(team.partners)),
        b.KeyValue(_("Budget"), _budget(order, money)),
        b.KeyValue(_("Funding"), in_language(project.funding_statement)),
    ]
    return tuple(each for each in facts if each.value)


def _budget(order: Order, money: MoneySummary) -> str:
    if not money.budget or money.spent is None:
        return ""
    return _("%(budget)s, of which spent %(spent)s") % {
        "budget": formats.money(money.budget, money.currency, order.language),
        "spent": formats.money(money.spent, money.currency, order.language),
    }
