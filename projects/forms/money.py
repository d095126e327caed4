"""What a person writes about money: lines, expenses, grants, what is owed to funders."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.shared.forms import DayField, TextsForm
from partners.models import Organisation
from projects.calculation.calendar import stretches
from projects.choices import DonorObligationState, Frequency, FundingForm, PartnershipRole
from projects.forms.work import partners_of, people_of
from projects.models import BudgetLine, Grant, Indicator, Project
from projects.services.periods.making import MONTHS

AMOUNT: dict[str, Any] = {"max_digits": 19, "decimal_places": 6}


def currency_field() -> forms.CharField:
    """Three letters of ISO 4217."""
    return forms.RegexField(r"^[A-Z]{3}$", label=_("Currency (three letters, such as EUR)"), max_length=3)


class BudgetLineForm(TextsForm):
    """A budget line."""

    texts = {"titles": (_("Title"), True, False)}
    first = ("code",)

    code = forms.CharField(label=_("Code"), max_length=40)
    organisation = forms.ModelChoiceField(label=_("Partner"), queryset=Organisation.objects.none(), required=False)
    amount = forms.DecimalField(label=_("Amount"), **AMOUNT)
    currency = currency_field()
    starts_on = DayField(label=_("Start"), required=False)
    ends_on = DayField(label=_("End"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = partners_of(project)  # type: ignore[attr-defined]


class ExpenseForm(forms.Form):
    """An expense. In another currency than the project's it counts only with its rate."""

    line = forms.ModelChoiceField(label=_("Budget line"), queryset=BudgetLine.objects.none())
    organisation = forms.ModelChoiceField(label=_("Partner"), queryset=Organisation.objects.none(), required=False)
    on = DayField(label=_("Date"))
    title = forms.CharField(label=_("What for"), max_length=300, required=False)
    amount = forms.DecimalField(label=_("Amount"), **AMOUNT)
    currency = currency_field()
    rate = forms.DecimalField(
        label=_("Rate used"),
        required=False,
        help_text=_("How much of the project’s currency one unit is. Without a rate the amount is in no total."),
        **AMOUNT,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = project.budget_lines.all()  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = partners_of(project)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return dict(self.cleaned_data)


class GrantForm(forms.Form):
    """A funder's grant."""

    funder = forms.ModelChoiceField(label=_("Funder"), queryset=Organisation.objects.none())
    reference = forms.CharField(label=_("Reference"), max_length=100)
    programme = forms.CharField(label=_("Programme"), max_length=200, required=False)
    form = forms.ChoiceField(label=_("Form of funding"), choices=FundingForm.choices)
    rate = forms.DecimalField(
        label=_("Funding rate, percent"), required=False, max_digits=9, decimal_places=6, min_value=0, max_value=100
    )
    amount = forms.DecimalField(label=_("Amount"), **AMOUNT)
    currency = currency_field()
    starts_on = DayField(label=_("Start"), required=False)
    ends_on = DayField(label=_("End"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        funding = partners_of(project).filter(partnerships__role=PartnershipRole.FUNDING)
        self.fields["funder"].queryset = funding  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return dict(self.cleaned_data)


class DonorObligationForm(forms.Form):
    """Something owed to a funder."""

    grant = forms.ModelChoiceField(label=_("Grant"), queryset=Grant.objects.none())
    title = forms.CharField(label=_("Title"), max_length=300)
    due_on = DayField(label=_("Due"))
    owner = forms.ModelChoiceField(label=_("Who looks after it"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = project.grants.all()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = people_of(project)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What was written."""
        return dict(self.cleaned_data)


class DonorStateForm(forms.Form):
    """Where something owed to a funder stands."""

    state = forms.ChoiceField(label=_("State"), choices=DonorObligationState.choices)


LINE = re.compile(r"(\d{4}-\d{2}-\d{2})\s*[/–—-]?\s*(\d{4}-\d{2}-\d{2})")


class CalendarForm(forms.Form):
    """A grant's own reporting periods: by a frequency over the time of the grant, or one a line."""

    frequency = forms.ChoiceField(
        label=_("Over the time of the grant"),
        choices=[("", _("As written below")), *Frequency.choices],
        required=False,
    )
    lines = forms.CharField(
        label=_("Periods"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line, first and last day: 2026-01-01 / 2026-06-30."),
    )
    left_out = forms.ModelMultipleChoiceField(
        label=_("Indicators not reported to this funder"),
        queryset=Indicator.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, grant: Grant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grant = grant
        self.fields["left_out"].queryset = grant.project.indicators.filter(is_active=True)  # type: ignore[attr-defined]

    def clean_lines(self) -> list[tuple[date, date]]:
        """Each line as first and last day."""
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["lines"].splitlines())):
            days = LINE.fullmatch(line)
            try:
                if days is None:
                    raise ValueError(line)
                found.append((date.fromisoformat(days[1]), date.fromisoformat(days[2])))
            except ValueError as error:
                said = _("“%(line)s” is not two days: write 2026-01-01 / 2026-06-30.")
                raise forms.ValidationError(said, params={"line": line}) from error
        return found

    def clean(self) -> dict[str, Any]:
        """A frequency needs the time of the grant."""
        cleaned = super().clean() or {}
        if cleaned.get("frequency") and not (self.grant.starts_on and self.grant.ends_on):
            self.add_error("frequency", _("The grant has no start or no end yet."))
        return cleaned

    def spans(self) -> list[tuple[date, date]]:
        """The periods that were asked for."""
        frequency, grant = self.cleaned_data["frequency"], self.grant
        if not frequency or grant.starts_on is None or grant.ends_on is None:
            lines: list[tuple[date, date]] = self.cleaned_data["lines"]
            return lines
        parts = stretches(grant.starts_on, grant.ends_on, MONTHS[Frequency(frequency)])
        return [(one.starts_on, one.ends_on) for one in parts]
