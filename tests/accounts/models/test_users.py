"""Facts readable from one user."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import Invitation, RoleGrant, User
from kmop.accounts.queries import find_user
from tests.factories_basement import person

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_in_whatever_case() -> None:
    user = User.objects.create_user("Bob@A.example", name="Bob")
    assert user.email == "bob@a.example"
    assert User.objects.get_by_natural_key("BOB@a.EXAMPLE") == user
    assert (find_user(" BOB@a.example "), find_user("carol@a.example")) == (user, None)
    with pytest.raises(ValidationError):
        User.objects.create_user("bob@a.example", name="Eve")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="BOB@a.example", name="Eve", password="!")


@pytest.mark.parametrize(
    "name, initials, shown",
    [
        ("Eleni Markou", "EM", "Eleni Markou"),
        ("Anna Maria van Dyk", "AD", "Anna Maria van Dyk"),
        ("ελένη μάρκου", "ΕΜ", "ελένη μάρκου"),
        ("Bob", "B", "Bob"),
        ("", "B", "bob@a.example"),
    ],
)
def test_a_person_is_shown_by_name_else_by_address(name: str, initials: str, shown: str) -> None:
    user = User(name=name, email="bob@a.example")
    assert (user.initials, str(user)) == (initials, shown)


def test_roles_are_read_once_per_instance() -> None:
    user = person("Bob", role=PortalRole.PORTFOLIO_MANAGER)
    assert user.has_role(PortalRole.PORTFOLIO_MANAGER, PortalRole.DATA_PROTECTION_OFFICER)
    RoleGrant.objects.all().delete()
    assert user.has_role(PortalRole.PORTFOLIO_MANAGER)
    assert User(email="new@a.example").portal_roles == frozenset()


def test_rows_say_what_they_are() -> None:
    user = person("Bob", role=PortalRole.PORTFOLIO_MANAGER)
    made = Invitation(user=user)
    assert (str(user.role_grants.get()), str(made)) == (f"{user.pk}: portfolio_manager", f"Invitation {made.pk}")
