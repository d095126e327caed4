"""Organisations met in files: the known one, or a new one; by identifier, then by name."""

import pytest

from kmop.accounts.models import User
from kmop.audit.models import Entry
from partners.choices import Action, Sector
from partners.models import Organisation, OrganisationName
from partners.services.matching import LONGEST_REF, OrganisationMatcher
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    """Who imports."""
    return make_user("Alice")


def test_by_identifier_whatever_its_case(alice: User) -> None:
    known = make_organisation("A", iati_identifier="GB-COH-1")
    matcher = OrganisationMatcher.load()
    assert matcher.match(ref="gb-coh-1", names={"en": "Another name"}, iati_type="") == known
    matcher.save(by=alice)
    assert list(OrganisationName.objects.values_list("organisation", "folded")) == [(known.pk, "another name")]
    assert OrganisationMatcher.load().match(ref="", names={"fr": "ANOTHER  name"}, iati_type="") == known


def test_by_name_in_any_language_without_accents(alice: User) -> None:
    known = make_organisation("A", name="Ελπίδα", names={"en": "Hope"})
    matcher = OrganisationMatcher.load()
    assert matcher.match(ref="", names={"el": "ΕΛΠΙΔΑ"}, iati_type="") == known
    assert matcher.match(ref="", names={"en": "hope"}, iati_type="") == known


def test_an_organisation_without_identifier_takes_the_one_it_is_met_with(alice: User) -> None:
    known = make_organisation("A", name="Hope")
    matcher = OrganisationMatcher.load()
    assert matcher.match(ref="GR-1", names={"en": "Hope"}, iati_type="22") == known
    matcher.save(by=alice)
    known.refresh_from_db()
    assert known.iati_identifier == "GR-1"
    assert Entry.objects.get(action=Action.ORGANISATION_CHANGED).object_id == str(known.pk)


def test_a_namesake_with_another_identifier_is_another_organisation(alice: User) -> None:
    known = make_organisation("Hope", name="Hope", iati_identifier="GR-1")
    matcher = OrganisationMatcher.load()
    found = matcher.match(ref="GR-2", names={"en": "Hope"}, iati_type="22")
    matcher.save(by=alice)
    assert found is not None
    assert (found.pk != known.pk, found.code, found.sector, found.iati_type) == (
        True,
        "GR-2",
        Sector.CIVIL_SOCIETY,
        "22",
    )
    assert Entry.objects.filter(action=Action.ORGANISATION_CREATED).count() == 1


def test_new_ones_are_met_again_before_they_are_saved(alice: User) -> None:
    matcher = OrganisationMatcher.load()
    first = matcher.match(ref="", names={"en": "Hope", "el": "Ελπίδα"}, iati_type="99")
    assert first is not None
    assert matcher.match(ref="GR-1", names={"en": "hope"}, iati_type="") is first
    assert matcher.match(ref="GR-1", names={}, iati_type="") is first
    matcher.save(by=alice)
    saved = Organisation.objects.get()
    assert (saved.code, saved.names, saved.sector, saved.iati_type, saved.iati_identifier) == (
        "Hope", {"en": "Hope", "el": "Ελπίδα"}, Sector.INSTITUTION, "", "GR-1",
    )  # fmt: skip
    matcher.save(by=alice)
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    "ref, names, code, name",
    [
        ("GR-1", {}, "GR-1", "GR-1"),
        ("", {"el": "Ελπίδα"}, "ORG", "Ελπίδα"),
        ("x" * (LONGEST_REF + 1), {"en": "Long"}, "Long", "Long"),
        ("", {"en": "taken"}, "taken-2", "taken"),
    ],
)
def test_codes_and_names_of_new_ones(ref: str, names: dict[str, str], code: str, name: str) -> None:
    make_organisation("TAKEN", name="Somebody")
    found = OrganisationMatcher.load().match(ref=ref, names=names, iati_type="")
    assert found is not None
    assert (found.code, found.name) == (code, name)


def test_nothing_said_is_nobody() -> None:
    assert OrganisationMatcher.load().match(ref="", names={}, iati_type="") is None
