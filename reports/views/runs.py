"""The archive of reports, one run with its progress and files, and the files themselves."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.errors import Sentence
from kmop.shared.languages import shown_name
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.views import ActView, ListPage, PortalView, serve_file
from reports.catalogue.registry import reports
from reports.choices import RunState
from reports.filters import RunFilter
from reports.models import Run, RunFile
from reports.services.runs import note_download, try_again
from reports.views.tabs import report_tabs

LOOKS = {
    RunState.QUEUED: ("", "clock"),
    RunState.RUNNING: ("info", "loader-circle"),
    RunState.DONE: ("ok", "circle-check"),
    RunState.FAILED: ("bad", "circle-x"),
}
WORKING = (RunState.QUEUED, RunState.RUNNING)


def run_badge(run: Any) -> Badge:
    """Where the making stands, by word, colour and icon."""
    state = RunState(run.now)
    return Badge(state.label, *LOOKS[state])


def run_title(run: Run) -> str:
    """The report's name; its code where the catalogue has it no more."""
    report = reports().get(run.report)
    return str(report.title) if report else run.report


def run_subject(run: Run) -> str:
    """Of what the report is: the codes of project and partner."""
    return " ".join(each.code for each in (run.project, run.organisation) if each is not None)


def last_day(run: Run) -> date:
    """The last day whose figures count."""
    return date.fromisoformat(run.params["as_of"])


class ArchiveView(ListPage):
    """All reports that this person may read, newest first."""

    permission = "reports.see"
    template_name = "reports/runs/list.html"
    title = gettext_lazy("Reports")
    filterset_class = RunFilter
    default_sort = "-created"
    export_name = "reports"
    empty_title = gettext_lazy("No report was made yet.")
    columns = (
        Column("report", gettext_lazy("Report"), run_title, sort=("report",)),
        Column("subject", gettext_lazy("Of what"), run_subject),
        Column("as_of", gettext_lazy("To the day"), last_day),
        Column("language", gettext_lazy("Language"), lambda run: shown_name(run.language), sort=("language",)),
        Column("state", gettext_lazy("State"), run_badge),
        Column("created", gettext_lazy("Asked for"), lambda run: run.created_at, sort=("created_at",)),
        Column("by", gettext_lazy("By"), lambda run: str(run.asked_by)),
        Column(
            "checksum",
            gettext_lazy("SHA-256 of its data"),
            lambda run: run.frozen_sha256[:12],
            export=lambda run: run.frozen_sha256,
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The runs this person may read, without their frozen data."""
        rows = Run.objects.visible_to(self.me).with_state().defer("frozen")
        found: QuerySet[Any] = rows.select_related("project", "organisation", "asked_by")
        return found

    def row_url(self, row: Any) -> str:
        """The run's page."""
        return reverse("reports:run", args=[row.pk])

    def empty_action(self) -> Link | None:
        """Make one."""
        return Link(_("Choose a report"), reverse("reports:catalogue"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the tabs."""
        return super().get_context_data(tabs=report_tabs("runs"), **kwargs)


class OneRun:
    """The run that the address names, as far as the reader may know of it."""

    kwargs: dict[str, Any]
    request: HttpRequest

    @cached_property
    def run(self) -> Any:
        """Or 404."""
        rows = Run.objects.visible_to(self.request.user).with_state()
        related = rows.select_related("project", "organisation", "asked_by", "job")
        return get_object_or_404(related.defer("frozen"), pk=self.kwargs["pk"])

    def permission_object(self) -> Any:
        """The rule is asked of the run."""
        return self.run


class RunView(OneRun, PortalView):
    """One making: how far it is, then its files with their checksums."""

    permission = "reports.view_run"
    template_name = "reports/runs/run.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The run in words."""
        run = self.run
        title = f"{run_subject(run)} {run_title(run)}".strip()
        return super().get_context_data(
            run=run,
            title=title,
            badge=run_badge(run),
            facts=self._facts(),
            files=self._files(),
            erasures=list(run.erasures.all()),
            is_working=run.now in WORKING,
            again_refused=ask(self.me, "reports.try_again", run).reason if run.now == RunState.FAILED else None,
            crumbs=[
                {"label": _("Reports"), "url": reverse("reports:catalogue")},
                {"label": _("Archive"), "url": reverse("reports:runs")},
                {"label": title},
            ],
            **kwargs,
        )

    def _facts(self) -> list[dict[str, str]]:
        run = self.run
        asked = _("Asked for by %(name)s, %(time)s") % {"name": run.asked_by, "time": formats.moment(run.created_at)}
        day = _("Figures to %(day)s") % {"day": formats.day(last_day(run))}
        return [
            {"icon": "user", "text": asked},
            {"icon": "calendar", "text": day},
            {"icon": "languages", "text": shown_name(run.language)},
        ]

    def _files(self) -> list[dict[str, Any]]:
        run = self.run
        return [
            {
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "format": file.format.upper(),
                "url": reverse("reports:run-file", args=[run.pk, file.format]),
            }
            for file in run.files.all()
        ]


class RunFileView(OneRun, PortalView):
    """One file of a run, whole or in part."""

    permission = "reports.view_run"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The bytes; the first taking of them is remembered."""
        kept = get_object_or_404(RunFile.objects.select_related("run"), run=self.run, format=self.kwargs["format"])
        if "Range" not in request.headers:
            note_download(file=kept, by=self.me)
        return serve_file(
            request, kept.file, name=kept.name, content_type=kept.content_type, size=kept.size, sha256=kept.sha256
        )


class RunAgainView(OneRun, ActView):
    """Try a parked making again."""

    permission = "reports.view_run"

    def act(self) -> Sentence:
        """Let it wait again."""
        try_again(run=self.run, by=self.me)
        return _("The report waits for its next try.")

    def next_url(self) -> str:
        """Back to the run."""
        return reverse("reports:run", args=[self.run.pk])
