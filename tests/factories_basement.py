"""People and service accounts for tests of the basement."""

from itertools import count

from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import RoleGrant, User

_numbers = count(1)


def person(name: str = "Alice", *, language: str = "en", role: PortalRole | None = None) -> User:
    """A person who signs in, with a portal-wide role where one is named."""
    user = User.objects.create_user(f"{name.lower()}{next(_numbers)}@kmop.example", name=name, language=language)
    if role:
        RoleGrant.objects.create(user=user, role=role)
    return user


def administrator() -> User:
    """A portal administrator."""
    return person("Petra", role=PortalRole.PORTAL_ADMINISTRATOR)


def service(name: str = "importer") -> User:
    """A service account."""
    return User.objects.create_user(f"{name}@service.invalid", name=name, kind=UserKind.SERVICE)
