"""Keeping versions, and saying for each entered cell what it became."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Max

from kmop.accounts.models import User
from projects.calculation.definition import Definition
from projects.calculation.mapping import mapped_cell
from projects.models import CategoryMapping, CellMapping, Indicator, IndicatorVersion, UpdateValue
from projects.queries.definitions import definitions_of, mappings_of

BATCH = 1000


def first_versions(indicators: Collection[Indicator], *, by: User | None) -> None:
    """Keep how new indicators are defined, with their dimensions; those that have a version already are left."""
    said = definitions_of(indicators)
    IndicatorVersion.objects.bulk_create(
        [
            IndicatorVersion(indicator=one, number=1, snapshot=said[one.pk].snapshot(), by=by, at=one.created_at)
            for one in indicators
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def next_versions(
    said: Mapping[int, Definition],
    *,
    reason: str,
    moved: Mapping[int, Any] | None = None,
    undoes: IndicatorVersion | None = None,
    by: User,
) -> list[IndicatorVersion]:
    """Keep a further version of each of these indicators (locked), in two statements."""
    rows = IndicatorVersion.objects.filter(indicator_id__in=said).values_list("indicator_id").order_by()
    newest = dict(rows.annotate(newest=Max("number")))
    return IndicatorVersion.objects.bulk_create(
        [
            IndicatorVersion(
                indicator_id=pk,
                number=newest.get(pk, 0) + 1,
                snapshot=one.snapshot(),
                moved=(moved or {}).get(pk, {}),
                reason=reason,
                undoes=undoes,
                by=by,
            )
            for pk, one in said.items()
        ],
        batch_size=BATCH,
    )


def keep_mappings(said: Mapping[int, Definition]) -> None:
    """Put these mappings in place of those that the indicators had, and say for each entered cell what it became."""
    CategoryMapping.objects.filter(indicator_id__in=said).delete()
    CategoryMapping.objects.bulk_create(
        [
            CategoryMapping(indicator_id=pk, dimension=dimension, category=old, becomes=new)
            for pk, one in said.items()
            for dimension, old, new in one.mappings
        ],
        batch_size=BATCH,
    )
    for is_remapped in (True, False):
        ids = [pk for pk, one in said.items() if bool(one.mappings) is is_remapped]
        if ids:
            Indicator.objects.filter(pk__in=ids).exclude(is_remapped=is_remapped).update(is_remapped=is_remapped)
    CellMapping.objects.filter(indicator_id__in=said).delete()
    resolve_cells([pk for pk, one in said.items() if one.mappings])


def resolve_cells(indicator_ids: Sequence[int]) -> None:
    """Say for each entered cell of these indicators what it became, where that is not known yet.

    Called where values are written that no list of asked categories has checked (files), and where mappings change.
    """
    becomes = mappings_of(Indicator.objects.filter(pk__in=indicator_ids, is_remapped=True))
    if not becomes:
        return
    cells = UpdateValue.objects.filter(update__indicator_id__in=becomes).exclude(cell="").order_by()
    rows = [
        CellMapping(indicator_id=pk, cell=cell, becomes=new)
        for pk, cell in cells.values_list("update__indicator_id", "cell").distinct()
        if (new := mapped_cell(cell, becomes[pk])) != cell
    ]
    CellMapping.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
