"""The act that says which dimensions of an indicator are crossed and which stand side by side."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import Stale
from kmop.shared.models import bump
from projects.calculation.cells import format_groups
from projects.choices import Action
from projects.models import Indicator


@transaction.atomic
def set_crossings(
    *, indicator: Indicator, groups: Sequence[Iterable[str]], expected_version: int | None = None, by: User
) -> Indicator:
    """Say which dimensions (by code) are crossed with each other; groups stand side by side, what is in none alone.

    What was entered stays; only what may be entered from now on changes. Without groups all are crossed. Raises
    `ValidationError` for a dimension that the indicator is not broken down by or that is in two groups, and `Stale`.
    """
    require(by, "projects.manage_framework", indicator)
    if expected_version is not None and indicator.version != expected_version:
        raise Stale(_("Somebody changed this in the meantime. Load it again and repeat your change."))
    named = [code for group in groups for code in group]
    known = set(indicator.dimensions.values_list("code", flat=True))
    if len(set(named)) != len(named) or not set(named) <= known:
        raise ValidationError({"groups": [_("Each dimension of the indicator stands in one group, once.")]})
    indicator.groups = format_groups(groups)
    bump(indicator, "groups")
    audit.record(by, Action.INDICATOR_CHANGED, indicator, groups=indicator.groups)
    return indicator
