"""What a reader asks of the page of results: words, a period, a partner, a state."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

STATES = (
    ("", _("All")),
    ("at_or_above", _("At or above plan")),
    ("below", _("Below plan")),
    ("incomplete", _("A partner is missing")),
    ("not_reported", _("Not reported")),
)


class ResultsForm(forms.Form):
    """The filters, kept in the address."""

    search = forms.CharField(label=_("Find in the framework"), required=False, max_length=200)
    period = forms.ChoiceField(label=_("Period"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    submitted = forms.ChoiceField(
        label=_("Figures"),
        required=False,
        choices=(("", _("Approved")), ("1", _("Approved, and with what is submitted"))),
    )
    indicator = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    as_of = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: object,
        periods: Sequence[tuple[str, str]],
        partners: Sequence[tuple[str, str]],
        with_submitted: bool = False,
    ) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # the data of the address, or nothing
        if not with_submitted:
            del self.fields["submitted"]
        self.fields["period"].choices = [("", _("To date")), *periods]  # type: ignore[attr-defined]
        self.fields["partner"].choices = [("", _("All")), *partners]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, object]:
        """What was asked for, without what can't be read."""
        self.full_clean()
        return dict(self.cleaned_data)


class LockForm(forms.Form):
    """A stretch of time whose periods are locked or opened again."""

    starts_on = forms.DateField()
    ends_on = forms.DateField()


class CrossingsForm(forms.Form):
    """Which dimensions are crossed: those of the same table; each one by itself where "by itself" is chosen."""

    def __init__(
        self, *args: Any, dimensions: Sequence[Any], crossings: Sequence[Sequence[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        numbers = range(1, len(dimensions) + 1)
        tables = [(str(number), _("Table %(number)d") % {"number": number}) for number in numbers]
        stands = {code: str(number) for number, group in enumerate(crossings, 1) for code in group}
        for one in dimensions:
            self.fields[one.code] = forms.ChoiceField(
                label=one.title,
                choices=[*tables, ("", _("By itself"))],
                required=False,
                initial=stands.get(one.code, ""),
            )

    def groups(self) -> list[list[str]]:
        """The dimensions of each table, those by themselves alone."""
        found: dict[str, list[str]] = {}
        for code, table in self.cleaned_data.items():
            found.setdefault(table or f"alone {code}", []).append(code)
        return list(found.values())
