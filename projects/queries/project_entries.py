"""The audit entries of a project and of what belongs to it, as far as a reader may know of it."""

from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from kmop.audit.models import Entry
from kmop.shared.access import ask
from projects.models import (
    Activity,
    Assumption,
    BudgetLine,
    Deliverable,
    DonorObligation,
    Expense,
    Grant,
    Indicator,
    LegacyCheck,
    Milestone,
    Period,
    Project,
    Result,
    Risk,
    UnplannedChange,
    Update,
)

WORK: tuple[tuple[type[Model], str], ...] = (
    (Result, "project"),
    (Indicator, "project"),
    (Activity, "project"),
    (Deliverable, "project"),
    (Milestone, "project"),
    (Risk, "project"),
    (Assumption, "project"),
    (LegacyCheck, "legacy__project"),
)
MONEY: tuple[tuple[type[Model], str], ...] = (
    (Grant, "project"),
    (BudgetLine, "project"),
    (DonorObligation, "grant__project"),
    (Expense, "line__project"),
)


def project_entries(project: Project, *, user: Any) -> QuerySet[Entry]:
    """Entries on a project that `user` sees: framework and work to all of them, money and locks to those who may.

    Updates and unplanned change are told as far as `visible_to` shows them: no partner reads of another's.
    """
    wanted = Q(object_kind=Project._meta.label_lower, object_id=str(project.pk))
    for model, path in WORK:
        wanted |= _of(model, model._base_manager.filter(**{path: project}))
    wanted |= _of(Period, Period.objects.filter(indicator__project=project))
    wanted |= _of(Update, Update.objects.visible_to(user).filter(indicator__project=project))
    wanted |= _of(UnplannedChange, UnplannedChange.objects.visible_to(user).filter(project=project))
    if ask(user, "projects.view_money", project):
        for model, path in MONEY:
            wanted |= _of(model, model._base_manager.filter(**{path: project}))
    return Entry.objects.filter(wanted)


def _of(model: type[Model], rows: QuerySet[Any]) -> Q:
    ids = rows.order_by().annotate(as_text=Cast("pk", CharField())).values("as_text")
    return Q(object_kind=model._meta.label_lower, object_id__in=ids)
