"""Handing in a file for import, and deciding about it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class IatiFileForm(forms.Form):
    """An IATI activity file."""

    file = forms.FileField(
        label=_("IATI activity file"),
        help_text=_("XML of IATI 2.01 to 2.03, at most 100 MB. You see what it would do before anything is imported."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml"}),
        max_length=200,
    )


class FrameworkFileForm(forms.Form):
    """A framework workbook."""

    file = forms.FileField(
        label=_("Framework workbook"),
        help_text=_("The template, filled in (.xlsx). You see what it would do before anything is imported."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        max_length=200,
    )


class DecisionForm(forms.Form):
    """Yes to an import; what differs is updated only where that is asked for."""

    with_changes = forms.BooleanField(required=False)
