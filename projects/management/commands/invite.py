"""Invite a person with any role of the portal."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from kmop.accounts import services as accounts
from kmop.accounts.choices import PortalRole
from kmop.accounts.services.users import command_line
from kmop.shared.commands import ActCommand
from kmop.shared.errors import DomainError
from partners.models import Organisation
from projects.management.commands.change_role import named
from projects.models import Project
from projects.services.people import ROLES, give_role

EXAMPLE = """example:
  manage.py invite nikos@aktaia.example --name "Nikos Raptis" --role partner_contributor --organisation AKTAIA
  manage.py invite dora@kmop.example --role me_officer --project STR-25 --json"""


class Command(ActCommand):
    """`manage.py invite EMAIL --role ROLE [--organisation CODE] [--project CODE | --country XX]`."""

    help = "Invites a person: makes the account, gives the role, owes the mail, and prints the link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--name", default="")
        parser.add_argument("--language", default="en", choices=["en", "el"])
        parser.add_argument("--organisation", default="", help="code; needed for partner roles")
        parser.add_argument("--project", default="", help="code; for roles in a project")
        parser.add_argument("--country", default="", help="ISO 3166 code; for roles in a country")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite, or say why not (exit 1)."""
        try:
            with transaction.atomic():
                link = self._invite(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=1) from error
        except DomainError as error:
            raise CommandError(str(error.message), returncode=1) from error
        self.stdout.write(json.dumps({"link": link}) if options["json"] else link)

    def _invite(self, options: dict[str, Any]) -> str:
        by, role = command_line(), options["role"]
        portal = (PortalRole(role),) if role in PortalRole.values else ()
        organisation = named(Organisation, "organisation", options["organisation"])
        project = named(Project, "project", options["project"])
        user, link = accounts.invite(
            email=options["email"], name=options["name"], language=options["language"], roles=portal, by=by
        )
        give_role(user=user, role=role, organisation=organisation, project=project, country=options["country"], by=by)
        return link
