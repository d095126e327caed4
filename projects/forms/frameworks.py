"""What a person chooses when a framework is copied, and how a template is named."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import FrameworkTemplate, Project
from projects.queries.frame import project_name


class CopyForm(forms.Form):
    """Which framework is copied, and what goes along."""

    origin = forms.ChoiceField(label=_("Framework of"))
    with_baselines = forms.BooleanField(label=_("With its baselines"), required=False)
    with_targets = forms.BooleanField(label=_("With its targets"), required=False)
    step = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = Project.objects.visible_to(user).filter(results__isnull=False).exclude(pk=project.pk)
        self.projects = {f"project:{one.pk}": one for one in projects.distinct().order_by("code")}
        templates = FrameworkTemplate.objects.visible_to(user)
        self.templates = {f"template:{one.pk}": one for one in templates}
        self.fields["origin"].choices = [  # type: ignore[attr-defined]
            (_("Templates"), [(key, str(one)) for key, one in self.templates.items()]),
            (_("Projects"), [(key, f"{one.code} {project_name(one)}") for key, one in self.projects.items()]),
        ]


class TemplateForm(forms.Form):
    """The name of a template."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("What it is for"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
