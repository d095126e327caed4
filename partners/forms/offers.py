"""What a person writes about an offer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import DayField
from partners.choices import OfferKind, OfferState, Sector
from partners.models import Offer

NOTHING = ("", "–")
STATES = [choice for choice in OfferState.choices if choice[0] in (OfferState.DRAFT, OfferState.OPEN)]


class OfferForm(forms.Form):
    """An offer; a title alone is a draft."""

    title = forms.CharField(label=_("What do you offer?"), max_length=300)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(label=_("Kind"), choices=[NOTHING, *OfferKind.choices], required=False)
    quantity = forms.DecimalField(label=_("How much"), required=False, max_digits=19, decimal_places=6)
    unit = forms.CharField(label=_("Unit"), max_length=60, required=False, help_text=_("Such as hours or beds."))
    group = forms.CharField(label=_("For whom"), max_length=200, required=False)
    sector = forms.ChoiceField(label=_("For which sector"), choices=[NOTHING, *Sector.choices], required=False)
    places = forms.ModelMultipleChoiceField(label=_("Where"), queryset=Offer.objects.none(), required=False)
    starts_on = DayField(label=_("From"), required=False)
    ends_on = DayField(label=_("Until"), required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=STATES, help_text=_("A draft is seen by your own organisation only.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = Offer._meta.get_field("places").related_model
        self.fields["places"].queryset = places.objects.visible_to(user)  # type: ignore[attr-defined]
