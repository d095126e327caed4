"""Project progress report: is it on course, and is it what people say they need? Figures and voices at equal rank."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beneficiaries.queries.voices import Voices, voices
from kmop.shared import formats
from kmop.shared.text import in_language
from projects.models import Project, UnplannedChange
from projects.queries.counting import PeopleTold, people_of
from projects.queries.framework import FrameworkTree, framework
from projects.queries.money import MoneySummary, money
from projects.queries.past import end_of
from projects.queries.theory import changes_by_result
from projects.queries.workplan import WorkSummary, workplan
from reports.catalogue import blocks as b
from reports.catalogue import progress_cover as cover
from reports.catalogue import progress_dates as dated
from reports.catalogue import progress_people as people
from reports.catalogue import progress_results as results
from reports.catalogue import progress_voices as said
from reports.catalogue import progress_work as work
from reports.catalogue.frames import meta_of
from reports.catalogue.registry import Order, Parameter, Report, Takes
from reports.queries.project_progress import LineSpending, Team, spending, team

CODE = "project-progress"
MOST_QUOTES, MOST_CHANGES = 3, 10


@dataclass(frozen=True)
class Gathered:
    """All that the report is made of, read in one snapshot."""

    tree: FrameworkTree
    voices: Voices
    money: MoneySummary
    lines: list[LineSpending]
    work: WorkSummary
    team: Team
    changes: dict[int, list[UnplannedChange]] = field(default_factory=dict)
    people: dict[int, PeopleTold] = field(default_factory=dict)


def gather(order: Order) -> b.Document:
    """The report on a project to a day, in a fixed number of statements."""
    project = order.project
    if project is None:
        raise ValueError("A progress report is about a project.")
    return document(order, project, _read(order, project))


def _read(order: Order, project: Project) -> Gathered:
    day = order.as_of
    tree = framework(project, user=order.by, day=day)
    return Gathered(
        tree=tree,
        voices=voices(
            project, day=day, answer=tree.verdict.answer, quotes=MOST_QUOTES, decisions=MOST_CHANGES, public=True
        ),
        money=money([project], day=day)[project.pk],
        lines=spending(project, day=day),
        work=workplan([project], day=day)[project.pk],
        team=team(project),
        changes=changes_by_result(project, user=order.by, day=day),
        people=people_of([one.indicator for one in tree.indicators], at=end_of(day)),
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
        cover=cover.blocks(order, project, found.tree.verdict, found.voices, found.money, found.team),
        blocks=(
            *dated.results(order, _results(order, found)),
            *dated.voices(order, said.blocks(order, found.voices)),
            *dated.money(order, work.money(order, found.money, found.lines)),
            *dated.work(order, work.late(found.work)),
            *dated.risks(order, work.risks(found.work.risks)),
            *dated.missing(order, results.missing(found.tree)),
            *_method(),
        ),
    )


def _results(order: Order, found: Gathered) -> tuple[b.Block, ...]:
    quotes = said.in_their_words(order, found.voices.quotes)
    return (*results.blocks(order, found.tree, quotes, found.changes), *people.blocks(found.tree, found.people))


def _to_whom(people: Team) -> str:
    if not people.funders:
        return ""
    return _("To %(funders)s") % {"funders": ", ".join(people.funders)}


def _method() -> tuple[b.Block, ...]:
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
