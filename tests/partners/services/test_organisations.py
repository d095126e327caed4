"""Acts on organisations and memberships."""

import pytest
from django.core.exceptions import ValidationError

from kmop.accounts.choices import PortalRole
from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from partners.choices import MembershipRole
from partners.models import Membership, Organisation
from partners.services.organisations import (
    change_organisation,
    create_organisation,
    grant_membership,
    withdraw_membership,
)
from tests.factories_partners import alice, member, organisation

pytestmark = pytest.mark.django_db


def test_a_new_organisation_is_found_by_its_name_in_every_writing() -> None:
    made = create_organisation(
        code="MUN", name="Δήμος Αθηναίων", sector="government", countries=["GR"], by=alice(), iati_type="11"
    )
    assert made.search_text == "mun δημοσ αθηναιων"
    assert [name.folded for name in made.known_names.all()] == ["δημοσ αθηναιων"]
    assert [row.country for row in made.countries.all()] == ["GR"]
    assert Entry.objects.filter(action="organisation.created").count() == 1


def test_a_code_is_used_once() -> None:
    organisation("A")
    with pytest.raises(RuleBroken) as refused:
        create_organisation(code="A", name="x", sector="business", by=alice())
    assert refused.value.code == "duplicate"


def test_partners_enter_no_organisations() -> None:
    with pytest.raises(NotAllowed):
        create_organisation(code="B", name="x", sector="business", by=member("Bob", organisation("A")))
    assert not Organisation.objects.filter(code="B").exists()


def test_a_country_that_is_none_is_refused_and_nothing_saved() -> None:
    with pytest.raises(ValidationError) as refused:
        create_organisation(code="B", name="x", sector="business", countries=["GR", "ZZ"], by=alice())
    assert list(refused.value.message_dict) == ["countries"]
    assert not Organisation.objects.filter(code="B").exists()


def test_a_lost_race_changes_nothing() -> None:
    row, by = organisation("A"), alice()
    stale = Organisation.objects.get(pk=row.pk)
    change_organisation(organisation=row, name="First", by=by)
    with pytest.raises(Stale):
        change_organisation(organisation=stale, name="Second", by=by)
    row.refresh_from_db()
    assert (row.name, row.version) == ("First", 2)


def test_an_earlier_name_stays_known() -> None:
    row, by = organisation("A"), alice()
    change_organisation(organisation=row, name="Old name", by=by)
    change_organisation(organisation=row, name="New name", by=by)
    assert sorted(name.folded for name in row.known_names.all()) == ["new name", "old name"]


def test_memberships_are_granted_and_withdrawn_by_administrators() -> None:
    ours = organisation("A")
    admin, bob = member("Anna", ours, MembershipRole.ADMINISTRATOR), member("Bob", organisation("B"))
    held = grant_membership(user=bob, organisation=ours, role=MembershipRole.VIEWER, by=admin)
    again = grant_membership(user=bob, organisation=ours, role=MembershipRole.CONTRIBUTOR, by=admin)
    assert (held.pk, again.role) == (again.pk, "partner_contributor")
    with pytest.raises(NotAllowed):
        withdraw_membership(membership=held, by=bob)
    withdraw_membership(membership=held, by=alice(PortalRole.PORTAL_ADMINISTRATOR))
    assert not Membership.objects.filter(user=bob, organisation=ours).exists()
    assert Entry.objects.filter(action__startswith="membership.").count() == 3
