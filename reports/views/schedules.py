"""Reports made again and again."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import ActView, FormPage, ListPage
from reports.catalogue.registry import reports
from reports.choices import Every
from reports.forms import ScheduleForm
from reports.models import Schedule
from reports.services.schedules import create_schedule, set_schedule_active
from reports.views.catalogue import OneReport
from reports.views.tabs import report_tabs


def _title(schedule: Schedule) -> str:
    report = reports().get(schedule.report)
    return str(report.title) if report else schedule.report


def _subject(schedule: Schedule) -> str:
    return " ".join(schedule.params[name] for name in ("project", "organisation") if name in schedule.params)


def _state(schedule: Schedule) -> Badge:
    return Badge(_("Active"), "ok") if schedule.is_active else Badge(_("Paused"), "", "clock")


class SchedulesView(ListPage):
    """The schedules this person may see, the next one first."""

    permission = "reports.see"
    template_name = "reports/schedules/list.html"
    title = gettext_lazy("Reports")
    default_sort = "next"
    export_name = "schedules"
    empty_title = gettext_lazy("No report is scheduled.")
    empty_text = gettext_lazy("Choose one in the catalogue and say how often.")
    columns = (
        Column("report", gettext_lazy("Report"), _title, sort=("report",)),
        Column("subject", gettext_lazy("Of what"), _subject),
        Column("every", gettext_lazy("How often"), lambda schedule: str(Every(schedule.every).label), sort=("every",)),
        Column("next", gettext_lazy("Next on"), lambda schedule: schedule.next_on, sort=("next_on",)),
        Column("owner", gettext_lazy("Owner"), lambda schedule: str(schedule.owner)),
        Column("state", gettext_lazy("State"), _state, sort=("is_active",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """One's own; portfolio managers all."""
        found: QuerySet[Any] = Schedule.objects.visible_to(self.me).select_related("owner")
        return found

    def empty_action(self) -> Link | None:
        """Choose a report."""
        return Link(_("Choose a report"), reverse("reports:catalogue"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the tabs and, for each schedule, its act."""
        context = super().get_context_data(tabs=report_tabs("schedules"), **kwargs)
        acts = [
            {
                "label": f"{_title(row.source)} {_subject(row.source)}".strip(),
                "url": reverse("reports:schedule-pause", args=[row.source.pk]),
                "is_active": row.source.is_active,
            }
            for row in context["rows"]
        ]
        return {**context, "acts": acts}


class ScheduleNewView(OneReport, FormPage):
    """Say how often a report is made."""

    permission = "reports.make"
    template_name = "reports/schedules/new.html"
    form_class = ScheduleForm

    def form_options(self) -> dict[str, Any]:
        """The report's parameters."""
        return {"report": self.report, "user": self.me}

    def save(self, form: ScheduleForm) -> str:
        """Keep it."""
        values = form.cleaned_data
        create_schedule(
            report=self.report,
            params=form.params(),
            formats=values["formats"],
            every=values["every"],
            next_on=values["next_on"],
            by=self.me,
        )
        return reverse("reports:schedules")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the report tells, and the way back."""
        crumbs = [{"label": _("Reports"), "url": reverse("reports:catalogue")}, {"label": self.report.title}]
        return {**super().get_context_data(**kwargs), "report": self.report, "crumbs": crumbs}


class SchedulePauseView(ActView):
    """Pause a schedule, or let it go on."""

    permission = "reports.change_schedule"

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule, where the person may see it."""
        found: Schedule = get_object_or_404(Schedule.objects.visible_to(self.me), pk=self.kwargs["pk"])
        return found

    def permission_object(self) -> Schedule:
        """The rule is asked of the schedule."""
        return self.schedule

    def act(self) -> Sentence:
        """The other way round."""
        schedule = set_schedule_active(schedule=self.schedule, is_active=not self.schedule.is_active, by=self.me)
        return _("The schedule goes on.") if schedule.is_active else _("The schedule is paused.")

    def next_url(self) -> str:
        """Back to the schedules."""
        return reverse("reports:schedules")
