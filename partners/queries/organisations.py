"""Whose side somebody stands on."""

from typing import Any

from django.db.models import QuerySet

from kmop.shared.models import Tombstone
from partners.models import Membership, Organisation, works_at_home


def organisation_ids_of(user: Any) -> list[int]:
    """The ids of the organisations a user belongs to, in the order of joining (one statement)."""
    return list(Membership.objects.filter(user_id=user.pk).values_list("organisation_id", flat=True))


def writing_organisation_of(user: Any) -> Organisation | None:
    """The organisation in whose name a user writes where she names none: her only one. None where it is not clear."""
    own = list(Organisation.objects.of_user(user)[:2])
    return own[0] if len(own) == 1 else None


def told_tombstones(rows: QuerySet[Tombstone], user: Any) -> QuerySet[Tombstone]:
    """Those of the deleted rows that a user may be told of: her organisations' own; KMOP's people all.

    A tombstone's `scope` is the id of the organisation that the deleted row belonged to.
    """
    if works_at_home(user):
        return rows
    return rows.filter(scope__in=[str(pk) for pk in organisation_ids_of(user)])
