"""Pages of imports: hand in a file, watch it being read, see what it would do, decide."""

import io
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.errors import Sentence
from kmop.shared.tables import Badge
from kmop.shared.views import SIGNED_IN, ActView, FormPage, PortalView
from projects.choices import ImportKind, ImportState
from projects.forms.imports import DecisionForm, FrameworkFileForm, IatiFileForm
from projects.interop.workbook.template import write_template
from projects.models import ImportRun, Project
from projects.queries.imports import import_page
from projects.services.imports.runs import confirm_import, start_import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOOKS = {
    ImportState.READING: ("info", "clock"),
    ImportState.PREVIEW: ("warn", "eye"),
    ImportState.IMPORTING: ("info", "clock"),
    ImportState.DONE: ("ok", "circle-check"),
    ImportState.FAILED: ("bad", "circle-x"),
}
RECENT = 20


def badge_of(run: ImportRun) -> Badge:
    """The state of an import by word, colour and icon."""
    state, icon = LOOKS[ImportState(run.state)]
    return Badge(ImportState(run.state).label, state, icon)


class ImportsView(FormPage):
    """Hand in an IATI file; the own imports of late."""

    permission = "projects.import_iati"
    template_name = "projects/imports/start.html"
    form_class = IatiFileForm

    def save(self, form: IatiFileForm) -> str:
        """Keep the file and let it be read."""
        run = start_import(kind=ImportKind.IATI, file=form.cleaned_data["file"], by=self.me)
        return reverse("projects:import", args=[run.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the imports of late."""
        runs = ImportRun.objects.visible_to(self.me)[:RECENT]
        kwargs["runs"] = [
            {"name": run.name, "url": reverse("projects:import", args=[run.pk]), "badge": badge_of(run),
             "when": formats.moment(run.created_at)}
            for run in runs
        ]  # fmt: skip
        return super().get_context_data(**kwargs)


class FrameworkImportView(FormPage):
    """Hand in a framework workbook for a project."""

    permission = "projects.import_framework"
    template_name = "projects/imports/framework.html"
    form_class = FrameworkFileForm

    @cached_property
    def project(self) -> Project:
        """The project, where the person may see it."""
        found: Project = get_object_or_404(Project.objects.visible_to(self.me), pk=self.kwargs["pk"])
        return found

    def permission_object(self) -> Project:
        """The rule is asked of the project."""
        return self.project

    def save(self, form: FrameworkFileForm) -> str:
        """Keep the file and let it be read."""
        file = form.cleaned_data["file"]
        run = start_import(kind=ImportKind.FRAMEWORK, file=file, project=self.project, by=self.me)
        return reverse("projects:import", args=[run.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the project."""
        kwargs["project"] = self.project
        return super().get_context_data(**kwargs)


class ImportView(PortalView):
    """One import: progress while it is worked on, then counts, differences, problems and the decision."""

    permission = SIGNED_IN
    template_name = "projects/imports/run.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that the page shows; the own imports only."""
        runs = ImportRun.objects.visible_to(self.me).select_related("project", "started_by")
        run = get_object_or_404(runs, pk=self.kwargs["pk"])
        kwargs["page"] = import_page(run)
        kwargs["badge"] = badge_of(run)
        kwargs["facts"] = [{"icon": "calendar", "text": formats.moment(run.created_at)}]
        return super().get_context_data(**kwargs)


class ConfirmView(ActView):
    """Decide that a file is imported."""

    permission = SIGNED_IN

    def act(self) -> Sentence:
        """Call the service."""
        run = get_object_or_404(ImportRun.objects.visible_to(self.me), pk=self.kwargs["pk"])
        form = DecisionForm(self.request.POST)
        form.full_clean()
        confirm_import(run=run, with_changes=form.cleaned_data["with_changes"], by=self.me)
        return _("The file is being imported.")

    def next_url(self) -> str:
        """Back to the import."""
        return reverse("projects:import", args=[self.kwargs["pk"]])


class FrameworkTemplateView(PortalView):
    """The workbook to fill in, in the reader's language."""

    permission = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file, with a name that a person understands."""
        language = "el" if getattr(request, "LANGUAGE_CODE", "en") == "el" else "en"
        out = io.BytesIO()
        write_template(out, language=language)
        answer = HttpResponse(out.getvalue(), content_type=XLSX)
        answer["Content-Disposition"] = 'attachment; filename="kmop-framework-template.xlsx"'
        return answer
