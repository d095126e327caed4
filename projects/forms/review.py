"""Reasons and notes about updates."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why an approved figure is corrected."""

    reason = forms.CharField(
        label=_("Why the figures are corrected"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
