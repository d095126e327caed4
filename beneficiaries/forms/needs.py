"""Forms about needs: recorded, ranked, answered, refused, confirmed; and decisions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beneficiaries.choices import ConfirmedBy, Outcome, Right
from beneficiaries.forms.public import PlainForm, text_area
from beneficiaries.models import Need, RightsHolderGroup
from beneficiaries.services.needs import Ranked
from kmop.shared.text import in_language
from partners.models import Organisation
from projects.models import Activity, BudgetLine, Indicator, Place, Project

MOST_PEOPLE = 1_000_000


class TitledChoice(forms.ModelChoiceField[Any]):
    """A choice of rows named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Its title, else what it calls itself."""
        return in_language(getattr(obj, "titles", None)) or str(obj)


class TitledChoices(forms.ModelMultipleChoiceField[Any]):
    """A choice of several indicators, each with its code and its title in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Code and title."""
        return f"{obj.code} {in_language(obj.titles)}"


def choice(label: Any, rows: QuerySet[Any], *, required: bool = False) -> TitledChoice:
    """A choice among rows."""
    return TitledChoice(label=label, queryset=rows, required=required, empty_label="–")


def number(label: Any, *, required: bool = True, least: int = 0) -> forms.IntegerField:
    """A number of people."""
    return forms.IntegerField(label=label, min_value=least, max_value=MOST_PEOPLE, required=required)


def day(label: Any) -> forms.DateField:
    """A day, by the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class ProjectForm(PlainForm):
    """A form within one project."""

    def __init__(self, data: Any = None, *, project: Project, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.project = project
        self.add_choices(self.fields)

    def add_choices(self, fields: Any) -> None:
        """Add the fields whose choices are the project's."""


class NeedForm(ProjectForm):
    """What a group says it needs."""

    english = forms.CharField(label=_("The need, in English"), max_length=300)
    greek = forms.CharField(label=_("The need, in Greek"), max_length=300, required=False)

    def add_choices(self, fields: Any) -> None:
        """Place, group, right and duty-bearer."""
        fields["place"] = choice(_("Place"), Place.objects.unprotected().filter(projects=self.project))
        fields["group"] = choice(_("Group"), RightsHolderGroup.objects.filter(project=self.project))
        fields["right"] = forms.ChoiceField(
            label=_("The right it stands on"), choices=[("", "–"), *Right.choices], required=False
        )
        fields["duty_bearer"] = choice(
            _("Duty-bearer"), Organisation.objects.filter(partnerships__project=self.project).distinct()
        )
        fields["indicators"] = TitledChoices(
            label=_("Indicators that show whether it is answered"),
            queryset=Indicator.objects.filter(project=self.project),
            required=False,
        )

    def facts(self) -> dict[str, Any]:
        """For `record_need`."""
        data = self.cleaned_data
        titles = {"en": data["english"], **({"el": data["greek"]} if data["greek"] else {})}
        linked = {name: data[name] for name in ("place", "group", "duty_bearer", "indicators")}
        return {"titles": titles, "right": data["right"], **linked}


class AnswerNeedForm(ProjectForm):
    """By which activity a need is answered."""

    def add_choices(self, fields: Any) -> None:
        """The project's activities."""
        fields["activity"] = choice(_("Activity"), Activity.objects.filter(project=self.project), required=True)


class RefuseNeedForm(ProjectForm):
    """Why a need is refused."""

    reason = forms.CharField(label=_("Reason, in plain words"), widget=text_area(3), max_length=2000)


class ConfirmNeedForm(ProjectForm):
    """What people of a panel or a round said about a need: the marks of those who say yes, and of those who say no."""

    way = forms.ChoiceField(
        label=_("Where they said it"), choices=[c for c in ConfirmedBy.choices if c[0] != "receipt"]
    )
    yes = forms.CharField(
        label=_("It is met, say"),
        help_text=_(
            "A number or nickname for each person, the same one each time, separated by commas. No real names."
        ),
        widget=text_area(2),
        required=False,
    )
    no = forms.CharField(label=_("It is not met, say"), widget=text_area(2), required=False)

    def voices(self) -> list[tuple[str, bool]]:
        """For `confirm_needs`."""
        said = [(mark, True) for mark in _marks(self.cleaned_data["yes"])]
        return said + [(mark, False) for mark in _marks(self.cleaned_data["no"])]

    def clean(self) -> dict[str, Any]:
        """Somebody says something, and nobody both."""
        yes, no = _marks(self.cleaned_data.get("yes", "")), _marks(self.cleaned_data.get("no", ""))
        if not yes + no:
            raise forms.ValidationError(_("Write who said it."))
        if set(yes) & set(no):
            raise forms.ValidationError(_("Somebody stands on both sides."))
        return self.cleaned_data


def _marks(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip().casefold() for part in text.replace("\n", ",").split(",") if part.strip()))


class RoundForm(ProjectForm):
    """How people ranked their needs: for each need how many named it, and how many put it first."""

    held_on = day(_("Held on"))
    method = forms.CharField(
        label=_("Method"), max_length=200, help_text=_("How people ranked: stones, pictures, a list.")
    )
    people_asked = number(_("People asked"), least=1)
    people_answering = number(_("People answering"))

    def __init__(self, data: Any = None, *, needs: Sequence[Need], **kwargs: Any) -> None:
        self.needs = list(needs)
        super().__init__(data, **kwargs)

    def add_choices(self, fields: Any) -> None:
        """The place, and two numbers for each need."""
        fields["place"] = choice(_("Place"), Place.objects.unprotected().filter(projects=self.project))
        for need in self.needs:
            fields[f"people_{need.pk}"] = number(_("%(need)s: named by") % {"need": need}, required=False)
            fields[f"first_{need.pk}"] = number(_("%(need)s: put first by") % {"need": need}, required=False)

    def facts(self) -> dict[str, Any]:
        """For `hold_round`."""
        data = self.cleaned_data
        named = ("held_on", "method", "people_asked", "people_answering", "place")
        ranks = [
            Ranked(need, data[f"people_{need.pk}"] or 0, data[f"first_{need.pk}"] or 0)
            for need in self.needs
            if data[f"people_{need.pk}"]
        ]
        return {**{name: data[name] for name in named}, "ranks": ranks}


class DecisionForm(ProjectForm):
    """What was decided, why, and what changed by it."""

    english = forms.CharField(label=_("You said, in English"), max_length=500, widget=text_area(2))
    greek = forms.CharField(label=_("You said, in Greek"), max_length=500, widget=text_area(2), required=False)
    outcome = forms.ChoiceField(label=_("We decided"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason, in plain words"), widget=text_area(2), max_length=2000)
    reason_greek = forms.CharField(label=_("Reason, in Greek"), widget=text_area(2), max_length=2000, required=False)
    decided_on = day(_("Decided on"))
    changed_english = forms.CharField(
        label=_("We changed, in English"), widget=text_area(2), max_length=2000, required=False
    )
    changed_greek = forms.CharField(
        label=_("We changed, in Greek"), widget=text_area(2), max_length=2000, required=False
    )
    people = number(_("People behind it"), required=False)
    is_public = forms.BooleanField(label=_("Show it on the public board"), required=False, initial=True)

    def add_choices(self, fields: Any) -> None:
        """The need, and the very thing that changed."""
        of_project: dict[str, Any] = {"project": self.project}
        fields["need"] = choice(_("Need"), Need.objects.filter(**of_project))
        fields["activity"] = choice(_("Activity that changed"), Activity.objects.filter(**of_project))
        fields["indicator"] = choice(_("Indicator that changed"), Indicator.objects.filter(**of_project))
        fields["budget_line"] = choice(_("Budget line that changed"), BudgetLine.objects.filter(**of_project))

    def facts(self) -> dict[str, Any]:
        """For `record_decision`."""
        data = self.cleaned_data
        linked = ("outcome", "reason", "decided_on", "need", "activity", "indicator", "budget_line", "is_public")
        return {
            **{name: data[name] for name in linked},
            "people": data["people"] or 0,
            "reasons": _texts("", data["reason_greek"]),
            "you_said": _texts(data["english"], data["greek"]),
            "we_changed": _texts(data["changed_english"], data["changed_greek"]),
        }


def _texts(english: str, greek: str) -> dict[str, str]:
    return {language: text for language, text in (("en", english), ("el", greek)) if text}
