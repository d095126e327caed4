"""What a person writes about how an indicator is defined, what its categories become, and where a period lies."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import DayField
from projects.calculation.definition import Change
from projects.forms.measures import MeasureForm
from projects.models import Indicator, Period, Result
from projects.queries.definitions import days_of, plain
from projects.queries.framework import DimensionFacts

LOOK, SAVE = "look", "save"
STAYS, NOWHERE, KEPT = "=", "", "+"


def add_steps(form: forms.Form) -> None:
    """The two steps, look and save; the reason is asked when what moves was seen."""
    form.fields["step"] = forms.CharField(required=False, initial=LOOK, widget=forms.HiddenInput)
    form.fields["reason"] = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    form.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput)


class IndicatorForm(MeasureForm):
    """How an indicator is measured and combined."""

    first = ("result",)

    result = forms.ModelChoiceField(label=_("Result it measures"), queryset=Result.objects.none())
    formula = forms.CharField(
        label=_("Formula"), required=False, max_length=1000, help_text=_("Only of the measure “Formula”.")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].queryset = Result.objects.filter(  # type: ignore[attr-defined]
            project=indicator.project_id
        )
        add_steps(self)

    def change(self) -> Change:
        """What the definition is to be."""
        said = self.facts()
        for name in ("step", "reason", "version"):
            del said[name]
        dimensions = tuple(sorted(one.code for one in said.pop("dimensions")))
        return Change({**{name: plain(value) for name, value in said.items()}, "result": said["result"].pk}, dimensions)


class CategoriesForm(forms.Form):
    """What each category of an indicator's breakdowns becomes; what is not touched stays."""

    def __init__(self, *args: Any, dimensions: Sequence[DimensionFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named: dict[str, tuple[str, str]] = {}
        for dimension in dimensions:
            asked = [one for one in dimension.categories if one.is_asked]
            for one in asked:
                name = f"becomes:{dimension.code}:{one.code}"
                others = [(each.code, each.title) for each in asked if each != one]
                self.named[name] = (dimension.code, one.code)
                self.fields[name] = forms.ChoiceField(
                    label=f"{dimension.title}: {one.title}",
                    required=False,
                    initial=STAYS,
                    choices=[
                        (STAYS, _("Stays as it is")),
                        *((code, _("Becomes: %(category)s") % {"category": title}) for code, title in others),
                        (KEPT, _("No longer asked for; what was entered stays apart, not split")),
                        (NOWHERE, _("No longer asked for, and left out of the breakdown")),
                    ],
                )
        add_steps(self)

    def change(self) -> Change:
        """The categories that become others."""
        found = []
        for name, (dimension, code) in self.named.items():
            becomes = self.cleaned_data[name] if name in self.data else STAYS
            if becomes != STAYS:
                found.append((dimension, code, code if becomes == KEPT else becomes))
        return Change(mappings=tuple(found))


class PeriodMoveForm(forms.Form):
    """Other days for one period of an indicator."""

    period = forms.ModelChoiceField(label=_("Period"), queryset=Period.objects.none())
    starts_on = DayField(label=_("Start"))
    ends_on = DayField(label=_("End"))
    due_on = DayField(label=_("Due"), required=False)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Period.objects.filter(indicator=indicator, is_locked=False)
        self.fields["period"].queryset = rows  # type: ignore[attr-defined]
        add_steps(self)

    def change(self) -> Change:
        """The days of the period."""
        said = self.cleaned_data
        return Change(moved={said["period"].pk: days_of(said["starts_on"], said["ends_on"], said["due_on"])})
