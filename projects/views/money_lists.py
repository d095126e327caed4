"""The lists behind Project > Money: budget lines, expenses, grants, what is owed, transactions."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kmop.shared import formats
from kmop.shared.access import ask
from kmop.shared.tables import Badge, Column, Link
from kmop.shared.text import in_language
from projects.filters.parts import (
    KINDS,
    BudgetFilter,
    DonorObligationFilter,
    ExpenseFilter,
    GrantFilter,
    TransactionFilter,
)
from projects.models import BudgetLine, DonorObligation, Expense, Grant, Transaction
from projects.queries.money_lines import lines_with_spending, spending_of
from projects.views.money import MoneyPart, amount, owed_badge
from projects.views.part import ProjectListPage

KIND_WORDS = dict(KINDS)


class MoneyList(MoneyPart, ProjectListPage):
    """A list of the money, for those who may see it."""

    abstract = True
    permission = "projects.view_money"

    def row_url(self, row: Any) -> str:
        """No page of its own."""
        return ""

    def empty_action(self) -> Link | None:
        """Add the first one."""
        return Link(_("Add the first one"), f"{self.base}money/{self.view}new/") if self.may_manage else None


class LinesView(MoneyList):
    """Budget lines with what was spent of each."""

    view = "lines/"
    title = gettext_lazy("Budget lines")
    filterset_class = BudgetFilter
    default_sort = "code"
    export_name = "budget-lines"
    empty_title = gettext_lazy("No budget yet.")
    columns = (
        Column("code", gettext_lazy("Code"), lambda row: row.code, ("code",)),
        Column("title", gettext_lazy("Title"), lambda row: in_language(row.titles)),
        Column("partner", gettext_lazy("Partner"), lambda row: str(row.organisation or ""), ("organisation__name",)),
        Column("starts_on", gettext_lazy("From"), lambda row: row.starts_on, ("starts_on",)),
        Column("ends_on", gettext_lazy("To"), lambda row: row.ends_on, ("ends_on",)),
        Column(
            "amount",
            gettext_lazy("Budget"),
            lambda row: amount(row.amount, row.currency),
            ("amount",),
            True,
            lambda row: row.amount,
        ),
        Column(
            "spent",
            gettext_lazy("Spent"),
            lambda row: amount(row.told.spent, row.currency),
            ("spent",),
            True,
            lambda row: row.told.spent,
        ),
        Column(
            "share",
            gettext_lazy("Share"),
            lambda row: "" if row.told.share is None else formats.percent(row.told.share),
            (),
            True,
            lambda row: row.told.share,
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The lines of this project."""
        return lines_with_spending(BudgetLine.objects.visible_to(self.me).filter(project=self.project), day=self.day)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The figures of each line."""
        for row in rows:
            row.told = spending_of(row)
        return rows


class ExpensesView(MoneyList):
    """Expenses: a partner sees its own, officers all."""

    permission = "projects.view"
    view = "expenses/"
    title = gettext_lazy("Expenses")
    filterset_class = ExpenseFilter
    default_sort = "-on"
    export_name = "expenses"
    empty_title = gettext_lazy("No expense yet.")
    columns = (
        Column("on", gettext_lazy("Date"), lambda row: row.on, ("on",)),
        Column("title", gettext_lazy("What for"), lambda row: row.title, ("title",)),
        Column("line", gettext_lazy("Budget line"), lambda row: str(row.line), ("line__code",)),
        Column("partner", gettext_lazy("Partner"), lambda row: str(row.organisation or ""), ("organisation__name",)),
        Column(
            "amount",
            gettext_lazy("Amount"),
            lambda row: amount(row.amount, row.currency),
            ("amount",),
            True,
            lambda row: row.amount,
        ),
        Column("currency", gettext_lazy("Currency"), lambda row: row.currency, ("currency",)),
        Column("rate", gettext_lazy("Rate used"), lambda row: row.rate, ("rate",), True),
        Column(
            "counted",
            gettext_lazy("In the totals as"),
            lambda row: (
                Badge(_("No rate, in no total"), "warn")
                if row.amount_project is None
                else amount(row.amount_project, row.line.project.currency)
            ),
            ("amount_project",),
            True,
            lambda row: row.amount_project,
        ),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Those the person sees."""
        rows = Expense.objects.visible_to(self.me).filter(line__project=self.project)
        found: QuerySet[Any] = rows.select_related("line__project", "organisation")
        return found


class GrantsView(MoneyList):
    """Grants of funders."""

    view = "grants/"
    title = gettext_lazy("Grants")
    filterset_class = GrantFilter
    default_sort = "reference"
    export_name = "grants"
    empty_title = gettext_lazy("No grant yet.")
    columns = (
        Column("reference", gettext_lazy("Reference"), lambda row: row.reference, ("reference",)),
        Column("funder", gettext_lazy("Funder"), lambda row: str(row.funder), ("funder__name",)),
        Column("programme", gettext_lazy("Programme"), lambda row: row.programme, ("programme",)),
        Column("form", gettext_lazy("Form of funding"), lambda row: row.get_form_display(), ("form",)),
        Column("rate", gettext_lazy("Rate, percent"), lambda row: row.rate, ("rate",), True),
        Column(
            "amount",
            gettext_lazy("Amount"),
            lambda row: amount(row.amount, row.currency),
            ("amount",),
            True,
            lambda row: row.amount,
        ),
        Column("ends_on", gettext_lazy("Until"), lambda row: row.ends_on, ("ends_on",)),
    )

    def row_url(self, row: Any) -> str:
        """To its figures."""
        return f"{self.base}money/grants/{row.pk}/"

    def get_queryset(self) -> QuerySet[Any]:
        """The grants of this project."""
        rows: QuerySet[Any] = Grant.objects.visible_to(self.me).filter(project=self.project).select_related("funder")
        return rows


class OwedView(MoneyList):
    """What is owed to funders, the next first."""

    view = "owed/"
    title = gettext_lazy("Owed to funders")
    filterset_class = DonorObligationFilter
    default_sort = "due_on"
    export_name = "owed-to-funders"
    empty_title = gettext_lazy("Nothing is owed to a funder.")
    columns = (
        Column("title", gettext_lazy("What"), lambda row: row.title, ("title",)),
        Column("funder", gettext_lazy("Funder"), lambda row: row.grant.funder.name, ("grant__funder__name",)),
        Column("grant", gettext_lazy("Grant"), lambda row: row.grant.reference, ("grant__reference",)),
        Column("due_on", gettext_lazy("Due"), lambda row: row.due_on, ("due_on",)),
        Column("owner", gettext_lazy("Who looks after it"), lambda row: str(row.owner or ""), ("owner__name",)),
        Column("state", gettext_lazy("State"), lambda row: row.badge, ("state", "due_on")),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """What is owed for the grants of this project."""
        rows = DonorObligation.objects.visible_to(self.me).filter(grant__project=self.project)
        found: QuerySet[Any] = rows.select_related("grant__funder", "owner")
        return found

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The badge of each row on this day."""
        for row in rows:
            row.badge = owed_badge(row, self.day)
        return rows

    def row_url(self, row: Any) -> str:
        """To its state, for those who may change it."""
        return f"{self.base}money/owed/{row.pk}/" if self.may_manage else ""


class TransactionsView(MoneyList):
    """Transactions as imported files told them."""

    view = "transactions/"
    title = gettext_lazy("Transactions")
    filterset_class = TransactionFilter
    default_sort = "-on"
    export_name = "transactions"
    empty_title = gettext_lazy("No transaction was imported.")
    empty_text = gettext_lazy("Transactions come with IATI files.")
    columns = (
        Column("on", gettext_lazy("Date"), lambda row: row.on, ("on",)),
        Column("kind", gettext_lazy("Kind"), lambda row: str(KIND_WORDS.get(row.kind, row.kind)), ("kind",)),
        Column("from", gettext_lazy("From"), lambda row: str(row.provider or ""), ("provider__name",)),
        Column("to", gettext_lazy("To"), lambda row: str(row.receiver or ""), ("receiver__name",)),
        Column(
            "text",
            gettext_lazy("In words"),
            lambda row: in_language(row.descriptions) or row.text or row.reference,
        ),
        Column(
            "amount",
            gettext_lazy("Amount"),
            lambda row: amount(row.amount, row.currency or "EUR") or row.text,
            ("amount",),
            True,
            lambda row: row.amount,
        ),
        Column("currency", gettext_lazy("Currency"), lambda row: row.currency, ("currency",)),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The transactions of this project."""
        rows = Transaction.objects.visible_to(self.me).filter(project=self.project)
        found: QuerySet[Any] = rows.select_related("provider", "receiver")
        return found

    def empty_action(self) -> Link | None:
        """They come with files."""
        return Link(_("Import a file"), "/imports/") if ask(self.me, "projects.import_iati") else None
