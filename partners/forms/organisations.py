"""What a person writes about an organisation and its people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.countries import country_choices
from kmop.shared.forms import TextsForm
from partners.choices import IatiType, MembershipRole, Sector


class OrganisationForm(TextsForm):
    """The data of an organisation."""

    texts = {"names": (_("Name"), False, False)}
    first = ("code", "name")

    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("Short, and never changed: AKT."))
    name = forms.CharField(label=_("Name"), max_length=500)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    iati_type = forms.ChoiceField(
        label=_("IATI organisation type"), choices=[("", "–"), *IatiType.choices], required=False
    )
    iati_identifier = forms.CharField(label=_("IATI identifier"), max_length=200, required=False)
    description = forms.CharField(
        label=_("What it does"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    countries = forms.MultipleChoiceField(label=_("Countries"), required=False, widget=forms.SelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"].choices = country_choices()  # type: ignore[attr-defined]


class MembershipForm(forms.Form):
    """Letting a person belong to the organisation."""

    email = forms.EmailField(label=_("E-mail of the person"))
    role = forms.ChoiceField(label=_("Role"), choices=MembershipRole.choices)

    def clean_email(self) -> User:
        """The person with that address."""
        found = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None or found.is_service:
            raise forms.ValidationError(_("Nobody with this address uses the portal yet. Invite her first."))
        return found
