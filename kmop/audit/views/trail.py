"""The audit trail."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.audit.filters import EntryFilter
from kmop.audit.models import Entry
from kmop.audit.queries.entries import action_labels, actor_names, facts_in_words, kind_label
from kmop.shared.tables import Column
from kmop.shared.views import ListPage


class AuditView(ListPage):
    """Who did what, newest first."""

    permission = "audit.read"
    title = _("Audit trail")
    filterset_class = EntryFilter
    default_sort = "-position"
    export_name = "audit"
    empty_title = _("Nothing was done yet.")
    columns = (
        Column("position", _("Number"), lambda entry: entry.position, sort=("position",), numeric=True),
        Column("at", _("Time"), lambda entry: entry.at, sort=("at",), export=lambda entry: entry.at.isoformat()),
        Column("actor", _("Who"), lambda entry: entry.actor_name),
        Column("action", _("Act"), lambda entry: entry.action_label, sort=("action",)),
        Column("object", _("On what"), lambda entry: f"{kind_label(entry.object_kind)} {entry.object_id}"),
        Column("facts", _("Facts"), facts_in_words),
        Column("hash", _("Hash"), lambda entry: entry.hash[:12], export=lambda entry: entry.hash),
    )

    def get_queryset(self) -> "QuerySet[Entry]":
        """The entries this person may read."""
        return Entry.objects.visible_to(self.request.user)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """Names and words for a page of entries."""
        names, labels = actor_names(rows), action_labels()
        for entry in rows:
            entry.actor_name = names.get(entry.actor_id, entry.actor_id)
            entry.action_label = labels.get(entry.action, entry.action)
        return rows
