"""End an account and hand its open work over."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import CommandError

from kmop.accounts import services
from kmop.accounts.models import User
from kmop.accounts.queries import find_user
from kmop.accounts.services.users import command_line
from kmop.shared.commands import ActCommand
from kmop.shared.errors import DomainError

EXAMPLE = "example:\n  manage.py deactivate nikos@aktaia.example --to maria@aktaia.example"


def person(email: str) -> User:
    """The user with this address. Raises `CommandError` (exit 1) where nobody has it."""
    user = find_user(email)
    if user is None:
        raise CommandError(f"Nobody has the address {email}.", returncode=1)
    return user


class Command(ActCommand):
    """`manage.py deactivate EMAIL [--to EMAIL]`."""

    help = "Ends an account: it can't sign in any more, and what it owns goes to a named person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("email")
        parser.add_argument("--to", default="", help="who takes over the open work")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deactivate, or say why not (exit 1)."""
        user, successor = person(options["email"]), person(options["to"]) if options["to"] else None
        try:
            moved = services.deactivate(user=user, to=successor, by=command_line())
        except DomainError as error:
            raise CommandError(str(error.message), returncode=1) from error
        said = {"deactivated": user.email, "moved": moved}
        self.stdout.write(json.dumps(said) if options["json"] else f"Ended; {moved} open things handed over.")
