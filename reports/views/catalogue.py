"""The catalogue of reports, and asking for one."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from kmop.shared.access import ask
from kmop.shared.views import FormPage, PortalView
from reports.catalogue.registry import Report, report_of, reports
from reports.forms import ReportForm
from reports.services.runs import ask_for_report
from reports.views.tabs import report_tabs


class CatalogueView(PortalView):
    """Which reports there are, and what each tells."""

    permission = "reports.see"
    template_name = "reports/catalogue/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reports, and whether this person makes any."""
        rows = [
            {
                "title": report.title,
                "summary": report.summary,
                "make_url": reverse("reports:make", args=[code]),
                "schedule_url": reverse("reports:schedule-new", args=[code]),
            }
            for code, report in reports().items()
        ]
        refused = ask(self.me, "reports.make").reason
        return super().get_context_data(reports=rows, refused=refused, tabs=report_tabs("catalogue"), **kwargs)


class OneReport:
    """The report that the address names."""

    kwargs: dict[str, Any]

    @cached_property
    def report(self) -> Report:
        """Or 404."""
        try:
            return report_of(self.kwargs["report"])
        except LookupError as error:
            raise Http404(self.kwargs["report"]) from error


class MakeView(OneReport, FormPage):
    """Ask for a report; the next page shows its making."""

    permission = "reports.make"
    template_name = "reports/catalogue/make.html"
    form_class = ReportForm

    def form_options(self) -> dict[str, Any]:
        """The report's parameters; what the address names is chosen already."""
        options: dict[str, Any] = {"report": self.report, "user": self.me}
        if self.request.method == "GET":
            options["initial"] = self.request.GET.dict()
        return options

    def save(self, form: ReportForm) -> str:
        """Ask for it."""
        formats = form.cleaned_data["formats"]
        run = ask_for_report(report=self.report, params=form.params(), formats=formats, by=self.me)
        return reverse("reports:run", args=[run.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the report tells, and the way back."""
        crumbs = [{"label": _("Reports"), "url": reverse("reports:catalogue")}, {"label": self.report.title}]
        return {**super().get_context_data(**kwargs), "report": self.report, "crumbs": crumbs}
