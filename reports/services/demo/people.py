"""Organisations and people of the demo portfolio."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import User
from kmop.accounts.services.users import grant_role
from partners.choices import MembershipRole
from partners.models import Organisation
from partners.services.organisations import create_organisation, grant_membership
from reports.services.demo.content import texts


@dataclass(frozen=True)
class Cast:
    """Everybody by code or e-mail, and who reports for which organisation."""

    organisations: dict[str, Organisation]
    people: dict[str, User]
    reporters: dict[str, User]
    manager: User
    officer: User

    def fresh(self) -> "Cast":
        """The same people read again: roles are remembered once per instance, and a new project brings new ones."""
        now = {user.email: user for user in User.objects.filter(email__in=self.people)}
        reporters = {code: now[user.email] for code, user in self.reporters.items()}
        return Cast(self.organisations, now, reporters, now[self.manager.email], now[self.officer.email])


def password_of(email: str, seed: int) -> str:
    """The password of a demo login, derived from the installation's key, the seed and the e-mail; kept nowhere."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"demo:{seed}:{email}".encode(), hashlib.sha256).digest()
    plain = base64.b32encode(mark[:10]).decode().lower()
    return "-".join(plain[start : start + 4] for start in range(0, 16, 4))


def add_organisations(by: User) -> dict[str, Organisation]:
    """The twenty organisations, KMOP first."""
    return {
        one["code"]: create_organisation(
            code=one["code"],
            name=one["name"],
            names={"en": one["name"], **one["names"]},
            sector=one["sector"],
            iati_type=one["iati_type"],
            countries=one["countries"],
            description=one["description"],
            by=by,
        )
        for one in texts("organisations")
    }


def add_people(organisations: dict[str, Organisation], seed: int, by: User) -> Cast:
    """The logins, each a member of an organisation, with portal-wide roles where they have one."""
    people: dict[str, User] = {}
    reporters: dict[str, User] = {}
    for one in texts("people"):
        user = User.objects.create_user(one["email"], name=one["name"], language=one["language"])
        user.password = make_password(password_of(one["email"], seed))
        user.save(update_fields=["password"])
        role = one["role"]
        member = MembershipRole(role) if role in MembershipRole.values else MembershipRole.VIEWER
        grant_membership(user=user, organisation=organisations[one["organisation"]], role=member, by=by)
        if role in PortalRole.values:
            grant_role(user=user, role=PortalRole(role), by=by)
        if member == MembershipRole.CONTRIBUTOR:
            reporters.setdefault(one["organisation"], user)
        people[one["email"]] = User.objects.get(pk=user.pk)
    return Cast(
        organisations=organisations,
        people=people,
        reporters=reporters,
        manager=next(people[one["email"]] for one in texts("people") if one["role"] == "project_manager"),
        officer=next(people[one["email"]] for one in texts("people") if one["role"] == "me_officer"),
    )


def logins(seed: int) -> list[dict[str, str]]:
    """The logins of the demo portfolio, in the order of the file, with their derived passwords."""
    return [
        {
            "role": one["role"],
            "email": one["email"],
            "password": password_of(one["email"], seed),
            "organisation": one["organisation"],
        }
        for one in texts("people")
    ]
