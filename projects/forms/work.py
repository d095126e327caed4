"""What a person writes about activities, deliverables, milestones and risks."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import UserKind
from kmop.accounts.models import User
from kmop.shared.forms import DayField, TextsForm
from partners.models import Organisation
from projects.choices import WorkState
from projects.models import Activity, Project, Result

SCALE = [(number, str(number)) for number in range(1, 6)]


def partners_of(project: Project) -> Any:
    """The organisations of a project, by name."""
    return Organisation.objects.filter(partnerships__project=project).distinct().order_by("name")


def people_of(project: Project) -> Any:
    """Who may own something in a project: people with a role in it or in one of its organisations."""
    named = Q(project_roles__project=project) | Q(memberships__organisation__partnerships__project=project)
    return User.objects.filter(named, kind=UserKind.PERSON, is_active=True).distinct().order_by("name")


class ActivityForm(TextsForm):
    """An activity."""

    texts = {"titles": (_("Title"), True, False)}
    first = ("code", "package")

    code = forms.CharField(label=_("Code"), max_length=40)
    package = forms.CharField(label=_("Work package"), max_length=60, required=False)
    result = forms.ModelChoiceField(label=_("Result it serves"), queryset=Result.objects.none(), required=False)
    organisation = forms.ModelChoiceField(label=_("Partner"), queryset=Organisation.objects.none(), required=False)
    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none(), required=False)
    starts_on = DayField(label=_("Planned start"))
    ends_on = DayField(label=_("Planned end"))
    started_on = DayField(label=_("Started"), required=False)
    ended_on = DayField(label=_("Ended"), required=False)
    progress = forms.IntegerField(label=_("Progress, percent"), min_value=0, max_value=100, initial=0)
    state = forms.ChoiceField(label=_("State"), choices=WorkState.choices)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].queryset = project.results.all()  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = partners_of(project)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people_of(project)  # type: ignore[attr-defined]


class DeliverableForm(TextsForm):
    """A deliverable."""

    texts = {"titles": (_("Title"), True, False)}
    first = ("code",)

    code = forms.CharField(label=_("Code"), max_length=40)
    activity = forms.ModelChoiceField(label=_("Activity"), queryset=Activity.objects.none(), required=False)
    organisation = forms.ModelChoiceField(label=_("Partner"), queryset=Organisation.objects.none(), required=False)
    ends_on = DayField(label=_("Planned day"))
    ended_on = DayField(label=_("Delivered on"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=WorkState.choices)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].queryset = project.activities.all()  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = partners_of(project)  # type: ignore[attr-defined]


class MilestoneForm(TextsForm):
    """A milestone."""

    texts = {"titles": (_("Title"), True, False)}
    first = ("code",)

    code = forms.CharField(label=_("Code"), max_length=40)
    ends_on = DayField(label=_("Planned day"))
    ended_on = DayField(label=_("Reached on"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=WorkState.choices)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class RiskForm(forms.Form):
    """A risk; likelihood and impact from 1 to 5."""

    title = forms.CharField(label=_("What may happen"), max_length=300)
    mitigation = forms.CharField(
        label=_("What we do about it"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    likelihood = forms.TypedChoiceField(label=_("Likelihood, 1 to 5"), choices=SCALE, coerce=int)
    impact = forms.TypedChoiceField(label=_("Impact, 1 to 5"), choices=SCALE, coerce=int)
    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none(), required=False)
    review_on = DayField(label=_("Next review"), required=False)
    closed_on = DayField(label=_("Closed on"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_of(project)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return dict(self.cleaned_data)
