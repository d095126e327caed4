"""Forms that add or change one thing of a project: shown with what is there, saved through one service."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.errors import Sentence
from kmop.shared.views import ChangesRow, FormPage
from projects.views.part import ProjectFormPage


class AddPage(ProjectFormPage):
    """Add one thing: `service(project=..., by=..., **facts)`."""

    abstract = True
    service: ClassVar[Callable[..., Any]]

    def form_options(self) -> dict[str, Any]:
        """The project whose partners and people can be chosen."""
        return {"project": self.project, "initial": self.initial()}

    def initial(self) -> dict[str, Any]:
        """What stands in the form at first."""
        return {}

    def save(self, form: Any) -> str:
        """Call the service."""
        type(self).service(project=self.project, by=self.me, **form.facts())
        messages.success(self.request, _("It was added."))
        return self.back_url


class ChangePage(ChangesRow, ProjectFormPage):
    """Change one thing: `service(obj=..., changes=..., expected_version=..., by=...)`."""

    abstract = True
    service: ClassVar[Callable[..., Any]]
    model: ClassVar[Any]

    @cached_property
    def row(self) -> Any:
        """The thing of the address, of this project."""
        rows = self.model.objects.visible_to(self.me).filter(project=self.project)
        return get_object_or_404(rows, pk=self.kwargs["row"])

    def form_options(self) -> dict[str, Any]:
        """The project, and what is there."""
        return {"project": self.project, "initial": forms.model_to_dict(self.row)}

    def versioned(self) -> Any:
        """The thing."""
        return self.row

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        version = changes.pop("version")
        type(self).service(obj=self.row, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url


class PlainFormPage(FormPage):
    """A form outside of projects. Declare `heading`, `form_class`, `home` (label and address of the list above it)."""

    abstract = True
    template_name = "projects/plain_form.html"
    heading: ClassVar[Sentence] = ""
    lead: ClassVar[Sentence] = ""
    submit: ClassVar[Sentence] = gettext_lazy("Save")
    home: ClassVar[tuple[Sentence, str]]

    @property
    def back_url(self) -> str:
        """Where the form leads when it is done or left."""
        return self.home[1]

    def get_heading(self) -> Sentence:
        """What the form is about."""
        return self.heading

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the words and the way back."""
        heading = self.get_heading()
        return super().get_context_data(
            title=heading,
            lead=self.lead,
            submit=self.submit,
            back_url=self.back_url,
            crumbs=[{"label": str(self.home[0]), "url": self.home[1]}, {"label": str(heading)}],
            **kwargs,
        )


class PlainChangePage(ChangesRow, PlainFormPage):
    """A form outside of projects that changes `row`, named by itself; the fields `kept` are shown and stay."""

    abstract = True
    kept: ClassVar[tuple[str, ...]] = ("code",)
    row: Any

    def get_heading(self) -> Sentence:
        """Named by itself."""
        return str(self.row)

    def versioned(self) -> Any:
        """The row."""
        return self.row

    def get_form(self, **given: Any) -> forms.BaseForm:
        """What stays can't be typed into."""
        form = super().get_form(**given)
        for name in self.kept:
            form.fields[name].disabled = True
        return form
