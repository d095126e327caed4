"""Budgets, transactions and documents of an activity as rows of its project."""

from itertools import count

from kmop.shared.models import bump
from projects.models import BudgetLine, DocumentLink, Project, Transaction
from projects.services.imports.known import Known
from projects.services.imports.projects import match
from projects.services.imports.shapes import Activity, Budget, Document
from projects.services.imports.shapes import Transaction as Told
from projects.services.imports.texts import by_language

LONGEST_URL = 2000
PLANNED = "planned-disbursement"
_TITLES = {
    "budget": {"en": "Budget", "el": "Προϋπολογισμός"},
    PLANNED: {"en": "Planned disbursement", "el": "Προγραμματισμένη εκταμίευση"},
}
_LINE_FACTS = ("titles", "starts_on", "ends_on", "amount", "currency", "iati_type", "iati_status", "organisation")


def write_transactions(project: Project, activity: Activity, known: Known) -> None:
    """The transactions of the activity in the order of the file."""
    rows = (_transaction(project, told, order, known) for order, told in enumerate(activity.transactions, 1))
    Transaction.objects.bulk_create(rows, batch_size=500)


def _transaction(project: Project, told: Told, order: int, known: Known) -> Transaction:
    provider, receiver = match(known, told.provider), match(known, told.receiver)
    return Transaction(
        project=project,
        reference=told.ref[:300],
        kind=told.type[:4],
        on=told.day,
        amount=told.amount.number,
        currency=told.amount.currency,
        text=told.amount.text[:200],
        descriptions=by_language(told.texts),
        provider=provider,
        receiver=receiver,
        order=order,
    )


def write_budgets(project: Project, activity: Activity, known: Known) -> None:
    """Budget lines B1, B2 ... and planned disbursements D1, D2 ...; known lines are changed, others are added.

    Lines that the file has no more are taken away unless money was spent on them.
    """
    there = {line.code: line for line in project.budget_lines.all()}
    numbers = {"B": count(1), "D": count(1)}
    new, kept = [], set()
    for told in activity.budgets:
        letter = "D" if told.kind == PLANNED else "B"
        wanted = _line(project, f"{letter}{next(numbers[letter])}", told, known)
        kept.add(wanted.code)
        if wanted.code in there:
            _change(there[wanted.code], wanted)
        else:
            new.append(wanted)
    BudgetLine.objects.bulk_create(new, batch_size=500)
    gone = [line.pk for code, line in there.items() if code not in kept and _is_ours(code)]
    if gone:
        BudgetLine.objects.filter(pk__in=gone, expenses=None).delete()


def _is_ours(code: str) -> bool:
    return code[:1] in ("B", "D") and code[1:].isdecimal()


def _line(project: Project, code: str, told: Budget, known: Known) -> BudgetLine:
    return BudgetLine(
        project=project,
        organisation=match(known, told.receiver),
        code=code,
        titles=_TITLES[told.kind],
        starts_on=told.start,
        ends_on=told.end,
        amount=told.amount.number,
        currency=told.amount.currency,
        iati_type=told.type[:2],
        iati_status=told.status[:2],
    )


def _change(line: BudgetLine, wanted: BudgetLine) -> None:
    differs = [name for name in _LINE_FACTS if getattr(line, name) != getattr(wanted, name)]
    for name in differs:
        setattr(line, name, getattr(wanted, name))
    if differs:
        bump(line, *differs)


def write_documents(project: Project, activity: Activity) -> None:
    """Links to documents: of the activity first, then of its results and indicators."""
    rows = (
        DocumentLink(
            project=project,
            url=told.url[:LONGEST_URL],
            format=told.format[:100],
            titles=by_language(told.titles),
            categories=list(told.categories),
            languages=list(told.languages),
            on=told.day,
            order=order,
        )
        for order, told in enumerate(_documents(activity), 1)
    )
    DocumentLink.objects.bulk_create(rows, batch_size=500)


def _documents(activity: Activity) -> list[Document]:
    found = list(activity.documents)
    for result in activity.results:
        found += result.documents
        for indicator in result.indicators:
            found += indicator.documents
    return found
