"""Forms that add or change one thing of a project: shown with what is there, saved through one service."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

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


class ChangePage(ProjectFormPage):
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

    def get_form(self, **given: Any) -> BaseForm:
        """With the version that is being changed."""
        form = super().get_form(**given)
        form.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=self.row.version)
        return form

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = form.facts()
        version = changes.pop("version")
        type(self).service(obj=self.row, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url
