"""Project progress report: is it on course, and is it what people say they need? Figures and voices at equal rank."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beneficiaries.models import Decision
from beneficiaries.queries.needs import PeopleSaid, RankedNeed, people_of, ranked_needs
from kmop.shared import formats
from kmop.shared.text import in_language
from projects.models import Project, Risk
from projects.queries.framework import FrameworkTree, framework
from reports.catalogue import blocks as b
from reports.catalogue import progress_cover as cover
from reports.catalogue import progress_results as results
from reports.catalogue import progress_voices as voices
from reports.catalogue.frames import meta_of
from reports.catalogue.registry import Order, Parameter, Report, Takes
from reports.queries.project_progress import Money, Quote, Team, changes, money, open_risks, quotes, team

CODE = "project-progress"
MOST_QUOTES, MOST_CHANGES, MOST_RISKS = 3, 10, 10


@dataclass(frozen=True)
class Gathered:
    """All that the report is made of, read in one snapshot."""

    tree: FrameworkTree
    people: PeopleSaid
    needs: list[RankedNeed]
    money: Money
    team: Team
    quotes: list[Quote]
    changes: list[Decision]
    risks: list[Risk]


def gather(order: Order) -> b.Document:
    """The report on a project to a day, in a fixed number of statements."""
    project = order.project
    if project is None:
        raise ValueError("A progress report is about a project.")
    return document(order, project, _read(order, project))


def _read(order: Order, project: Project) -> Gathered:
    until = order.as_of
    return Gathered(
        tree=framework(project, user=order.by, day=until),
        people=people_of([project])[project.pk],
        needs=ranked_needs(project),
        money=money(project, until=until),
        team=team(project),
        quotes=quotes(project, until=until, language=order.language, most=MOST_QUOTES),
        changes=changes(project, until=until, most=MOST_CHANGES),
        risks=open_risks(project, until=until, most=MOST_RISKS),
    )


def document(order: Order, project: Project, found: Gathered) -> b.Document:
    """The report in blocks."""
    name = in_language(project.short_titles) or project.code
    day = formats.day(order.as_of, order.language)
    return b.Document(
        title=in_language(project.titles) or project.code,
        subtitle=_to_whom(found.team),
        kicker=_("Progress report · to %(day)s") % {"day": day},
        language=order.language,
        meta=meta_of(
            order,
            report=CODE,
            subject=project.code,
            short=_("%(name)s · Progress report to %(day)s") % {"name": name, "day": day},
            parameters=(b.KeyValue(_("Report"), _("Project progress")), b.KeyValue(_("Project"), project.code)),
        ),
        cover=cover.blocks(order, project, found.tree.verdict, found.people, found.needs, found.money, found.team),
        blocks=(
            *results.blocks(order, found.tree),
            *voices.blocks(order, found.needs, found.people, found.quotes, found.changes),
            *_money(order, found.money),
            *_risks(found.risks),
            *results.missing(found.tree),
            *_method(order),
        ),
    )


def _to_whom(people: Team) -> str:
    if not people.funders:
        return ""
    return _("To %(funders)s") % {"funders": ", ".join(people.funders)}


def _money(order: Order, found: Money) -> tuple[b.Block, ...]:
    if not found.lines:
        return ()
    columns = (
        b.Column(_("Line"), b.Kind.CODE),
        b.Column(_("For what"), b.Kind.TEXT),
        b.Column(_("Budget"), b.Kind.MONEY, found.currency),
        b.Column(_("Spent"), b.Kind.MONEY, found.currency, strong=True),
    )
    own = [line for line in found.lines if line.currency == found.currency]
    rows = tuple((line.code, line.title, line.budget, line.spent) for line in own)
    caption = _("Budget and spending by line, to %(day)s") % {"day": formats.day(order.as_of, order.language)}
    table = b.Table(caption, columns, rows, ("", _("All"), found.budget, found.spent), name=_("Money"))
    return (b.Heading(1, _("Money")), table, *_money_notes(found))


def _money_notes(found: Money) -> tuple[b.Block, ...]:
    notes = []
    if found.without_rate:
        said = _("Expenses without a rate of exchange, in no total: %(count)s.") % {"count": found.without_rate}
        notes.append(b.Note(said, b.Tone.WARN))
    if found.apart:
        said = _("Budget lines in another currency, in no total: %(count)s.") % {"count": found.apart}
        notes.append(b.Note(said, b.Tone.INFO))
    return tuple(notes)


def _risks(risks: Sequence[Risk]) -> tuple[b.Block, ...]:
    if not risks:
        return ()
    columns = (
        b.Column(_("What may happen"), b.Kind.TEXT, weight=34),
        b.Column(_("Likelihood × impact"), b.Kind.TEXT, weight=14),
        b.Column(_("What we do about it"), b.Kind.TEXT, weight=40),
        b.Column(_("Next review"), b.Kind.DATE),
    )
    rows = tuple((each.title, f"{each.likelihood} × {each.impact}", each.mitigation, each.review_on) for each in risks)
    return (b.Heading(1, _("Risks")), b.Table(_("Open risks, worst first"), columns, rows, name=_("Risks")))


def _method(order: Order) -> tuple[b.Block, ...]:
    text = _(
        "Method. Only approved figures are counted. Across partners and across time each indicator is combined by its"
        " own method; parts of a ratio are added first and divided once. Progress runs from the baseline to the final"
        " target; “of plan” compares with the target of the last closed period. “Not reported” is never counted as"
        " nought. Figures of fewer than %(count)s people are hidden, with a second one where subtraction would give"
        " them away. People and messages are never added to each other."
    ) % {"count": results.small_cell()}
    return (b.Text((text,), b.Style.SMALL),)


REPORT = Report(
    code=CODE,
    title=gettext_lazy("Project progress report"),
    summary=gettext_lazy(
        "Results against plan, money and risks, beside what people say they need and what was changed."
    ),
    parameters=(
        Parameter("project", Takes.PROJECT, gettext_lazy("Project"), is_required=True),
        Parameter("as_of", Takes.DAY, gettext_lazy("To this day"), gettext_lazy("Without one: today.")),
    ),
    rule="reports.make_project_report",
    gather=gather,
)
