"""Acts on the list of focus areas."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.choices import Action
from projects.models import FocusArea
from projects.services.saving import change, columns_of, keep


@transaction.atomic
def add_focus_area(*, code: str, titles: Mapping[str, str], order: int = 0, by: User) -> FocusArea:
    """Add a focus area to the list."""
    require(by, "projects.manage_lists")
    row = keep(FocusArea(code=code, titles=dict(titles), order=order))
    audit.record(by, Action.FOCUS_AREA_CHANGED, row, code=code)
    return row


@transaction.atomic
def change_focus_area(
    *, focus_area: FocusArea, changes: Mapping[str, Any], expected_version: int | None = None, by: User
) -> FocusArea:
    """Change titles, order or whether it is offered. Raises `ValidationError` by field and `Stale`."""
    require(by, "projects.manage_lists")
    changed = change(focus_area, changes, allowed=columns_of(FocusArea, "code"), expected_version=expected_version)
    audit.record(by, Action.FOCUS_AREA_CHANGED, focus_area, changed=changed)
    return focus_area
