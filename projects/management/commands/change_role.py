"""Give or take a role: portal-wide, in an organisation, in a project or a country."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from kmop.accounts.models import User
from kmop.accounts.queries import find_user
from kmop.accounts.services.users import command_line
from kmop.shared.commands import ActCommand
from kmop.shared.errors import DomainError
from partners.models import Organisation
from projects.models import Project
from projects.services.people import ROLES, give_role, take_role

EXAMPLE = """example:
  manage.py change_role eleni@kmop.example --role portfolio_manager
  manage.py change_role nikos@aktaia.example --role partner_administrator --organisation AKTAIA
  manage.py change_role dora@kmop.example --role me_officer --project STR-25 --withdraw"""


class Command(ActCommand):
    """`manage.py change_role EMAIL --role ROLE [--organisation CODE] [--project CODE | --country XX] [--withdraw]`."""

    help = "Gives a role to a user, or takes it away; prints the roles that she has then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--organisation", default="", help="code; for partner roles")
        parser.add_argument("--project", default="", help="code; for roles in a project")
        parser.add_argument("--country", default="", help="ISO 3166 code; for roles in a country")
        parser.add_argument("--withdraw", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change, or say why not (exit 1)."""
        user = find_user(options["email"])
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.", returncode=1)
        act = take_role if options["withdraw"] else give_role
        try:
            act(
                user=user,
                role=options["role"],
                organisation=named(Organisation, "organisation", options["organisation"]),
                project=named(Project, "project", options["project"]),
                country=options["country"],
                by=command_line(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=1) from error
        except DomainError as error:
            raise CommandError(str(error.message), returncode=1) from error
        held = roles_of(user)
        self.stdout.write(json.dumps({"email": user.email, "roles": held}) if options["json"] else ", ".join(held))


def named(model: Any, word: str, code: str) -> Any:
    """The row with this code, None for no code. Raises `CommandError` (exit 1) where no row has it."""
    if not code:
        return None
    row = model.objects.filter(code=code).first()
    if row is None:
        raise CommandError(f"No {word} has the code {code!r}.", returncode=1)
    return row


def roles_of(user: User) -> list[str]:
    """All roles of a user, such as "portfolio_manager", "partner_viewer@AKTAIA", "me_officer@STR-25"."""
    members = user.memberships.values_list("role", "organisation__code")
    in_projects = user.project_roles.values_list("role", "project__code", "country")
    return sorted(
        [
            *user.portal_roles,
            *(f"{role}@{code}" for role, code in members),
            *(f"{role}@{code or country}" for role, code, country in in_projects),
        ]
    )
