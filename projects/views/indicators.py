"""An indicator is added to a framework, with a worked example of its methods before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.choices import Measure
from projects.forms.measures import IndicatorForm
from projects.services.results import add_indicator
from projects.views.indicator_example import worked_example
from projects.views.part import ProjectFormPage

EXAMPLE = "example"


class WithExample(ProjectFormPage):
    """A form of an indicator with a worked example of what stands in it, on demand and before anything is saved."""

    abstract = True
    template_name = "projects/results/indicator.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the example."""
        shown = super().get_context_data(**kwargs)
        form = shown["form"]
        said = {**self.unsaid(), **(form.data.dict() if form.is_bound else form.initial)}
        return {**shown, "example": worked_example(said, self.project, day=self.day)}

    def unsaid(self) -> dict[str, Any]:
        """What the form itself doesn't say."""
        return {"measure": Measure.COUNT}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the example, or go on."""
        if EXAMPLE in request.POST:
            form = self.get_form(data=request.POST)
            form.errors.clear()
            return self.render_to_response(self.get_context_data(form=form, **kwargs))
        return super().post(request, *args, **kwargs)


class AddIndicatorView(WithExample):
    """A new indicator; "Show an example" (with JavaScript: every change) works one out and saves nothing."""

    part = "results"
    permission = "projects.manage_framework"
    form_class = IndicatorForm
    heading = gettext_lazy("A new indicator")
    lead = gettext_lazy("How figures are combined is worked out below on small numbers, before you save.")
    submit = gettext_lazy("Add to the framework")
    back = "results/"

    def form_options(self) -> dict[str, Any]:
        """The project whose results can be chosen."""
        return {"project": self.project}

    def save(self, form: Any) -> str:
        """Call the service."""
        row = add_indicator(by=self.me, **form.facts())
        messages.success(self.request, _("It was added. Give it a baseline and targets."))
        return f"{self.base}results/?indicator={row.pk}#indicator-{row.pk}"
