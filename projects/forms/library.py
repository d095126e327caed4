"""What a person writes about a definition of the library, and about taking one into a framework."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kmop.shared.forms import TextsForm
from projects.choices import Frequency, Measure
from projects.forms.measures import WORDS, MeasureForm
from projects.models import Dimension, FocusArea, IndicatorDefinition, Project, Result
from projects.models.library import SDG
from projects.queries.library import split_codes


class DefinitionForm(MeasureForm):
    """A definition; codes of SDG indicators by commas, codes of donors one a line as "scheme: code"."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short, and never changed: EMP-1."))
    verification = forms.CharField(label=_("Means of verification"), **WORDS)
    source = forms.CharField(label=_("Where the data come from"), **WORDS)
    responsible = forms.CharField(label=_("Who is responsible"), max_length=300, required=False)
    frequency = forms.ChoiceField(label=_("How often"), choices=[("", "–"), *Frequency.choices], required=False)
    guidance = forms.CharField(label=_("Guidance"), **WORDS)
    focus_areas = forms.ModelMultipleChoiceField(
        label=_("Focus areas"),
        queryset=FocusArea.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sdg = forms.CharField(
        label=_("SDG indicators"), max_length=300, required=False, help_text=_("By commas, such as 5.2.1, 8.5.2.")
    )
    donors = forms.CharField(
        label=_("Codes of donors"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, scheme and code: “ESF+: EECO02”."),
    )
    is_active = forms.BooleanField(label=_("Offered to frameworks"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reported = [one for one in Measure.choices if one[0] != Measure.FORMULA]
        self.fields["measure"].choices = reported  # type: ignore[attr-defined]

    def clean_donors(self) -> list[tuple[str, str]]:
        """Each line as (scheme, code)."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["donors"].splitlines())):
            scheme, colon, code = (part.strip() for part in line.partition(":"))
            if not (scheme and colon and code) or scheme.lower() == SDG:
                raise ValidationError(_("Write each line as “scheme: code”. SDG indicators have their own field."))
            found.append((scheme, code))
        return found

    def facts(self) -> dict[str, Any]:
        """What was written; the codes as (scheme, code)."""
        given = super().facts()
        sdg = [(SDG, code.strip()) for code in given.pop("sdg").split(",") if code.strip()]
        donors = given.pop("donors")
        return {**given, "codes": [*sdg, *donors]}


def definition_as_initial(row: IndicatorDefinition) -> dict[str, Any]:
    """What stands in the form of a definition, in two statements beside those of its relations."""
    sdg, donors = split_codes(list(row.codes.all()))
    return {
        **forms.model_to_dict(row),
        "sdg": ", ".join(sdg),
        "donors": "\n".join(f"{scheme}: {code}" for scheme, code in donors),
    }


class FromLibraryForm(forms.Form):
    """A definition taken into a project's framework."""

    definition = forms.ModelChoiceField(
        label=_("Indicator of the library"), queryset=IndicatorDefinition.objects.none()
    )
    result = forms.ModelChoiceField(label=_("Result it measures"), queryset=Result.objects.none())
    code = forms.CharField(
        label=_("Code in this project"), max_length=40, required=False, help_text=_("Empty: the library’s own code.")
    )
    evidence_required = forms.BooleanField(label=_("Evidence is required"), required=False)
    periods = forms.BooleanField(
        label=_("Make its periods, as the project reports"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["definition"].queryset = IndicatorDefinition.objects.offered()  # type: ignore[attr-defined]
        self.fields["result"].queryset = project.results.all()  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was chosen."""
        return dict(self.cleaned_data)


class DimensionForm(TextsForm):
    """A way to break figures down; categories one a line as "code | English | Greek"."""

    texts = {"titles": (_("Title"), True, False)}
    first = ("code",)

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Short, and never changed: sex."))
    is_exclusive = forms.BooleanField(
        label=_("Its categories exclude each other"),
        required=False,
        initial=True,
        help_text=_("Then nobody is in two of them, and parts above the whole are refused."),
    )
    categories = forms.CharField(
        label=_("Categories"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One a line, in their order: code | in English | in Greek. “Not stated” is a category too."),
    )

    def clean_categories(self) -> dict[str, dict[str, str]]:
        """The titles of each category by its code."""
        found: dict[str, dict[str, str]] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["categories"].splitlines())):
            code, *words = (part.strip() for part in line.split("|"))
            if not code or not words or len(code) > 60 or len(words) > 2 or not any(words):
                raise ValidationError(_("Write each line as “code | in English | in Greek”."))
            if code in found:
                raise ValidationError(_("The code “%(code)s” is there twice."), params={"code": code})
            found[code] = {language: text for language, text in zip(("en", "el"), words, strict=False) if text}
        return found


def dimension_as_initial(row: Dimension) -> dict[str, Any]:
    """What stands in the form of a dimension."""
    lines = [" | ".join([one.code, one.titles.get("en", ""), one.titles.get("el", "")]) for one in row.categories.all()]
    return {**forms.model_to_dict(row), "categories": "\n".join(lines)}


class MappingForm(forms.Form):
    """Which category becomes which; nothing written: found from ages and like codes."""

    source = forms.ModelChoiceField(label=_("As partners report"), queryset=Dimension.objects.order_by("code"))
    target = forms.ModelChoiceField(label=_("As it is told"), queryset=Dimension.objects.order_by("code"))
    pairs = forms.CharField(
        label=_("What becomes what"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One a line, by codes: 15-17 | 15-24. Empty: found from the ages and from like codes."),
    )

    def clean_pairs(self) -> dict[str, str]:
        """Code to code."""
        found: dict[str, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["pairs"].splitlines())):
            code, bar, becomes = (part.strip() for part in line.partition("|"))
            if not (code and bar and becomes):
                raise ValidationError(_("Write each line as “code | code”."))
            if code in found:
                raise ValidationError(_("The code “%(code)s” is there twice."), params={"code": code})
            found[code] = becomes
        return found
