"""Acts on money: grants, what is owed to funders, budget lines, expenses."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import groupby
from typing import Any

from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.choices import Action
from projects.models import BudgetLine, DonorObligation, Expense, Grant, Project
from projects.services.saving import change, columns_of, keep, keep_all

MILLIONTH = Decimal("0.000001")


@transaction.atomic
def add_grant(*, project: Project, by: User, **fields: Any) -> Grant:
    """Add a funder's grant; `fields` are columns of `Grant`."""
    require(by, "projects.manage_money", project)
    row = keep(Grant(project=project, **fields))
    audit.record(by, Action.MONEY_CHANGED, row, project=project.pk, reference=row.reference)
    return row


@transaction.atomic
def add_donor_obligation(*, grant: Grant, by: User, **fields: Any) -> DonorObligation:
    """Add what is owed to a funder; `fields` are columns of `DonorObligation`."""
    require(by, "projects.manage_money", grant)
    row = keep(DonorObligation(grant=grant, **fields))
    audit.record(by, Action.MONEY_CHANGED, row, grant=grant.pk, due_on=row.due_on)
    return row


@transaction.atomic
def change_donor_obligation(
    *, obligation: DonorObligation, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> DonorObligation:
    """Change where something owed to a funder stands, its day or its owner. Raises `ValidationError` and `Stale`."""
    require(by, "projects.manage_money", obligation)
    allowed = columns_of(DonorObligation, "grant")
    changed = change(obligation, changes, allowed=allowed, expected_version=expected_version)
    audit.record(by, Action.MONEY_CHANGED, obligation, changed=changed, state=str(obligation.state))
    return obligation


@transaction.atomic
def add_budget_line(*, project: Project, by: User, **fields: Any) -> BudgetLine:
    """Add money planned for a purpose; `fields` are columns of `BudgetLine`."""
    require(by, "projects.manage_money", project)
    row = keep(BudgetLine(project=project, **fields))
    audit.record(by, Action.MONEY_CHANGED, row, project=project.pk, code=row.code)
    return row


@transaction.atomic
def add_expense(*, line: BudgetLine, by: User, **fields: Any) -> Expense:
    """Add money spent on a budget line. In another currency than the project's it counts only with its rate."""
    require(by, "projects.manage_money", line)
    row = Expense(line=line, **fields)
    strike(row)
    keep(row)
    audit.record(by, Action.MONEY_CHANGED, row, line=line.pk, amount=row.amount, currency=row.currency)
    return row


@transaction.atomic
def add_money(*, project: Project, rows: Sequence[BudgetLine | Expense | DonorObligation], by: User) -> list[Any]:
    """Add unsaved budget lines, expenses or donor obligations, one statement a kind (rows of a kind together)."""
    require(by, "projects.manage_money", project)
    made: list[Any] = []
    for _model, group in groupby(rows, key=type):
        of_kind = list(group)
        for row in of_kind:
            if isinstance(row, Expense):
                strike(row)
        made += keep_all(of_kind)
    audit.record_many(by, Action.MONEY_CHANGED, [(one, {"project": project.pk}) for one in made])
    return made


def strike(row: Expense) -> None:
    """Write the amount in the project's currency by the row's own rate; nothing where there is no rate."""
    is_same = row.currency == row.line.project.currency
    rate = Decimal(1) if is_same else row.rate
    if rate is None or row.amount is None:
        row.amount_project = None
        return
    row.rate = rate
    row.amount_project = (row.amount * rate).quantize(MILLIONTH, rounding=ROUND_HALF_EVEN)
