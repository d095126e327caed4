"""What a person writes about a target."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.shared import formats
from partners.models import Organisation
from projects.calculation.cells import format_cell, parse_cell
from projects.calculation.values import BY_PARTS, Measure
from projects.forms.numbers import NumberField, as_typed
from projects.forms.work import partners_of
from projects.models import Indicator, Period, Place, Project, Target
from projects.queries.framework import DimensionFacts
from projects.queries.targets import places_of

DIMENSION = "dimension."


class ChooseIndicatorForm(forms.Form):
    """Of which indicator the target is."""

    indicator = forms.ModelChoiceField(label=_("Indicator"), queryset=Indicator.objects.none())

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = project.indicators.all()  # type: ignore[attr-defined]


class TargetForm(forms.Form):
    """A target of an indicator: when, for whom, how much. Fields "dimension.<code>" follow the indicator."""

    period = forms.ModelChoiceField(
        label=_("When"), queryset=Period.objects.none(), required=False, empty_label=_("The whole time")
    )
    place = forms.ModelChoiceField(
        label=_("Place"), queryset=Place.objects.none(), required=False, empty_label=_("All places")
    )
    organisation = forms.ModelChoiceField(
        label=_("Partner"), queryset=Organisation.objects.none(), required=False, empty_label=_("All partners")
    )

    def __init__(self, *args: Any, indicator: Indicator, dimensions: list[DimensionFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        fields: Any = self.fields
        fields["period"].queryset = indicator.periods.all()
        fields["period"].label_from_instance = period_words
        fields["place"].queryset = places_of(indicator.project)
        fields["organisation"].queryset = partners_of(indicator.project)
        for one in dimensions:
            choices = [("", _("All")), *((each.code, each.title) for each in one.categories)]
            self.fields[DIMENSION + one.code] = forms.ChoiceField(label=one.title, choices=choices, required=False)
        self._add_numbers(Measure(indicator.measure))

    def _add_numbers(self, measure: Measure) -> None:
        if measure in BY_PARTS:
            self.fields["numerator"] = NumberField(
                label=_("Aimed at, or the upper part of it"), help_text=_("A percentage alone is written as it is: 40.")
            )
            self.fields["denominator"] = NumberField(label=_("Lower part"))
        else:
            self.fields["numerator"] = NumberField(label=_("Aimed at"))
        if measure == Measure.QUALITATIVE:
            self.fields["text"] = forms.CharField(label=_("In words"), required=False, max_length=4000)
        self.fields["comment"] = forms.CharField(
            label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
        )

    def facts(self, language: str) -> dict[str, Any]:
        """What the service takes; the comment is in the writer's language."""
        given = dict(self.cleaned_data)
        cell = {name.removeprefix(DIMENSION): given.pop(name) for name in list(given) if name.startswith(DIMENSION)}
        comment = given.pop("comment").strip()
        return {
            **given,
            "cell": format_cell({dimension: code for dimension, code in cell.items() if code}),
            "comment": {language: comment} if comment else {},
        }


def period_words(period: Period) -> str:
    """A period by its days."""
    return formats.period(period.starts_on, period.ends_on)


def target_as_initial(target: Target) -> dict[str, Any]:
    """What stands in the form of a target."""
    return {
        "period": target.period_id,
        "place": target.place_id,
        "organisation": target.organisation_id,
        "numerator": as_typed(target.numerator),
        "denominator": as_typed(target.denominator),
        "text": target.text,
        "comment": next(iter((target.comment or {}).values()), ""),
        **{DIMENSION + dimension: code for dimension, code in parse_cell(target.cell).items()},
    }
