"""Project > History: every act on the project and what belongs to it, in words."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kmop.audit.queries.entries import actor_names, facts_in_words, kind_label
from kmop.shared.tables import Column
from projects.choices import Action
from projects.filters.parts import HistoryFilter
from projects.queries.project_entries import project_entries
from projects.views.part import ProjectListPage

LABELS = dict(Action.choices)


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
        Column("action", _("Act"), lambda entry: str(LABELS.get(entry.action, entry.action)), ("action", "position")),
        Column("object", _("On what"), lambda entry: f"{kind_label(entry.object_kind)} {entry.object_id}"),
        Column("facts", _("Facts"), facts_in_words),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """The entries this person may know of."""
        return project_entries(self.project, user=self.me)

    def prepare(self, rows: list[Any]) -> list[Any]:
        """The names of a page of entries."""
        names = actor_names(rows)
        for entry in rows:
            entry.actor_name = names.get(entry.actor_id, entry.actor_id)
        return rows
