"""Build the demo portfolio."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from kmop.shared.commands import ActCommand
from kmop.shared.errors import DomainError
from reports.services.demo import build_demo
from reports.services.demo.build import COPIES

EXAMPLE = "example:\n  manage.py demo\n  manage.py demo --size large --seed 7 --json"


class Command(ActCommand):
    """`manage.py demo [--size small|large] [--seed N]`."""

    help = "Builds a believable portfolio of projects, partners, figures and voices, once; prints its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("--size", choices=sorted(COPIES), default="small")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--force", action="store_true", help="also in production")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, or say why not (exit 1)."""
        if settings.PRODUCTION and not options["force"]:
            raise CommandError("This is a portal in production: give --force if you mean it.", returncode=1)
        try:
            answer = build_demo(seed=options["seed"], size=options["size"])
        except DomainError as error:
            raise CommandError(str(error.message), returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer))
            return
        for login in answer["logins"]:
            self.stdout.write(f"{login['role']:28} {login['email']:32} {login['password']}")
