"""`manage.py create_api_client`: a token for a partner's own system, shown once."""

import json
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from datetime import timedelta
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils import timezone

from kmop.accounts.services.users import command_line
from kmop.shared.errors import DomainError
from partners.models import Organisation
from partners.services.api_clients import create_api_client

MOST_DAYS = 36_500
EXAMPLE = """
Example:
  manage.py create_api_client --organisation KMOP --name "MIS of the partner" --scopes updates:write,projects:read
"""


class Command(BaseCommand):
    help = "Makes an API client of an organisation and shows its token, once."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Keep the example's lines."""
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLE, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("--organisation", required=True, metavar="CODE", help="code of the organisation")
        parser.add_argument("--name", required=True, help="what people call this client")
        parser.add_argument("--scopes", required=True, metavar="A,B", help="scopes, separated by commas")
        parser.add_argument("--expires", type=days, metavar="DAYS", help="days until the token ends; without: never")
        parser.add_argument("--networks", default="", metavar="A,B", help="networks it may come from; without: all")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; exit 1 with the reasons where it is refused."""
        try:
            client, token = create_api_client(
                organisation=Organisation.objects.get(code=options["organisation"]),
                name=options["name"],
                scopes=parts(options["scopes"]),
                networks=parts(options["networks"]),
                expires_at=timezone.now() + timedelta(days=options["expires"]) if options["expires"] else None,
                by=command_line(),
            )
        except Organisation.DoesNotExist:
            self._refuse([f"There is no organisation with the code {options['organisation']}."], options)
        except ValidationError as error:
            self._refuse(error.messages, options)
        except DomainError as error:
            self._refuse([str(error.message)], options)
        else:
            self._tell(client, token, options)

    def _tell(self, client: Any, token: str, options: dict[str, Any]) -> None:
        told = {
            "id": client.pk,
            "name": client.name,
            "organisation": client.organisation.code,
            "scopes": client.scopes,
            "expires_at": client.expires_at.isoformat() if client.expires_at else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps({"client": told, "token": token}))
        else:
            self.stdout.write(f"{client.name} of {told['organisation']} may now use (shown once):\n{token}")

    def _refuse(self, reasons: list[str], options: dict[str, Any]) -> NoReturn:
        if options["json"]:
            self.stdout.write(json.dumps({"errors": reasons}))
        else:
            self.stderr.write("\n".join(reasons))
        raise SystemExit(1)


def days(text: str) -> int:
    """Whole days from 1 to 36,500; 0 would otherwise mean a token without end."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_DAYS)) and 1 <= int(text) <= MOST_DAYS):
        raise ArgumentTypeError(f"give whole days from 1 to {MOST_DAYS}, not {text!r}")
    return int(text)


def parts(text: str) -> list[str]:
    """What stands between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]
