"""What a person writes about assumptions, their tests, and unplanned change."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.forms import DayField
from partners.models import Organisation
from projects.choices import AssumptionOutcome, ChangeKind
from projects.forms.work import people_of
from projects.models import Project, Result

LONG = 5000


def words(label: Any, *, required: bool = False, rows: int = 3, help_text: Any = "") -> forms.CharField:
    """A field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONG, widget=widget, help_text=help_text)


def result_field(label: Any) -> Any:
    """A choice of the project's results, which the form fills."""
    return forms.ModelChoiceField(label=label, queryset=Result.objects.none())


class FactsForm(forms.Form):
    """Mixin: what was written, as it is."""

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return dict(self.cleaned_data)


class AssumptionForm(FactsForm):
    """An assumption: from which result to which, what must hold, and how it is tested."""

    cause = result_field(_("From the result"))
    effect = result_field(_("To the result"))
    text = words(_("What must hold"), required=True)
    test = words(_("How it is tested"), help_text=_("What you will look at, and when it would be broken."))
    due_on = DayField(label=_("Next test"), required=False)
    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("cause", "effect"):
            self.fields[name].queryset = project.results.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people_of(project)  # type: ignore[attr-defined]


class TestForm(FactsForm):
    """What a test found."""

    __test__ = False  # no test of pytest's
    outcome = forms.ChoiceField(label=_("What the test found"), choices=AssumptionOutcome.choices[1:])
    tested_on = DayField(label=_("Tested on"))
    evidence = words(_("What shows it"))
    due_on = DayField(label=_("Next test"), required=False)


class ChangeForm(FactsForm):
    """An unplanned change. The person who tells it for one of several partners says for which."""

    result = result_field(_("Result it stands beside"))
    kind = forms.ChoiceField(label=_("Good or bad"), choices=ChangeKind.choices, widget=forms.RadioSelect)
    what = words(_("What changed"), required=True, rows=4)
    noticed_by = forms.CharField(
        label=_("Who noticed it"), max_length=300, help_text=_("A role or a group; no names of people served.")
    )
    noticed_on = DayField(label=_("When"))
    contribution = words(_("Whose contribution it is"), help_text=_("Ours, others’, or both: say how you know."))
    link = forms.URLField(label=_("Link to what shows it"), max_length=2000, required=False, assume_scheme="https")
    file = forms.FileField(label=_("File that shows it"), required=False)
    organisation = forms.ModelChoiceField(label=_("Told for"), queryset=Organisation.objects.none(), required=False)

    def __init__(self, *args: Any, project: Project, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].queryset = project.results.all()  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        if not own:
            del self.fields["organisation"]
