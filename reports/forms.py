"""What a person says when she asks for a report or a schedule."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from partners.models import Organisation
from projects.models import Project
from reports.catalogue.registry import Parameter, Report, Takes
from reports.choices import Every
from reports.renderers.registry import renderers
from reports.validators import FORMATS, LANGUAGE


def _date_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _field(parameter: Parameter, user: User) -> forms.Field:
    options: dict[str, Any] = {"label": parameter.label, "required": parameter.is_required, "help_text": parameter.help}
    if parameter.takes == Takes.DAY:
        return _date_field(**options)
    rows = (Project if parameter.takes == Takes.PROJECT else Organisation).objects.visible_to(user)
    order = "code" if parameter.takes == Takes.PROJECT else "name"
    return forms.ModelChoiceField(rows.order_by(order), to_field_name="code", **options)


class ReportForm(forms.Form):
    """The parameters of a report, its language, and the formats it is wanted in."""

    def __init__(self, *args: Any, report: Report, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in self.parameters_of(report):
            self.fields[parameter.name] = _field(parameter, user)
        self.fields[LANGUAGE] = forms.ChoiceField(
            label=_("Language"), choices=settings.LANGUAGES, initial=user.language
        )
        self.fields[FORMATS] = forms.MultipleChoiceField(
            label=_("Files"),
            choices=[(each.format, each.label) for each in renderers().values()],
            initial=list(renderers()),
            widget=forms.CheckboxSelectMultiple,
        )

    def parameters_of(self, report: Report) -> tuple[Parameter, ...]:
        """The parameters that are asked for."""
        return report.parameters

    def params(self) -> dict[str, str]:
        """What was chosen, as codes and ISO dates."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name not in NOT_PARAMETERS and value}
        return {name: getattr(value, "code", None) or str(value) for name, value in chosen.items()}


class ScheduleForm(ReportForm):
    """The same, again and again: the figures are those of the day of each making."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["every"] = forms.ChoiceField(label=_("How often"), choices=Every.choices, initial=Every.MONTH)
        self.fields["next_on"] = _date_field(label=_("First on"))

    def parameters_of(self, report: Report) -> tuple[Parameter, ...]:
        """All but the day."""
        return tuple(each for each in report.parameters if each.takes != Takes.DAY)


NOT_PARAMETERS = (FORMATS, "every", "next_on")
