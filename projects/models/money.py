"""Money: grants and what is owed to funders, budget lines, expenses, IATI transactions."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kmop.shared.fields import MillionthsField, TextsField
from kmop.shared.models import Versioned
from kmop.shared.text import in_language
from partners.models import Membership, Organisation
from projects.choices import DonorObligationState, FundingForm
from projects.models.projects import Project
from projects.models.results import Indicator
from projects.models.workplan import InProjectQuerySet


class Grant(Versioned):
    """A funder's grant to a project: reference, form of funding, rate, currency."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="grants")
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="grants")
    reference = models.CharField(_("Reference"), max_length=100)
    programme = models.CharField(_("Programme"), max_length=200, blank=True)
    form = models.CharField(_("Form of funding"), max_length=15, choices=FundingForm, default=FundingForm.ACTUAL_COST)
    rate = MillionthsField(_("Funding rate, percent"), null=True, blank=True)
    amount = MillionthsField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3, default="EUR")
    starts_on = models.DateField(_("Start"), null=True, blank=True)
    ends_on = models.DateField(_("End"), null=True, blank=True)
    statement = TextsField(_("Funding statement"), blank=True)
    left_out = models.ManyToManyField(
        Indicator, blank=True, related_name="+", verbose_name=_("Indicators not reported to this funder")
    )

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["project", "reference"], name="grant_reference_once")]

    def __str__(self) -> str:
        return self.reference


class GrantPeriod(models.Model):
    """A period of a grant's own reporting calendar: a union of periods of every indicator that it reports."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField(_("Start"))
    ends_on = models.DateField(_("End"))

    class Meta:
        ordering = ["grant_id", "starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["grant", "starts_on"], name="grant_period_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="grant_period_ends_after_start",
                violation_error_message=_("The end lies before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"


class DonorObligationQuerySet(models.QuerySet["DonorObligation"]):
    """Spoken adjectives of what is owed to funders."""

    def visible_to(self, user: Any) -> "DonorObligationQuerySet":
        """Those of the projects a person sees."""
        return self.filter(grant__project__in=Project.objects.visible_to(user))

    def unmet(self) -> "DonorObligationQuerySet":
        """Not accepted yet."""
        return self.exclude(state=DonorObligationState.ACCEPTED)

    open = unmet  # the adjective by which open work is found in every app


class DonorObligation(Versioned):
    """What is owed to a funder: a report, a deliverable, an answer."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="obligations")
    title = models.CharField(_("Title"), max_length=300)
    due_on = models.DateField(_("Due"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        _("State"), max_length=10, choices=DonorObligationState, default=DonorObligationState.DRAFT
    )

    objects: ClassVar[Any] = DonorObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title


class BudgetLine(Versioned):
    """Money planned for a purpose and a stretch of time."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budget_lines")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(_("Code"), max_length=40)
    titles = TextsField(_("Title"))
    starts_on = models.DateField(_("Start"), null=True, blank=True)
    ends_on = models.DateField(_("End"), null=True, blank=True)
    amount = MillionthsField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3)
    iati_type = models.CharField(max_length=2, blank=True)
    iati_status = models.CharField(max_length=2, blank=True)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "code", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="budget_line_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {in_language(self.titles)}"


class ExpenseQuerySet(models.QuerySet["Expense"]):
    """Spoken adjectives of expenses."""

    def visible_to(self, user: Any) -> "ExpenseQuerySet":
        """A partner sees its own; people with a role in the project all of it."""
        projects = Project.objects.visible_to(user)
        own = Membership.objects.filter(user=user).values("organisation_id")
        officer = Project.objects.managed_by(user, "project_manager", "me_officer", "funder_viewer")
        rows = self.filter(line__project__in=projects)
        if user.has_role("portfolio_manager", "data_protection_officer"):
            return rows
        return rows.filter(Q(organisation__in=own) | Q(line__project__in=officer))


class Expense(Versioned):
    """Money spent: `amount` in the row's currency, `amount_project` in the project's by `rate` (None: no total)."""

    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="expenses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField(_("Date"))
    title = models.CharField(_("What for"), max_length=300, blank=True)
    amount = MillionthsField(_("Amount"))
    currency = models.CharField(_("Currency"), max_length=3)
    rate = MillionthsField(_("Rate used"), null=True, blank=True)
    amount_project = MillionthsField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ExpenseQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "id"]
        indexes = [models.Index(fields=["line", "on"], name="expense_line_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.amount} {self.currency}"


class Transaction(models.Model):
    """A transaction as an IATI file tells it (code list TransactionType: 1 incoming funds, 3 disbursement, ...)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="transactions")
    reference = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=4)
    on = models.DateField(null=True, blank=True)
    amount = MillionthsField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    text = models.CharField(max_length=200, blank=True)
    descriptions = TextsField(blank=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = InProjectQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "order", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.on} {self.amount} {self.currency}"
