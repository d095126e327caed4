"""Acts on offers, and who may do them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from kmop.accounts.services import service_account
from kmop.audit.models import Entry
from kmop.shared.access import ask
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from kmop.shared.fields import to_decimal
from kmop.shared.jobs import enqueue
from partners.choices import MembershipRole, OfferState
from partners.models import Offer
from partners.queries.organisations import organisation_ids_of, writing_organisation_of
from partners.services.offers import NEXT_STATES, change_offer, create_offer, expire_offers
from partners.services.organisations import grant_membership
from tests.factories_partners import alice, member, offer, organisation
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def test_an_offer_is_made_with_its_search_text_and_told() -> None:
    ours = organisation("A")
    made = create_offer(organisation=ours, title="Κρεβάτια", description="Δύο", by=member("Bob", ours))
    assert (made.state, made.search_text, made.version) == ("draft", "κρεβατια δυο", 1)
    assert Entry.objects.get(action="offer.created").object_id == str(made.pk)


@pytest.mark.parametrize(
    "facts, field",
    [
        ({"external_id": "no spaces"}, "external_id"),
        ({"quantity": to_decimal("5")}, "quantity"),
        ({"quantity": to_decimal("-5"), "unit": "beds"}, "quantity"),
        ({"state": "open"}, "kind"),
        ({"kind": "circus"}, "kind"),
    ],
)
def test_what_is_unfit_is_refused_and_nothing_saved(facts: dict[str, object], field: str) -> None:
    ours = organisation("A")
    with pytest.raises(ValidationError) as refused:
        create_offer(organisation=ours, title="Beds", by=member("Bob", ours), **facts)
    assert list(refused.value.message_dict) == [field]
    assert Offer.objects.count() == 0


@pytest.mark.parametrize("before", OfferState.values)
@pytest.mark.parametrize("after", OfferState.values)
def test_a_state_follows_only_what_it_may(before: str, after: str) -> None:
    ours = organisation("A")
    row, bob = offer(ours, state=before, kind="goods"), member("Bob", ours)
    if before == after or after in NEXT_STATES[OfferState(before)]:
        assert change_offer(offer=row, state=after, by=bob).state == after
    else:
        with pytest.raises(RuleBroken) as refused:
            change_offer(offer=row, state=after, by=bob)
        assert refused.value.code == "wrong_state"


def test_a_lost_race_changes_nothing() -> None:
    ours = organisation("A")
    row, bob = offer(ours), member("Bob", ours)
    stale = Offer.objects.get()
    change_offer(offer=row, title="First", by=bob)
    with pytest.raises(Stale):
        change_offer(offer=stale, title="Second", by=bob)
    assert Offer.objects.get().title == "First"


def test_only_writers_of_the_organisation_offer_and_change() -> None:
    ours = organisation("A")
    row = offer(ours, state="open", kind="goods")
    people = {
        "administrator": (member("Anna", ours, MembershipRole.ADMINISTRATOR), True),
        "contributor": (member("Bob", ours), True),
        "viewer": (member("Vera", ours, MembershipRole.VIEWER), False),
        "another": (member("Carol", organisation("B")), False),
        "coordinator": (alice(), False),
    }
    for user, may in people.values():
        assert bool(ask(user, "partners.change_offer", row)) is may
        assert bool(ask(user, "partners.create_offer", ours)) is may
    with pytest.raises(NotAllowed):
        change_offer(offer=row, title="x", by=people["viewer"][0])
    with pytest.raises(NotAllowed):
        create_offer(organisation=ours, title="x", by=people["another"][0])


def test_whoever_may_change_an_offer_sees_it() -> None:
    ours = organisation("A")
    rows = [offer(ours), offer(ours, state="open", kind="goods"), offer(organisation("B"))]
    people = [alice(), member("Bob", ours), member("Carol", organisation("B")), member("Dora", organisation("C"))]
    for user in people:
        seen = set(Offer.objects.visible_to(user))
        assert {row for row in rows if ask(user, "partners.change_offer", row)} - seen == set()
    assert [len(Offer.objects.visible_to(user)) for user in people] == [1, 2, 1, 0]


def test_a_writer_of_two_organisations_must_say_which() -> None:
    ours, theirs = organisation("A"), organisation("B")
    bob = member("Bob", ours)
    assert writing_organisation_of(bob) == ours
    admin = member("Anna", theirs, MembershipRole.ADMINISTRATOR)
    grant_membership(user=bob, organisation=theirs, role=MembershipRole.CONTRIBUTOR, by=admin)
    assert writing_organisation_of(bob) is None
    assert organisation_ids_of(bob) == [ours.pk, theirs.pk]


# ---------------------------------------------------------------- the last day
@pytest.mark.parametrize("state, ends, after", [
    ("open", -1, "expired"), ("open", 0, "open"), ("open", 1, "open"), ("open", None, "open"),
    ("draft", -1, "draft"), ("withdrawn", -1, "withdrawn"),
])  # fmt: skip
def test_an_open_offer_expires_with_its_last_day(state: str, ends: int | None, after: str) -> None:
    ends_on = None if ends is None else DAY + timedelta(days=ends)
    row = offer(organisation("A"), state=state, kind="goods", ends_on=ends_on)
    proposed = list(Offer.objects.open(DAY))
    by = service_account("timetable")
    counts = [expire_offers(day=DAY, by=by) for _time in range(2)]
    row.refresh_from_db()
    expired = after == "expired"
    assert (row.state, counts, row.version) == (after, [int(expired), 0], 2 if expired else 1)
    assert proposed == ([row] if after == "open" else [])


def test_only_the_timetable_lets_offers_expire() -> None:
    with pytest.raises(NotAllowed):
        expire_offers(day=DAY, by=alice())


def test_an_offer_whose_day_is_over_cant_be_opened() -> None:
    ours = organisation("A")
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        create_offer(
            organisation=ours, title="Beds", kind="goods", state="open", ends_on=yesterday, by=member("Bob", ours)
        )
    assert refused.value.message_dict == {"ends_on": ["This day is over. Give a later one, or none."]}


def test_the_nightly_job_lets_them_expire(run_jobs: RunJobs) -> None:
    row = offer(organisation("A"), state="open", kind="goods", ends_on=timezone.localdate() - timedelta(days=1))
    enqueue("partners.tasks.expire_offers")
    run_jobs()
    row.refresh_from_db()
    assert row.state == "expired"
