"""Project > Results > Theory of change: a picture, and what must hold for it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.charts.chain import Box, Joint, chain
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from projects.choices import AssumptionOutcome, ResultLevel
from projects.filters.theory import AssumptionFilter
from projects.forms.theory import AssumptionForm, TestForm
from projects.models import Assumption
from projects.queries.theory import Theory, theory
from projects.services.theory import add_assumption, change_assumption, record_test
from projects.views.changing import AddPage, ChangePage
from projects.views.part import ProjectListPage, ProjectPart

LOOKS = {
    AssumptionOutcome.UNTESTED: ("", "circle-dashed"),
    AssumptionOutcome.HOLDS: ("ok", "circle-check"),
    AssumptionOutcome.DOUBTFUL: ("warn", "circle-question-mark"),
    AssumptionOutcome.BROKEN: ("bad", "circle-x"),
}
COLUMNS = (ResultLevel.OUTPUT, ResultLevel.OUTCOME, ResultLevel.IMPACT)
VIEWS = (
    ("", gettext_lazy("Framework")),
    ("targets/", gettext_lazy("Targets")),
    ("theory/", gettext_lazy("Theory of change")),
    ("changes/", gettext_lazy("Unplanned change")),
)


class ResultsPart(ProjectPart):
    """Mixin: the head and the views of the results."""

    part = "results"
    view = ""

    def segments(self) -> list[Link]:
        """The framework, the theory of change, unplanned change."""
        url = f"{self.base}results/"
        return [Link(label, f"{url}{path}", path == self.view) for path, label in VIEWS]


def outcome_badge(row: Assumption) -> Badge:
    """What the last test found."""
    state, icon = LOOKS[AssumptionOutcome(row.outcome)]
    return Badge(AssumptionOutcome(row.outcome).label, state, icon)


def picture(found: Theory, numbers: dict[int, int]) -> Any:
    """The results as boxes from outputs to impact, the assumptions as numbered marks on the ways between them."""
    heads = [level for level in COLUMNS if any(one.level == level for one in found.results)]
    if not heads:
        return None
    boxes = [
        Box(
            one.pk,
            heads.index(ResultLevel(one.level)),
            one.parent_id,
            f"{ResultLevel(one.level).label} {one.code}",
            in_language(one.titles),
        )
        for one in found.results
    ]
    joints = [
        Joint(
            one.cause_id,
            one.effect_id,
            f"{numbers[one.pk]} {AssumptionOutcome(one.outcome).label}",
            f"c-{one.outcome}",
        )
        for one in found.assumptions
    ]
    title = _("From %(first)s to %(last)s: %(words)s") % {
        "first": str(heads[0].label).lower(),
        "last": str(heads[-1].label).lower(),
        "words": standing(found),
    }
    return chain([str(one.label) for one in heads], boxes, joints, title=title)


def standing(found: Theory) -> str:
    """How the assumptions stand, in a sentence."""
    count = len(found.assumptions)
    if not count:
        return _("No assumption is written down yet.")
    words = ngettext("%(n)d assumption", "%(n)d assumptions", count) % {"n": count}
    parts = [
        f"{found.count(outcome)} {str(outcome.label).lower()}"
        for outcome in reversed(AssumptionOutcome)
        if found.count(outcome)
    ]
    return f"{words}: {', '.join(parts)}."


class TheoryView(ResultsPart, ProjectListPage):
    """The picture, and below it the assumptions as a list."""

    template_name = "projects/results/theory.html"
    view = "theory/"
    title = gettext_lazy("Theory of change")
    filterset_class = AssumptionFilter
    default_sort = "number"
    export_name = "assumptions"
    empty_title = gettext_lazy("No assumption is written down yet.")
    empty_text = gettext_lazy("Say what must hold for one result to lead to the next, and how you will know.")
    columns = (
        Column("number", gettext_lazy("No."), lambda row: row.number, ("pk",)),
        Column("text", gettext_lazy("What must hold"), lambda row: row.text),
        Column("path", gettext_lazy("From → to"), lambda row: f"{row.cause.code} → {row.effect.code}"),
        Column("outcome", gettext_lazy("Outcome"), lambda row: row.badge, ("outcome", "due_on")),
        Column("test", gettext_lazy("How it is tested"), lambda row: row.test),
        Column("due_on", gettext_lazy("Next test"), lambda row: row.due, ("due_on",), export=lambda row: row.due_on),
        Column("owner", gettext_lazy("Who looks after it"), lambda row: str(row.owner or ""), ("owner__name",)),
    )

    @cached_property
    def found(self) -> Theory:
        """Results and assumptions."""
        return theory(self.project, user=self.me)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each assumption, as the picture and the list show it."""
        return {one.pk: number for number, one in enumerate(self.found.assumptions, 1)}

    def get_queryset(self) -> QuerySet[Any]:
        """The assumptions of this project."""
        rows = Assumption.objects.visible_to(self.me).filter(project=self.project)
        found: QuerySet[Any] = rows.select_related("cause", "effect", "owner")
        return found

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Number, badge and next day of each."""
        for row in rows:
            row.number, row.badge = self.numbers[row.pk], outcome_badge(row)
            overdue = Badge(_("Overdue since %(day)s") % {"day": formats.day(row.due_on)}, "bad", "calendar-x")
            row.due = overdue if row.is_overdue_on(self.day) else row.due_on
        return rows

    def row_url(self, row: Any) -> str:
        """To the record of a test, for those who may make one."""
        return f"{self.base}results/theory/{row.pk}/test/" if ask(self.me, "projects.test_assumption", row) else ""

    def empty_action(self) -> Link | None:
        """Write the first one."""
        may = ask(self.me, "projects.manage_framework", self.project)
        return Link(_("Write the first one"), f"{self.base}results/theory/new/") if may else None

    def head_acts(self) -> list[dict[str, Any]]:
        """Add an assumption."""
        return [
            self.act_button(
                _("Add an assumption"),
                f"{self.base}results/theory/new/",
                "projects.manage_framework",
                icon="plus",
                kind="main",
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the picture, how the assumptions stand, and what older plans say in words."""
        said = [
            {"title": f"{one.code} {in_language(one.titles)}", "text": one.assumptions}
            for one in self.found.results
            if one.assumptions
        ]
        return super().get_context_data(
            picture=picture(self.found, self.numbers), standing=standing(self.found), said=said, **kwargs
        )


class AddAssumptionView(ResultsPart, AddPage):
    """A new assumption."""

    permission = "projects.manage_framework"
    form_class = AssumptionForm
    service = staticmethod(add_assumption)
    heading = gettext_lazy("A new assumption")
    back = "results/theory/"
    view = "theory/"


class ChangeAssumptionView(ResultsPart, ChangePage):
    """What must hold, how it is tested and by whom is changed."""

    permission = "projects.manage_framework"
    form_class = AssumptionForm
    model = Assumption
    service = staticmethod(change_assumption)
    heading = gettext_lazy("Assumption")
    back = "results/theory/"
    view = "theory/"


class TestAssumptionView(ResultsPart, ChangePage):
    """What a test found."""

    __test__ = False  # no test of pytest's
    permission = "projects.test_assumption"
    template_name = "projects/results/test.html"
    form_class = TestForm
    model = Assumption
    submit = gettext_lazy("Record the test")
    back = "results/theory/"
    view = "theory/"

    def permission_object(self) -> Any:
        """The rule is asked of the assumption."""
        return self.row

    def form_options(self) -> dict[str, Any]:
        """Today."""
        return {"initial": {"tested_on": self.day, "evidence": self.row.evidence}}

    def get_heading(self) -> str:
        """What must hold."""
        return str(self.row.text)

    def get_lead(self) -> str:
        """How it is tested."""
        return str(self.row.test)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the badge, and the way to change the assumption itself."""
        act = self.act_button(
            _("Change the assumption"), f"{self.base}results/theory/{self.row.pk}/", "projects.manage_framework"
        )
        return super().get_context_data(badge=outcome_badge(self.row), act=act, **kwargs)

    def save(self, form: Any) -> str:
        """Call the service."""
        facts = form.facts()
        record_test(obj=self.row, expected_version=facts.pop("version"), by=self.me, **facts)
        messages.success(self.request, _("The test was recorded."))
        return self.back_url
