"""A framework copied from another project or made from a template, after a look; templates kept, and their list."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.tables import Column
from kmop.shared.views import ListPage
from kmop.shared.views.base import add_errors
from projects.filters.definitions import TemplateFilter
from projects.forms.frameworks import CopyForm, TemplateForm
from projects.models import FrameworkTemplate
from projects.services.frameworks import make_framework, preview_framework, save_template, shape_of
from projects.views.part import ProjectFormPage

TEMPLATES = "/library/templates/"


class CopyFrameworkView(ProjectFormPage):
    """Choose a framework, see what it would make, make it."""

    part = "results"
    permission = "projects.manage_framework"
    form_class = CopyForm
    heading = gettext_lazy("Copy a framework")
    lead = gettext_lazy(
        "Results and indicators as they are defined there; the periods are made by this project’s own days."
    )
    submit = gettext_lazy("See what it would make")
    back = "results/"

    def head_acts(self) -> list[dict[str, Any]]:
        """The list of templates."""
        return [self.act_button(_("Templates"), TEMPLATES, "projects.manage_lists", icon="files")]

    def form_options(self) -> dict[str, Any]:
        """Frameworks that this person sees."""
        return {"project": self.project, "user": self.me}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Look, or make it."""
        form: Any = self.get_form(data=request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        asked = {name: form.cleaned_data[name] for name in ("with_baselines", "with_targets")}
        shape = self._shape(form)
        if form.cleaned_data["step"] != "save":
            return self._looked(form, preview_framework(shape=shape, project=self.project, by=self.me, **asked))
        try:
            made = make_framework(shape=shape, project=self.project, by=self.me, **asked)
        except ValidationError as error:
            add_errors(form, error)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        words = _("%(results)d results and %(indicators)d indicators were made.")
        messages.success(request, words % {"results": len(made.results), "indicators": len(made.indicators)})
        return redirect(self.back_url)

    def _shape(self, form: Any) -> Mapping[str, Any]:
        origin = form.cleaned_data["origin"]
        template = form.templates.get(origin)
        return template.shape if template else shape_of(form.projects[origin])

    def _looked(self, form: Any, found: Any) -> HttpResponseBase:
        self.template_name = "projects/frameworks/preview.html"
        kept = [(name, form[name].value()) for name in ("origin", "with_baselines", "with_targets")]
        context = self.get_context_data(form=form, found=found, kept=[one for one in kept if one[1]])
        return self.render_to_response(context, status=422 if found.problems else 200)


class SaveTemplateView(ProjectFormPage):
    """Keep the project's framework under a name."""

    part = "settings"
    permission = "projects.manage_framework"
    form_class = TemplateForm
    heading = gettext_lazy("Keep the framework as a template")
    lead = gettext_lazy("Results, indicators, baselines and targets as they are now; no periods, places or partners.")
    back = "settings/"

    def save(self, form: Any) -> str:
        """Call the service."""
        save_template(project=self.project, by=self.me, **form.cleaned_data)
        messages.success(self.request, _("The template was saved. Other projects can begin with it."))
        return TEMPLATES


class TemplatesView(ListPage):
    """The templates, with where each came from."""

    permission = "projects.manage_lists"
    title = gettext_lazy("Templates of frameworks")
    filterset_class = TemplateFilter
    default_sort = "name"
    export_name = "framework-templates"
    empty_title = gettext_lazy("No template yet.")
    empty_text = gettext_lazy("A project’s framework is kept as one from its settings.")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: row.name, ("name",)),
        Column("description", gettext_lazy("What it is for"), lambda row: row.description),
        Column("results", gettext_lazy("Results"), lambda row: row.results, ("results",), True),
        Column("indicators", gettext_lazy("Indicators"), lambda row: row.indicators, ("indicators",), True),
        Column("by", gettext_lazy("Who"), lambda row: str(row.made_by)),
        Column("at", gettext_lazy("Time"), lambda row: row.created_at, ("created_at",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them, without their content."""
        return FrameworkTemplate.objects.visible_to(self.me).select_related("made_by").defer("shape")
