"""What a person says about an API client."""

from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import DayField
from partners.choices import Scope
from partners.validators import networks_are_readable


class ClientForm(forms.Form):
    """A new API client."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Which system it is: Aktaia case management."))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Writing includes reading."),
    )
    expires_on = DayField(label=_("Last day"), required=False)
    networks = forms.CharField(
        label=_("From which networks"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as 192.0.2.0/24. None: from everywhere."),
    )

    def clean_networks(self) -> list[str]:
        """The networks, one a line."""
        named = [line.strip() for line in self.cleaned_data["networks"].splitlines() if line.strip()]
        try:
            networks_are_readable(named)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return named

    def clean_expires_on(self) -> datetime | None:
        """The end of that day."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise ValidationError(_("This day has passed."))
        return timezone.make_aware(datetime.combine(day, time.max))
