"""Give or take a portal-wide role."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import CommandError

from kmop.accounts import services
from kmop.accounts.choices import PortalRole
from kmop.accounts.management.commands.deactivate import person
from kmop.accounts.services.users import command_line
from kmop.shared.commands import ActCommand
from kmop.shared.errors import DomainError

EXAMPLE = """example:
  manage.py change_role eleni@kmop.example --role portfolio_manager
  manage.py change_role eleni@kmop.example --role portfolio_manager --withdraw"""


class Command(ActCommand):
    """`manage.py change_role EMAIL --role ROLE [--withdraw]`."""

    help = "Gives a portal-wide role to a user, or takes it away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=PortalRole.values)
        parser.add_argument("--withdraw", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change, or say why not (exit 1)."""
        user, role, act = person(options["email"]), PortalRole(options["role"]), services.grant_role
        if options["withdraw"]:
            act = services.withdraw_role
        try:
            act(user=user, role=role, by=command_line())
        except DomainError as error:
            raise CommandError(str(error.message), returncode=1) from error
        held = sorted(user.portal_roles)
        self.stdout.write(json.dumps({"email": user.email, "roles": held}) if options["json"] else ", ".join(held))
