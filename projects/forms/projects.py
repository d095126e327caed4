"""What a person writes about a project itself, its partners, its legacy, and the list of focus areas."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.countries import country_choices
from kmop.shared.forms import DayField, TextsForm
from partners.models import Organisation
from projects.choices import Frequency, LegacyKind, LegacyResult, PartnershipRole, ProjectRoleName
from projects.forms.money import currency_field
from projects.forms.work import partners_of
from projects.models import FocusArea, Place, Project


class ProjectForm(TextsForm):
    """The basic data of a project."""

    texts = {
        "titles": (_("Title"), True, False),
        "short_titles": (_("Short title"), False, False),
        "descriptions": (_("What it is about"), False, True),
    }
    first = ("code",)

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Short, and never changed: STR-25."))
    starts_on = DayField(label=_("Start"), required=False)
    ends_on = DayField(label=_("End"), required=False)
    frequency = forms.ChoiceField(label=_("Figures are reported"), choices=Frequency.choices, initial=Frequency.QUARTER)
    due_days = forms.IntegerField(label=_("Days to report after a period"), min_value=0, max_value=365, initial=30)
    answer_days = forms.IntegerField(label=_("Promised days to answer"), min_value=1, max_value=90, initial=7)
    currency = currency_field()
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False, widget=forms.SelectMultiple)
    focus_areas = forms.ModelMultipleChoiceField(
        label=_("Focus areas"),
        queryset=FocusArea.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contact_phone = forms.CharField(label=_("Number to call"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"].choices = country_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The end does not lie before the start."""
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The end lies before the start."))
        return cleaned


class ActivateForm(forms.Form):
    """Opening the gate: with a ranked need that is answered, or with a reason."""

    reason = forms.CharField(
        label=_("Why no ranked need is answered"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed only where the project names no need that people ranked."),
    )


class CloseForm(forms.Form):
    """Closing a project on a day."""

    on = DayField(label=_("Closed on"))


class PartnershipForm(forms.Form):
    """Bringing an organisation into a project."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=PartnershipRole.choices)
    share = forms.DecimalField(
        label=_("Share of the money, percent"),
        required=False,
        max_digits=9,
        decimal_places=6,
        min_value=0,
        max_value=100,
    )
    reports = forms.BooleanField(label=_("Reports figures"), required=False)
    places = forms.ModelMultipleChoiceField(
        label=_("Places it reports for"),
        queryset=Place.objects.none(),
        required=False,
        help_text=_("Chosen among the places of the project; none means for all of it together."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, project: Project, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Organisation.objects.visible_to(user).order_by("name")
        self.fields["organisation"].queryset = visible  # type: ignore[attr-defined]
        self.fields["places"].queryset = project.places.all()  # type: ignore[attr-defined]


class ProjectRoleForm(forms.Form):
    """Giving a person a role in a project."""

    email = forms.EmailField(label=_("E-mail of the person"))
    role = forms.ChoiceField(label=_("Role"), choices=ProjectRoleName.choices)

    def clean_email(self) -> User:
        """The person with that address."""
        found = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody with this address uses the portal yet. Invite her first."))
        return found


class LegacyForm(TextsForm):
    """Something that is to remain."""

    texts = {"titles": (_("What is to remain"), True, False)}
    first = ("kind",)

    kind = forms.ChoiceField(label=_("Kind"), choices=LegacyKind.choices)
    future_owner = forms.ModelChoiceField(label=_("Future owner"), queryset=Organisation.objects.none(), required=False)
    handover_on = DayField(label=_("Handed over on"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["future_owner"].queryset = partners_of(project)  # type: ignore[attr-defined]


class CheckForm(forms.Form):
    """What a legacy check found."""

    result = forms.ChoiceField(label=_("What was found"), choices=LegacyResult.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("In words"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    on = DayField(label=_("Day of the check"))


class ExceptionForm(forms.Form):
    """Opening a locked stretch of time again for one partner."""

    organisation = forms.ModelChoiceField(label=_("Partner"), queryset=Organisation.objects.none())
    until = DayField(label=_("Open until"))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reporting = partners_of(project).filter(partnerships__reports=True)
        self.fields["organisation"].queryset = reporting  # type: ignore[attr-defined]


class FocusAreaForm(TextsForm):
    """A focus area."""

    texts = {"titles": (_("Title"), True, False)}
    first = ("code",)

    code = forms.SlugField(label=_("Code"), max_length=60)
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=1000, initial=0)
    is_active = forms.BooleanField(label=_("Offered"), required=False, initial=True)
