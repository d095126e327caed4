"""What a partner's own system puts under its own name: made where it is new, replaced where it is there."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from partners.models import ApiClient
from projects.choices import UpdateState
from projects.models import Update
from projects.services.inputs import NewUpdate, UpdateInput
from projects.services.updates.answers import texts_of
from projects.services.updates.entry import SUMMARY, create_update, replace_update
from projects.services.updates.rows import asked_by
from projects.validators import accept_values

SENT = (UpdateState.SUBMITTED, UpdateState.APPROVED)


@transaction.atomic
def put_update(*, row: NewUpdate, submit: bool = False, by: User) -> tuple[Update, bool]:
    """Make the update that the client calls `row.content.external_id`, or put this content in its place.

    `row.client` is the client. Gives the update and whether it is new. The same content once more, handed in already,
    changes nothing. Raises as `create_update` and `replace_update`, and `ValidationError` where the update that has
    this name is for another indicator, period, place or organisation.
    """
    if row.client is None:
        raise ValueError("an external id belongs to a client")
    client = ApiClient.objects.select_for_update().get(pk=row.client.pk)
    rows = Update.objects.live().filter(client=client, external_id=row.content.external_id)
    found = rows.select_related("indicator", "period").first()
    if found is None:
        return _made(row, submit=submit, by=by), True
    named = {name: getattr(row, name) for name in ("indicator", "period", "organisation", "place")}
    refuse_other_figure(found, {name: one.pk if one else None for name, one in named.items()})
    if submit and found.state in SENT and _says(found, row.content):
        return found, False
    return replace_update(update=found, content=row.content, submit=submit, by=by), False


def _made(row: NewUpdate, *, submit: bool, by: User) -> Update:
    return create_update(
        indicator=row.indicator,
        period=row.period,
        organisation=row.organisation,
        place=row.place,
        content=row.content,
        source=row.source,
        client=row.client,
        submit=submit,
        by=by,
    )


def refuse_other_figure(update: Update, given: Mapping[str, Any]) -> None:
    """Raise `ValidationError` where the ids given for indicator, period, organisation, place aren't the update's."""
    wrong = [name for name, pk in given.items() if getattr(update, f"{name}_id") != pk]
    if wrong:
        detail = _("This can't be changed: make another update.")
        raise ValidationError({name: ValidationError(detail, code="unchangeable") for name in wrong})


def _says(update: Update, content: UpdateInput) -> bool:
    """Does the update say this already?"""
    if any(getattr(update, name) != getattr(content, name) for name in SUMMARY):
        return False
    if texts_of(update) != dict(content.flag_answers):
        return False
    said = accept_values(content.values, content.total, asked_by([update.indicator])[update.indicator_id])
    columns = ("cell", "numerator", "denominator", "text", "state")
    kept = set(update.values.values_list(*columns))
    return kept == {tuple(getattr(one, name) for name in columns) for one in said}
