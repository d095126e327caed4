"""Reasons and notes about updates; how a project reviews them: its steps, and the quality rules of an indicator."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import Sentence
from projects.calculation.flag_rules import RULES, RuleSetting
from projects.choices import ApprovalStep
from projects.queries.flags import NAMES

HELP: dict[str, Sentence] = {
    "late": _("Handed in after the day it was due."),
    "outlier": _("Far from the median of the partner's own figures, from four of them on."),
    "jump": _("Differs from the period before by more than a share of it."),
    "running_total_falls": _("A running total is less than the one before."),
    "breakdown_does_not_add_up": _("The categories of a breakdown are less than the total."),
    "above_denominator": _("A part is more than its whole, or a percentage is above 100."),
    "equal_to_last": _("The very figure of the period before; small numbers meet by chance."),
    "zero_where_never_zero": _("0, where the partner never reported 0 before."),
    "evidence_missing": _("No file was added."),
    "target_passed_early": _("One partner alone reaches the target of the whole time long before its end."),
    "double": _("Another partner reported the very same figure for the period. Only officers see this."),
}
NUMBERS: dict[str, Sentence] = {
    "late/days": _("Days of grace"),
    "outlier/limit": _("How far, in median deviations"),
    "jump/share": _("Share of the figure before (2 is three times as much)"),
    "equal_to_last/least": _("From which figure on"),
    "zero_where_never_zero/values": _("After how many figures"),
    "target_passed_early/share": _("Share of the time (0.5 is half)"),
    "double/least": _("From which figure on"),
}


class ReasonForm(forms.Form):
    """Why an approved figure is corrected."""

    reason = forms.CharField(
        label=_("Why the figures are corrected"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ApprovalStepsForm(forms.Form):
    """Who approves an update, one after the other."""

    steps = forms.MultipleChoiceField(
        label=_("Who approves, in this order"),
        choices=[
            (ApprovalStep.PARTNER_SUPERVISOR, _("The partner's supervisor: another administrator of its organisation")),
            (ApprovalStep.ME_OFFICER, _("The M&E officer of the project")),
            (ApprovalStep.PROGRAMME_MANAGER, _("The programme manager: project manager or portfolio manager")),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody takes two steps of one update, and who submitted it takes none."),
    )

    def clean_steps(self) -> list[str]:
        """In the order in which they are taken."""
        return [one for one in ApprovalStep.values if one in self.cleaned_data["steps"]]


class FlagRulesForm(forms.Form):
    """Each rule on or off, and the numbers it turns on. Fields are named "<code>" and "<code>/<number>"."""

    def __init__(
        self, *args: Any, rules: Mapping[str, RuleSetting], base: Mapping[str, RuleSetting], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.base = base
        for code, numbers in RULES.items():
            self.fields[code] = forms.BooleanField(
                label=str(NAMES[code]), help_text=str(HELP[code]), required=False, initial=rules[code].is_on
            )
            for name, threshold in numbers.items():
                self.fields[f"{code}/{name}"] = forms.DecimalField(
                    label=str(NUMBERS[f"{code}/{name}"]),
                    initial=rules[code].numbers[name],
                    min_value=threshold.lowest,
                    max_value=threshold.highest,
                    decimal_places=2,
                    help_text=_("Without a setting: %(number)s.") % {"number": threshold.default},
                )

    def own(self) -> dict[str, dict[str, Any]]:
        """What differs from the defaults, as the service takes it."""
        found: dict[str, dict[str, Any]] = {}
        for code, base in self.base.items():
            given = self.cleaned_data
            one: dict[str, Any] = {} if given[code] == base.is_on else {"on": given[code]}
            one |= {
                name: given[f"{code}/{name}"]
                for name, number in base.numbers.items()
                if given[f"{code}/{name}"] != number
            }
            if one:
                found[code] = one
        return found


class RuleCountsForm(forms.Form):
    """Of which project and year quality rules are counted."""

    project = forms.ChoiceField(label=_("Project"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args: Any, projects: list[tuple[str, str]], years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [("", _("All")), *projects]  # type: ignore[attr-defined]
        self.fields["year"].choices = [("", _("All")), *((str(one), str(one)) for one in years)]  # type: ignore[attr-defined]
