"""What is said of how people are counted: the method of an indicator, the overlap of two partners."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import Organisation
from projects.choices import PeopleMethod
from projects.forms.work import partners_of
from projects.models import Project


class PeopleCountForm(forms.Form):
    """The method; none where the figures of an indicator are not people."""

    method = forms.ChoiceField(
        label=_("How people are counted"),
        required=False,
        choices=[("", _("Its figures are not people")), *PeopleMethod.choices],
        help_text=_(
            "The figure itself stays as it is. Beside it stands how many different people it is, at least and at most."
        ),
    )
    note = forms.CharField(label=_("Why so"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class OverlapForm(forms.Form):
    """How many people two partners reached both."""

    first = forms.ModelChoiceField(label=_("Partner"), queryset=Organisation.objects.none())
    second = forms.ModelChoiceField(label=_("And partner"), queryset=Organisation.objects.none())
    people = forms.IntegerField(label=_("People in both"), min_value=0, max_value=2_000_000_000)
    source = forms.CharField(
        label=_("How this is known"), max_length=2000, help_text=_("A shared list, a survey, a register.")
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = partners_of(project)  # type: ignore[attr-defined]
