"""Project > Legacy: what will remain, who will own it, and the checks that it does."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from projects.choices import LegacyResult
from projects.filters.parts import CheckFilter, LegacyFilter
from projects.forms.projects import CheckForm, LegacyForm
from projects.models import Legacy, LegacyCheck
from projects.services import legacy
from projects.views.changing import AddPage, ChangePage
from projects.views.part import ProjectFormPage, ProjectListPage, ProjectPart

LOOKS = {
    LegacyResult.WORKS: ("ok", "circle-check"),
    LegacyResult.CHANGED: ("info", "refresh-cw"),
    LegacyResult.STOPPED: ("bad", "circle-stop"),
    LegacyResult.UNKNOWN: ("", "circle-question-mark"),
}
VIEWS = (("", gettext_lazy("What will remain")), ("checks/", gettext_lazy("Checks")))


def check_badge(check: LegacyCheck, day: Any) -> Badge:
    """What a check found; or when it is due."""
    if check.result:
        state, icon = LOOKS[LegacyResult(check.result)]
        return Badge(LegacyResult(check.result).label, state, icon)
    if check.due_on < day:
        days = (day - check.due_on).days
        return Badge(ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}, "bad", "calendar-x")
    return Badge(_("To do"), "", "circle-dashed")


class LegacyPart(ProjectPart):
    """Mixin: the head and the views of the legacy."""

    part = "legacy"
    view = ""

    @cached_property
    def may_manage(self) -> bool:
        """May this person change the legacy?"""
        return bool(ask(self.user, "projects.manage_legacy", self.project))

    def segments(self) -> list[Link]:
        """What remains, and the checks."""
        url = f"{self.base}legacy/"
        return [Link(label, f"{url}{path}", path == self.view) for path, label in VIEWS]

    def head_acts(self) -> list[dict[str, Any]]:
        """Name something more."""
        url = f"{self.base}legacy/new/"
        label = _("Add what will remain")
        return [self.act_button(label, url, "projects.manage_legacy", icon="sprout", kind="main")]


class LegacyView(LegacyPart, ProjectListPage):
    """What is to remain, with its future owner and its next check."""

    title = gettext_lazy("What will remain")
    filterset_class = LegacyFilter
    default_sort = "kind"
    export_name = "legacy"
    empty_title = gettext_lazy("Nothing is named yet that is to remain.")
    empty_text = gettext_lazy("A service, a system, a skill, a law: what will be there when the project is not?")
    columns = (
        Column("title", gettext_lazy("What"), lambda row: in_language(row.titles)),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display(), ("kind",)),
        Column(
            "owner",
            gettext_lazy("Future owner"),
            lambda row: row.future_owner.name if row.future_owner else Badge(_("Nobody yet"), "warn"),
            ("future_owner__name",),
        ),
        Column("handover_on", gettext_lazy("Handed over on"), lambda row: row.handover_on, ("handover_on",)),
        Column("last", gettext_lazy("Last check"), lambda row: row.last or ""),
        Column("next", gettext_lazy("Next check"), lambda row: row.next),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """What belongs to this project."""
        rows = Legacy.objects.visible_to(self.me).filter(project=self.project)
        found: QuerySet[Any] = rows.select_related("future_owner").prefetch_related("checks")
        return found

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The last check done and the next one due."""
        for row in rows:
            checks = list(row.checks.all())
            done = [one for one in checks if one.done_on]
            row.last = check_badge(done[-1], self.day) if done else None
            row.next = next((one.due_on for one in checks if not one.done_on), None)
        return rows

    def row_url(self, row: Any) -> str:
        """To its form, for those who may change it."""
        return f"{self.base}legacy/{row.pk}/" if self.may_manage else ""


class ChecksView(LegacyPart, ProjectListPage):
    """The checks at 6, 12, 24 and 60 months, those due first."""

    view = "checks/"
    title = gettext_lazy("Checks")
    filterset_class = CheckFilter
    default_sort = "due_on"
    export_name = "legacy-checks"
    empty_title = gettext_lazy("No check is planned yet.")
    empty_text = gettext_lazy("Checks come onto the list 6, 12, 24 and 60 months after the project is closed.")
    columns = (
        Column("what", gettext_lazy("What"), lambda row: in_language(row.legacy.titles)),
        Column("months", gettext_lazy("Months after closure"), lambda row: row.months, ("months",), True),
        Column("due_on", gettext_lazy("Due"), lambda row: row.due_on, ("due_on",)),
        Column("result", gettext_lazy("Result"), lambda row: row.badge, ("result",)),
        Column("done_on", gettext_lazy("Done on"), lambda row: row.done_on, ("done_on",)),
        Column("by", gettext_lazy("By"), lambda row: str(row.by or ""), ("by__name",)),
        Column("note", gettext_lazy("What was found"), lambda row: row.note),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The checks of this project."""
        rows = LegacyCheck.objects.visible_to(self.me).filter(legacy__project=self.project)
        found: QuerySet[Any] = rows.select_related("legacy", "by")
        return found

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The badge of each row on this day."""
        for row in rows:
            row.badge = check_badge(row, self.day)
        return rows

    def row_url(self, row: Any) -> str:
        """To its form, as long as it is to be done."""
        return f"{self.base}legacy/checks/{row.pk}/" if self.may_manage and not row.done_on else ""


class AddLegacyView(LegacyPart, AddPage):
    """Name something that is to remain."""

    permission = "projects.manage_legacy"
    form_class = LegacyForm
    service = staticmethod(legacy.add_legacy)
    heading = gettext_lazy("What will remain?")
    back = "legacy/"


class ChangeLegacyView(LegacyPart, ChangePage):
    """Change what is to remain, or who will own it."""

    permission = "projects.manage_legacy"
    form_class = LegacyForm
    model = Legacy
    heading = gettext_lazy("What will remain")
    back = "legacy/"

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        version = changes.pop("version")
        legacy.change_legacy(legacy=self.row, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url


class RecordCheckView(LegacyPart, ProjectFormPage):
    """Say what a check found."""

    permission = "projects.manage_legacy"
    form_class = CheckForm
    submit = gettext_lazy("Record the check")
    back = "legacy/checks/"
    view = "checks/"

    @cached_property
    def row(self) -> LegacyCheck:
        """The check."""
        rows = LegacyCheck.objects.visible_to(self.me).filter(legacy__project=self.project).select_related("legacy")
        found: LegacyCheck = get_object_or_404(rows, pk=self.kwargs["row"])
        return found

    def form_options(self) -> dict[str, Any]:
        """Done today, at first."""
        return {"initial": {"on": self.day}}

    def get_heading(self) -> str:
        """Named by what is looked at."""
        words = _("Is it still there? %(what)s, %(months)d months after closure")
        return words % {"what": in_language(self.row.legacy.titles), "months": self.row.months}

    def get_lead(self) -> str:
        """When it is due."""
        return _("Due %(day)s.") % {"day": formats.day(self.row.due_on)}

    def save(self, form: Any) -> str:
        """Call the service."""
        legacy.record_check(check=self.row, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("The check was recorded."))
        return self.back_url
