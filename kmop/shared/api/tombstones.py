"""What was deleted or withdrawn, for clients that keep a copy and ask `?updated_since=`."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from kmop.shared.api.parameters import read_moment
from kmop.shared.models import Tombstone

LEEWAY = timedelta(seconds=60)


class Tombstones:
    """The tombstones that belong to a list request; none where it does not ask `updated_since`."""

    def __init__(self, view: Any, request: Request) -> None:
        self.view = view
        self.moment = read_moment(request, "updated_since")
        self.asked = self.moment is not None

    def rows(self) -> QuerySet[Tombstone]:
        """All of them, oldest row first."""
        since = self.moment - LEEWAY if self.moment else None
        kind = self.view.model._meta.label_lower
        rows: QuerySet[Tombstone] = self.view.tombstones_for(Tombstone.objects.filter(kind=kind, deleted_at__gte=since))
        return rows.order_by("pk")

    def after(self, pk: int, number: int) -> list[Tombstone]:
        """The next `number` after the tombstone `pk`."""
        return list(self.rows().filter(pk__gt=pk)[:number])

    def identity(self, stone: Tombstone) -> Any:
        """The id as the rows show it."""
        return self.view.model._meta.pk.to_python(stone.object_id)
