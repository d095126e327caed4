"""Adding budget lines, expenses, grants and what is owed to funders."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared.views import ChangesRow
from projects.forms.money import BudgetLineForm, DonorObligationForm, DonorStateForm, ExpenseForm, GrantForm
from projects.models import DonorObligation
from projects.services import money
from projects.views.changing import AddPage
from projects.views.money import MoneyPart
from projects.views.part import ProjectFormPage


class AddLineView(MoneyPart, AddPage):
    """A new budget line."""

    permission = "projects.manage_money"
    form_class = BudgetLineForm
    service = staticmethod(money.add_budget_line)
    heading = gettext_lazy("A new budget line")
    back = "money/lines/"
    view = "lines/"

    def initial(self) -> dict[str, Any]:
        """In the project's currency, over its time."""
        project = self.project
        return {"currency": project.currency, "starts_on": project.starts_on, "ends_on": project.ends_on}


class AddExpenseView(MoneyPart, AddPage):
    """A new expense."""

    permission = "projects.manage_money"
    form_class = ExpenseForm
    heading = gettext_lazy("A new expense")
    back = "money/expenses/"
    view = "expenses/"

    def initial(self) -> dict[str, Any]:
        """Today, in the project's currency."""
        return {"currency": self.project.currency, "on": self.day}

    def save(self, form: Any) -> str:
        """An expense belongs to its line."""
        money.add_expense(by=self.me, **form.facts())
        messages.success(self.request, _("It was added."))
        return self.back_url


class AddGrantView(MoneyPart, AddPage):
    """A new grant."""

    permission = "projects.manage_money"
    form_class = GrantForm
    service = staticmethod(money.add_grant)
    heading = gettext_lazy("A new grant")
    back = "money/grants/"
    view = "grants/"

    def initial(self) -> dict[str, Any]:
        """In the project's currency, over its time."""
        project = self.project
        return {"currency": project.currency, "starts_on": project.starts_on, "ends_on": project.ends_on}


class AddOwedView(MoneyPart, AddPage):
    """Something more that is owed to a funder."""

    permission = "projects.manage_money"
    form_class = DonorObligationForm
    heading = gettext_lazy("Something owed to a funder")
    back = "money/owed/"
    view = "owed/"

    def save(self, form: Any) -> str:
        """It belongs to its grant."""
        money.add_donor_obligation(by=self.me, **form.facts())
        messages.success(self.request, _("It was added."))
        return self.back_url


class OwedStateView(MoneyPart, ChangesRow, ProjectFormPage):
    """Where something owed to a funder stands."""

    permission = "projects.manage_money"
    form_class = DonorStateForm
    back = "money/owed/"
    view = "owed/"

    @cached_property
    def row(self) -> DonorObligation:
        """What is owed."""
        rows = DonorObligation.objects.visible_to(self.me).filter(grant__project=self.project)
        found: DonorObligation = get_object_or_404(rows, pk=self.kwargs["row"])
        return found

    def versioned(self) -> DonorObligation:
        """What is owed."""
        return self.row

    def form_options(self) -> dict[str, Any]:
        """As it stands."""
        return {"initial": {"state": self.row.state}}

    def get_heading(self) -> str:
        """Named by what it is."""
        return self.row.title

    def save(self, form: Any) -> str:
        """Call the service."""
        changes = dict(form.cleaned_data)
        version = changes.pop("version")
        money.change_donor_obligation(obligation=self.row, changes=changes, expected_version=version, by=self.me)
        messages.success(self.request, _("The change was saved."))
        return self.back_url
