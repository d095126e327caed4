"""What a person writes about how something is measured, in the library and in a framework."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import TextsForm
from projects.choices import AcrossPartners, AcrossTime, Direction, Measure
from projects.models import Dimension, Project, Result

WORDS: dict[str, Any] = {"required": False, "max_length": 5000, "widget": forms.Textarea(attrs={"rows": 3})}
BOUND: dict[str, Any] = {"max_digits": 19, "decimal_places": 6, "required": False}
OWN = ("", _("As the measure usually is"))


class MeasureForm(TextsForm):
    """Title, definition, unit, measure, methods, scale, decimals, ways to break down."""

    texts = {
        "titles": (_("Title"), True, False),
        "definitions": (_("Definition"), False, True),
        "units": (_("Unit"), False, False),
    }
    first: ClassVar[tuple[str, ...]] = ("code",)

    measure = forms.ChoiceField(label=_("Measure"), choices=Measure.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    across_partners = forms.ChoiceField(label=_("Across partners and places"), choices=AcrossPartners.choices)
    across_time = forms.ChoiceField(label=_("Across time"), choices=AcrossTime.choices)
    is_cumulative = forms.BooleanField(label=_("Partners report running totals"), required=False)
    is_share = forms.BooleanField(label=_("The numerator is part of the denominator"), required=False, initial=True)
    scale_minimum = forms.DecimalField(label=_("Lowest on the scale"), **BOUND)
    scale_maximum = forms.DecimalField(label=_("Highest on the scale"), **BOUND)
    decimals = forms.IntegerField(label=_("Decimals shown"), min_value=0, max_value=6, initial=0)
    dimensions = forms.ModelMultipleChoiceField(
        label=_("Broken down by"),
        queryset=Dimension.objects.order_by("code"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Four at most."),
    )


class IndicatorForm(MeasureForm):
    """An indicator of a project; methods that are left open are those of its measure."""

    first = ("result", "code")

    result = forms.ModelChoiceField(label=_("Result it measures"), queryset=Result.objects.none())
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Within the project, such as 1.2.a."))
    across_partners = forms.ChoiceField(
        label=_("Across partners and places"), choices=[OWN, *AcrossPartners.choices], required=False
    )
    across_time = forms.ChoiceField(label=_("Across time"), choices=[OWN, *AcrossTime.choices], required=False)
    formula = forms.CharField(
        label=_("Formula"),
        required=False,
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_(
            "Only of the measure “Formula”: codes in square brackets, + - * / and parentheses, sum, min, max, round; "
            "such as round([1.1] / [1.2] * 100, 1)."
        ),
    )
    evidence_required = forms.BooleanField(label=_("Evidence is required"), required=False)
    source = forms.CharField(label=_("Means of verification"), **WORDS)
    periods = forms.BooleanField(label=_("Make its periods, as the project reports"), required=False, initial=True)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].queryset = project.results.all()  # type: ignore[attr-defined]
        self.move("formula", after="measure")

    def move(self, name: str, *, after: str) -> None:
        """Put a field behind another one."""
        names = [one for one in self.fields if one != name]
        names.insert(names.index(after) + 1, name)
        self.order_fields(names)

    def clean_dimensions(self) -> Any:
        """Four at most."""
        chosen = self.cleaned_data["dimensions"]
        if len(chosen) > 4:
            raise ValidationError(_("An indicator is broken down by four dimensions at most."))
        return chosen

    def facts(self) -> dict[str, Any]:
        """What was written; without methods that were left open."""
        given = super().facts()
        return {name: one for name, one in given.items() if one != "" or name not in ("across_partners", "across_time")}
