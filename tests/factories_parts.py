"""What stands in the parts of a project: work, money, legacy, documents."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from partners.models import Organisation
from projects.choices import LegacyKind, PartnershipRole, ResultLevel
from projects.models import (
    Activity,
    Assumption,
    BudgetLine,
    Deliverable,
    DocumentLink,
    DonorObligation,
    Expense,
    Grant,
    Legacy,
    LegacyCheck,
    Milestone,
    Project,
    Risk,
    Transaction,
    UnplannedChange,
)
from tests.factories import make_organisation, make_partnership, make_result, make_user

_numbers = count(1)
START, END = date(2026, 1, 1), date(2026, 12, 31)


def make_activity(project: Project, **fields: Any) -> Activity:
    """An activity over the year."""
    number = next(_numbers)
    values = {"code": f"A{number}", "titles": {"en": f"Activity {number}"}, "starts_on": START, "ends_on": END}
    return Activity.objects.create(project=project, **{**values, **fields})


def make_deliverable(project: Project, **fields: Any) -> Deliverable:
    """A deliverable of the end of the year."""
    number = next(_numbers)
    values = {"code": f"D{number}", "titles": {"en": f"Deliverable {number}"}, "ends_on": END}
    return Deliverable.objects.create(project=project, **{**values, **fields})


def make_milestone(project: Project, **fields: Any) -> Milestone:
    """A milestone of the end of the year."""
    number = next(_numbers)
    values = {"code": f"M{number}", "titles": {"en": f"Milestone {number}"}, "ends_on": END}
    return Milestone.objects.create(project=project, **{**values, **fields})


def make_risk(project: Project, **fields: Any) -> Risk:
    """An open risk of 4 times 3."""
    values = {"title": f"Risk {next(_numbers)}", "likelihood": 4, "impact": 3}
    return Risk.objects.create(project=project, **{**values, **fields})


def make_line(project: Project, **fields: Any) -> BudgetLine:
    """A budget line of 1000 euro."""
    number = next(_numbers)
    values = {"code": f"L{number}", "titles": {"en": f"Line {number}"}, "amount": Decimal(1000), "currency": "EUR"}
    return BudgetLine.objects.create(project=project, **{**values, **fields})


def make_expense(line: BudgetLine, organisation: Organisation | None = None, **fields: Any) -> Expense:
    """An expense of 250 euro."""
    values = {"on": START, "amount": Decimal(250), "currency": "EUR", "amount_project": Decimal(250)}
    return Expense.objects.create(
        line=line, organisation=organisation, title=f"Expense {next(_numbers)}", **{**values, **fields}
    )


def make_grant(project: Project, **fields: Any) -> Grant:
    """A grant of a funder that is new in the project."""
    number = next(_numbers)
    funder = fields.pop("funder", None) or make_organisation(f"F{number}")
    make_partnership(project, funder, role=PartnershipRole.FUNDING, reports=False)
    values = {"reference": f"G{number}", "amount": Decimal(1000), "funder": funder}
    return Grant.objects.create(project=project, **{**values, **fields})


def make_owed(grant: Grant, **fields: Any) -> DonorObligation:
    """A report owed to the funder at the end of the year."""
    return DonorObligation.objects.create(grant=grant, **{"title": f"Report {next(_numbers)}", "due_on": END, **fields})


def make_transaction(project: Project, **fields: Any) -> Transaction:
    """A disbursement of 10 euro."""
    values = {"kind": "3", "on": START, "amount": Decimal(10), "currency": "EUR"}
    return Transaction.objects.create(project=project, **{**values, **fields})


def make_legacy(project: Project, **fields: Any) -> Legacy:
    """A service that is to remain."""
    values = {"kind": LegacyKind.SERVICE, "titles": {"en": f"Service {next(_numbers)}"}}
    return Legacy.objects.create(project=project, **{**values, **fields})


def make_check(legacy: Legacy, **fields: Any) -> LegacyCheck:
    """A check 6 months after closure, to be done."""
    return LegacyCheck.objects.create(legacy=legacy, **{"months": 6, "due_on": START, **fields})


def make_document(project: Project, **fields: Any) -> DocumentLink:
    """A document on the web."""
    number = next(_numbers)
    values = {"url": f"https://example.org/{number}.pdf", "titles": {"en": f"Document {number}"}, "on": START}
    return DocumentLink.objects.create(project=project, **{**values, **fields})


def make_assumption(project: Project, **fields: Any) -> Assumption:
    """From an output to an outcome, not tested yet."""
    effect = fields.pop("effect", None) or make_result(project, "1")
    cause = fields.pop("cause", None) or make_result(project, "1.1", level=ResultLevel.OUTPUT, parent=effect)
    values = {"text": f"Assumption {next(_numbers)}", "cause": cause, "effect": effect}
    return Assumption.objects.create(project=project, **{**values, **fields})


def make_change(project: Project, organisation: Organisation | None = None, **fields: Any) -> UnplannedChange:
    """A good change that was noticed on the first day of the year."""
    number = next(_numbers)
    values = {"result": make_result(project), "kind": "good", "what": f"Change {number}", "noticed_by": "A teacher"}
    if "recorded_by" not in fields:
        fields["recorded_by"] = make_user(f"Recorder{number}")
    return UnplannedChange.objects.create(
        project=project, organisation=organisation, **{**values, "noticed_on": START, **fields}
    )
