"""Project > Workplan: what is done when, what is late, and what may go wrong."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.charts.spans import Axis, scale, span
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from projects.choices import UNFINISHED, WorkState
from projects.filters.parts import ActivityFilter, DeliverableFilter, MilestoneFilter, RiskFilter
from projects.models import Activity, Deliverable, Milestone, Risk
from projects.views.part import ProjectListPage, ProjectPage, ProjectPart

LOOKS = {
    WorkState.PLANNED: ("", "circle-dashed"),
    WorkState.RUNNING: ("info", "circle-play"),
    WorkState.DONE: ("ok", "circle-check"),
    WorkState.DROPPED: ("", "circle-slash-2"),
}
VIEWS = (
    ("", gettext_lazy("Plan")),
    ("activities/", gettext_lazy("Activities")),
    ("deliverables/", gettext_lazy("Deliverables")),
    ("milestones/", gettext_lazy("Milestones")),
    ("risks/", gettext_lazy("Risks")),
)


def state_badge(row: Any, day: date) -> Badge:
    """Where something planned stands; late where its day has passed."""
    if row.is_late_on(day):
        days = (day - row.ends_on).days
        return Badge(ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}, "bad", "calendar-x")
    state, icon = LOOKS[WorkState(row.state)]
    return Badge(WorkState(row.state).label, state, icon)


class WorkplanPart(ProjectPart):
    """Mixin: the head and the views of the workplan."""

    part = "workplan"
    view = ""

    def segments(self) -> list[Link]:
        """The plan and its lists."""
        url = f"{self.base}workplan/"
        return [Link(label, f"{url}{path}", path == self.view) for path, label in VIEWS]

    @cached_property
    def may_manage(self) -> bool:
        """May this person change the workplan?"""
        return bool(ask(self.user, "projects.manage_workplan", self.project))

    def head_acts(self) -> list[dict[str, Any]]:
        """Add an activity, add a risk."""
        url = f"{self.base}workplan/"
        return [
            self.act_button(_("Add a risk"), f"{url}risks/new/", "projects.manage_risks", icon="triangle-alert"),
            self.act_button(
                _("Add an activity"), f"{url}activities/new/", "projects.manage_workplan", icon="plus", kind="main"
            ),
        ]


class WorkplanView(WorkplanPart, ProjectPage):
    """Activities as bars by work package, the late ones first; what is handed over; risks."""

    template_name = "projects/workplan/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plan."""
        activities = list(
            Activity.objects.visible_to(self.me).filter(project=self.project).select_related("organisation")
        )
        handed = self._handed_over()
        risks = Risk.objects.open().worst_first().visible_to(self.me).filter(project=self.project)
        late = [one for one in [*activities, *handed] if one.is_late_on(self.day)]
        axis = self._axis([*activities, *handed])
        return super().get_context_data(
            packages=list(self._packages(activities, axis)) if axis else [],
            scale=scale(axis) if axis else "",
            late=self._late_words(late),
            handed=[self._handed_row(one) for one in handed if one.state in UNFINISHED][:8],
            risks=[self._risk_row(one) for one in risks.select_related("owner")],
            **kwargs,
        )

    def _handed_over(self) -> list[Any]:
        rows: list[Any] = []
        for model in (Deliverable, Milestone):
            rows += model.objects.visible_to(self.me).filter(project=self.project)
        return sorted(rows, key=lambda one: (one.ends_on, one.code))

    def _axis(self, rows: Sequence[Any]) -> Axis | None:
        starts = [one.starts_on for one in rows if hasattr(one, "starts_on")]
        days = [*starts, *(one.ends_on for one in rows), *filter(None, [self.project.starts_on, self.project.ends_on])]
        return Axis(min(days), max(days)) if rows else None

    def _packages(self, activities: Iterable[Activity], axis: Axis) -> Iterable[dict[str, Any]]:
        """The late ones first, then each work package."""
        groups: dict[str, list[Activity]] = {}
        for one in activities:
            groups.setdefault("" if one.is_late_on(self.day) else one.package or _("Other activities"), []).append(one)
        for name in sorted(groups):
            rows = sorted(groups[name], key=lambda one: (one.ends_on if not name else one.starts_on, one.pk))
            yield {
                "title": name or _("Late"),
                "is_late": not name,
                "rows": [self._activity_row(one, axis) for one in rows],
            }

    def _activity_row(self, one: Activity, axis: Axis) -> dict[str, Any]:
        dates = formats.date_range(one.starts_on, one.ends_on)
        share = formats.percent(one.progress / 100)
        return {
            "code": one.code,
            "title": in_language(one.titles),
            "url": f"{self.base}workplan/activities/{one.pk}/" if self.may_manage else "",
            "partner": one.organisation.name if one.organisation else "",
            "dates": dates,
            "bar": span(
                axis,
                one.starts_on,
                one.ends_on,
                today=self.day,
                done=1.0 if one.state == WorkState.DONE else one.progress / 100,
                is_late=one.is_late_on(self.day),
                title=_("%(dates)s, %(share)s done") % {"dates": dates, "share": share},
            ),
            "progress": share,
            "badge": state_badge(one, self.day),
        }

    def _late_words(self, late: Sequence[Any]) -> str:
        if not late:
            return ""
        names = ", ".join(str(one) for one in sorted(late, key=lambda one: one.ends_on)[:3])
        words = ngettext("%(n)d thing is late", "%(n)d things are late", len(late)) % {"n": len(late)}
        return f"{words}: {names}{'…' if len(late) > 3 else '.'}"

    def _handed_row(self, one: Any) -> dict[str, Any]:
        kind = _("Deliverable") if isinstance(one, Deliverable) else _("Milestone")
        path = "deliverables" if isinstance(one, Deliverable) else "milestones"
        return {
            "badge": state_badge(one, self.day),
            "title": str(one),
            "url": f"{self.base}workplan/{path}/{one.pk}/" if self.may_manage else "",
            "sub": f"{kind} · {formats.day(one.ends_on)}",
        }

    def _risk_row(self, risk: Risk) -> dict[str, Any]:
        said = _("likely %(likelihood)d × impact %(impact)d") % {"likelihood": risk.likelihood, "impact": risk.impact}
        review = _("review %(day)s") % {"day": formats.day(risk.review_on)} if risk.review_on else ""
        return {
            "badge": risk.score_badge,
            "title": risk.title,
            "url": f"{self.base}workplan/risks/{risk.pk}/" if self.may_manage else "",
            "sub": " · ".join(filter(None, [said, str(risk.owner or ""), review, risk.mitigation])),
        }


class WorkListPage(WorkplanPart, ProjectListPage):
    """A list of the workplan."""

    abstract = True
    model: Any = None

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of this project that the person sees."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.me).filter(project=self.project)
        return rows.select_related(*self.related())

    def related(self) -> tuple[str, ...]:
        """What a row shows of others."""
        return ("project",)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The badge of each row on this day."""
        for row in rows:
            row.badge = row.score_badge if isinstance(row, Risk) else state_badge(row, self.day)
        return rows

    def row_url(self, row: Any) -> str:
        """To its form, for those who may change it."""
        return f"{self.base}workplan/{self.view}{row.pk}/" if self.may_manage else ""

    def empty_action(self) -> Link | None:
        """Add the first one."""
        return Link(_("Add the first one"), f"{self.base}workplan/{self.view}new/") if self.may_manage else None


CODE = Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",))
TITLE = Column("title", gettext_lazy("Title"), lambda row: in_language(row.titles))
PARTNER = Column("partner", gettext_lazy("Partner"), lambda row: str(row.organisation or ""), ("organisation__name",))
STATE = Column("state", gettext_lazy("State"), lambda row: row.badge, ("state", "ends_on"))


class ActivitiesView(WorkListPage):
    """All activities."""

    model = Activity
    view = "activities/"
    title = gettext_lazy("Activities")
    filterset_class = ActivityFilter
    default_sort = "ends_on"
    export_name = "activities"
    empty_title = gettext_lazy("No activity is planned yet.")
    columns = (
        CODE,
        TITLE,
        Column("package", gettext_lazy("Work package"), lambda row: row.package, ("package", "starts_on")),
        PARTNER,
        Column("starts_on", gettext_lazy("From"), lambda row: row.starts_on, ("starts_on",)),
        Column("ends_on", gettext_lazy("To"), lambda row: row.ends_on, ("ends_on",)),
        Column(
            "progress",
            gettext_lazy("Progress"),
            lambda row: formats.percent(row.progress / 100),
            ("progress",),
            True,
            lambda row: row.progress,
        ),
        STATE,
    )

    def related(self) -> tuple[str, ...]:
        """The partner."""
        return ("organisation",)


class DeliverablesView(WorkListPage):
    """All deliverables."""

    model = Deliverable
    view = "deliverables/"
    title = gettext_lazy("Deliverables")
    filterset_class = DeliverableFilter
    default_sort = "ends_on"
    export_name = "deliverables"
    empty_title = gettext_lazy("No deliverable is planned yet.")
    columns = (
        CODE,
        TITLE,
        PARTNER,
        Column("ends_on", gettext_lazy("Planned day"), lambda row: row.ends_on, ("ends_on",)),
        Column("ended_on", gettext_lazy("Delivered on"), lambda row: row.ended_on, ("ended_on",)),
        STATE,
    )

    def related(self) -> tuple[str, ...]:
        """The partner."""
        return ("organisation",)


class MilestonesView(WorkListPage):
    """All milestones."""

    model = Milestone
    view = "milestones/"
    title = gettext_lazy("Milestones")
    filterset_class = MilestoneFilter
    default_sort = "ends_on"
    export_name = "milestones"
    empty_title = gettext_lazy("No milestone is planned yet.")
    columns = (
        CODE,
        TITLE,
        Column("ends_on", gettext_lazy("Planned day"), lambda row: row.ends_on, ("ends_on",)),
        Column("ended_on", gettext_lazy("Reached on"), lambda row: row.ended_on, ("ended_on",)),
        STATE,
    )


class RisksView(WorkListPage):
    """All risks, the worst first."""

    model = Risk
    view = "risks/"
    title = gettext_lazy("Risks")
    filterset_class = RiskFilter
    default_sort = "-score"
    export_name = "risks"
    empty_title = gettext_lazy("No risk is written down yet.")
    columns = (
        Column("title", gettext_lazy("What may happen"), lambda row: row.title, ("title",)),
        Column(
            "score",
            gettext_lazy("Score"),
            lambda row: row.badge,
            ("score",),
            export=lambda row: row.severity,
        ),
        Column("likelihood", gettext_lazy("Likelihood"), lambda row: row.likelihood, ("likelihood",), True),
        Column("impact", gettext_lazy("Impact"), lambda row: row.impact, ("impact",), True),
        Column("mitigation", gettext_lazy("What we do about it"), lambda row: row.mitigation),
        Column("owner", gettext_lazy("Who looks after it"), lambda row: str(row.owner or ""), ("owner__name",)),
        Column("review_on", gettext_lazy("Next review"), lambda row: row.review_on, ("review_on",)),
        Column("closed_on", gettext_lazy("Closed on"), lambda row: row.closed_on, ("closed_on",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With the score to sort by."""
        rows: QuerySet[Any] = super().get_queryset().annotate(score=F("likelihood") * F("impact"))
        return rows

    def related(self) -> tuple[str, ...]:
        """Who looks after it."""
        return ("owner",)
