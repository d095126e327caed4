"""Acts on the list of places."""

from typing import Any

from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.text import fold
from projects.choices import Action
from projects.models import Place
from projects.services.saving import keep


@transaction.atomic
def add_place(*, code: str, name: str, by: User, **fields: Any) -> Place:
    """Add a place with its local name; `fields` are columns of `Place`."""
    require(by, "projects.manage_lists")
    row = Place(code=code, name=name, **fields)
    row.search_text = fold(code, name, *row.names.values())
    keep(row)
    audit.record(by, Action.LISTS_CHANGED, row, code=code)
    return row
