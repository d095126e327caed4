"""Acts on mappings of categories: a donor's bands told from ours, checked when they are designed."""

from collections.abc import Mapping

from django.db import transaction

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from projects.choices import Action
from projects.models import Dimension, DimensionMapping
from projects.services.saving import change, keep
from projects.validators import check_pairs, proposed_pairs


def _pairs(source: Dimension, target: Dimension, pairs: Mapping[str, str]) -> dict[str, str]:
    """The pairs as they are kept: those given, checked, or for none those that bands and like codes propose."""
    present, wanted = ([one.code for one in each.categories.all()] for each in (source, target))
    found = dict(pairs) or proposed_pairs(present, wanted)
    check_pairs(found, present, wanted)
    return {code: found[code] for code in present}


@transaction.atomic
def add_mapping(*, source: Dimension, target: Dimension, pairs: Mapping[str, str], by: User) -> DimensionMapping:
    """Say which category of `source` becomes which of `target`; without `pairs` that is found from ages and codes.

    Raises `ValidationError` at "pairs" with the sentence that names the category that doesn't fit.
    """
    require(by, "projects.manage_lists")
    row = DimensionMapping(source=source, target=target, pairs={})
    row.validate_constraints()
    row.pairs = _pairs(source, target, pairs)
    keep(row)
    audit.record(by, Action.LISTS_CHANGED, source, mapped_to=target.code)
    return row


@transaction.atomic
def change_mapping(
    *, mapping: DimensionMapping, pairs: Mapping[str, str], expected_version: int | None = None, by: User
) -> DimensionMapping:
    """Put other pairs in place. Raises as `add_mapping`, and `Stale`."""
    require(by, "projects.manage_lists")
    checked = _pairs(mapping.source, mapping.target, pairs)
    change(mapping, {"pairs": checked}, allowed=("pairs",), expected_version=expected_version)
    audit.record(by, Action.LISTS_CHANGED, mapping.source, mapped_to=mapping.target.code)
    return mapping


@transaction.atomic
def remove_mapping(*, mapping: DimensionMapping, by: User) -> None:
    """Take a mapping away; no figure stands in it."""
    require(by, "projects.manage_lists")
    audit.record(by, Action.LISTS_CHANGED, mapping.source, unmapped_from=mapping.target.code)
    mapping.delete()
