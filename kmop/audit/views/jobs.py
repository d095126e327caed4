"""Jobs and timetable."""

from typing import Any

from celery import current_app
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.audit import services
from kmop.audit.filters import JobFilter
from kmop.audit.queries.jobs import machine_room, shown_jobs
from kmop.shared.errors import Sentence
from kmop.shared.models import Job, JobState
from kmop.shared.tables import Badge, Column
from kmop.shared.views import ActView, ListPage

STATES = {
    JobState.QUEUED: ("", "clock"),
    JobState.RUNNING: ("info", "loader-circle"),
    JobState.DONE: ("ok", "check"),
    JobState.FAILED: ("bad", "circle-x"),
}
SHOWN_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)


def state_badge(job: Job) -> Badge:
    """The state of a job, in words and colour."""
    state = JobState(job.state)
    return Badge(state.label, *STATES[state])


class JobsView(ListPage):
    """What the machine does: timetable, parked jobs, all jobs."""

    permission = "audit.manage_jobs"
    template_name = "administration/jobs.html"
    title = _("Jobs and timetable")
    filterset_class = JobFilter
    default_sort = "-created"
    export_name = "jobs"
    empty_title = _("No job yet.")
    columns = (
        Column("task", _("Job"), lambda job: job.task, sort=("task",)),
        Column("state", _("State"), state_badge, sort=("state",)),
        Column(
            "progress", _("Progress"), lambda job: f"{job.progress} %", numeric=True, export=lambda job: job.progress
        ),
        Column("tries", _("Tries"), lambda job: job.tries, sort=("tries",), numeric=True),
        Column("created", _("Since"), lambda job: job.created_at, sort=("created_at",)),
        Column("done", _("Done"), lambda job: job.done_at, sort=("done_at",)),
        Column("error", _("Last error"), lambda job: job.error),
    )

    def get_queryset(self) -> "QuerySet[Job]":
        """All jobs."""
        return shown_jobs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the timetable, the counts and the parked jobs."""
        room = machine_room(current_app.conf.timetable, now=timezone.now())
        stats = [{"label": state.label, "shown": room.counts[state]} for state in SHOWN_STATES]
        lines = [(line, state_badge(line.last) if line.last else None) for line in room.lines]
        return super().get_context_data(room=room, stats=stats, lines=lines, **kwargs)


class JobRetryView(ActView):
    """Try a parked job again."""

    permission = "audit.manage_jobs"

    def act(self) -> Sentence:
        """Let it wait again."""
        services.retry_job(job=get_object_or_404(Job, pk=self.kwargs["pk"]), by=self.me)
        return _("The job waits for its next try.")

    def next_url(self) -> str:
        """Back to the jobs."""
        return reverse("audit:jobs")
