"""Putting updates under a client's own names, and clearing evidence, without any door in between."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from kmop.shared.errors import NotAllowed, RuleBroken
from partners.models import ApiClient
from projects.choices import UpdateState
from projects.models import Update
from projects.services.evidence import clear_evidence
from projects.services.inputs import NewUpdate, UpdateInput, ValueInput
from projects.services.updates import put_update, submit_update
from tests.factories import Cast, make_cast, make_client, make_period, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def client(cast: Cast) -> ApiClient:
    return make_client(cast.a)


def row(cast: Cast, client: ApiClient | None, number: int = 5) -> NewUpdate:
    content = UpdateInput(total=ValueInput(numerator=Decimal(number)), external_id="x-1")
    return NewUpdate(cast.indicator, cast.period, cast.a, None, content, client)


def test_new_then_replaced_then_the_same(cast: Cast, client: ApiClient) -> None:
    made, is_new = put_update(row=row(cast, client), by=client.user)
    assert (is_new, made.version, made.state) == (True, 1, UpdateState.DRAFT)
    again, is_new = put_update(row=row(cast, client, 6), submit=True, by=client.user)
    assert (is_new, again.pk, again.state) == (False, made.pk, UpdateState.SUBMITTED)
    same, is_new = put_update(row=row(cast, client, 6), submit=True, by=client.user)
    assert (is_new, same.pk, same.version) == (False, made.pk, again.version)
    with pytest.raises(RuleBroken, match="wrong_state"):
        put_update(row=row(cast, client, 7), submit=True, by=client.user)
    more = replace(row(cast, client, 6), content=replace(row(cast, client, 6).content, narrative="more"))
    with pytest.raises(RuleBroken, match="wrong_state"):
        put_update(row=more, submit=True, by=client.user)
    assert Update.objects.count() == 1


def test_for_another_figure_it_is_refused(cast: Cast, client: ApiClient) -> None:
    put_update(row=row(cast, client), by=client.user)
    other = replace(row(cast, client), period=make_period(cast.indicator, 2), organisation=cast.b)
    with pytest.raises(ValidationError) as refusal:
        put_update(row=other, by=client.user)
    assert sorted(refusal.value.error_dict) == ["organisation", "period"]


def test_a_name_belongs_to_a_client(cast: Cast) -> None:
    with pytest.raises(ValueError, match="belongs to a client"):
        put_update(row=row(cast, None), by=cast.bob)


def test_nothing_to_clear_changes_nothing(cast: Cast) -> None:
    draft = make_update(cast.period, cast.a, 5, state="draft")
    assert clear_evidence(update=draft, by=cast.bob) == 0
    draft.refresh_from_db()
    assert draft.version == 1
    with pytest.raises(NotAllowed):
        clear_evidence(update=draft, by=cast.carol)
    submit_update(update=draft, by=cast.bob)
    with pytest.raises(RuleBroken):
        clear_evidence(update=draft, by=cast.bob)
