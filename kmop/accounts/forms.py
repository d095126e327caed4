"""What a person types about herself or another user."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import PortalRole


class InvitationForm(forms.Form):
    """Inviting somebody to the portal with portal-wide roles."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    roles = forms.MultipleChoiceField(
        label=_("Portal-wide roles"),
        choices=PortalRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Roles in a project or an organisation are given on their own pages."),
    )


class JoinForm(forms.Form):
    """Accepting an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A sentence is easy to remember."),
    )


class DeactivateForm(forms.Form):
    """Ending an account; open work goes to somebody."""

    to = forms.EmailField(label=_("Who takes over the open work (e-mail)"), required=False)
