"""What a person writes about corporate indicators and their parts."""

from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import TextsForm
from projects.models import Indicator, IndicatorDefinition
from projects.models.corporate import MEASURES, METHODS

LARGEST = 10**15


class FractionField(forms.CharField):
    """A factor above 0, exact: 24, 0.001 or 1/24."""

    def to_python(self, value: Any) -> Any:
        """The fraction."""
        text = str(super().to_python(value)).strip().replace(" ", "")
        if not text:
            return None
        try:
            found = Fraction(text)
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError(_("Write a number such as 24, 0.001 or 1/24."), code="invalid") from error
        if found <= 0 or max(found.numerator, found.denominator) > LARGEST:
            raise ValidationError(_("The factor is above 0, and neither part is above 10 to the 15."), code="range")
        return found


class CorporateForm(TextsForm):
    """A corporate indicator."""

    texts = {
        "titles": (_("Title"), True, False),
        "definitions": (_("Definition"), False, True),
        "units": (_("Unit"), False, False),
    }
    first = ("code",)

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short, and never changed: C-1."))
    measure = forms.ChoiceField(label=_("Measure"), choices=MEASURES)
    across_projects = forms.ChoiceField(label=_("Across projects"), choices=METHODS)
    decimals = forms.IntegerField(label=_("Decimals shown"), min_value=0, max_value=6, initial=0)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class MappingForm(forms.Form):
    """A part of a corporate indicator."""

    definition = forms.ModelChoiceField(
        label=_("All that come from this indicator of the library"),
        queryset=IndicatorDefinition.objects.none(),
        required=False,
    )
    indicator = forms.ModelChoiceField(
        label=_("Or one indicator of a project"), queryset=Indicator.objects.none(), required=False
    )
    factor = FractionField(
        label=_("Times"),
        initial="1",
        help_text=_("How many of the unit here one of its own is, exact: 24, 0.001 or 1/24."),
    )
    note = forms.CharField(
        label=_("Why one is the other"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, indicators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["definition"].queryset = IndicatorDefinition.objects.all()  # type: ignore[attr-defined]
        self.fields["indicator"].queryset = indicators  # type: ignore[attr-defined]
        self.fields["indicator"].label_from_instance = in_project  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One of the two, and one alone."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("definition")) == bool(cleaned.get("indicator")):
            self.add_error("definition", _("Choose an indicator of the library, or one of a project."))
        return cleaned


def in_project(indicator: Indicator) -> str:
    """An indicator with the code of its project."""
    return f"{indicator.project.code} / {indicator}"
