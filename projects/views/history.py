"""Project > History: every act on the project and what belongs to it, in words."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.audit.queries.entries import action_labels, actor_names
from kmop.shared.tables import Column
from projects.filters.parts import HistoryFilter
from projects.queries.entry_words import entry_words
from projects.queries.project_entries import project_entries
from projects.views.part import ProjectListPage


class HistoryView(ProjectListPage):
    """Who did what, newest first."""

    part = "history"
    title = _("History")
    filterset_class = HistoryFilter
    default_sort = "-at"
    export_name = "history"
    empty_title = _("Nothing was done yet.")
    columns = (
        Column("at", _("Time"), lambda entry: entry.at, ("position",), export=lambda entry: entry.at.isoformat()),
        Column("actor", _("Who"), lambda entry: entry.actor_name),
        Column("action", _("Act"), lambda entry: entry.action_label, ("action", "position")),
        Column("object", _("On what"), lambda entry: entry.on_what),
        Column("facts", _("What is told of it"), lambda entry: entry.told),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The entries this person may know of."""
        return project_entries(self.project, user=self.me)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The names and words of a page of entries."""
        names, labels, words = actor_names(rows), action_labels(), entry_words(rows)
        for entry in rows:
            entry.actor_name = names.get(entry.actor_id, entry.actor_id)
            entry.action_label = labels.get(entry.action, entry.action)
            entry.on_what, entry.told = words.on_what(entry), words.facts(entry)
        return rows
