"""`manage.py verify_audit [--json]`: read the whole audit chain; exit 1 where it is broken."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kmop.audit.queries.chain import verified_chain


class Command(BaseCommand):
    """Tells the number of entries and every break."""

    help = "Read the whole audit chain and compare it with its head. Exit 1 when it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for programs."""
        parser.add_argument("--json", action="store_true", help='print {"entries": n, "broken": [...]}')

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the finding."""
        finding = verified_chain()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(finding)))
        else:
            for fault in finding.broken:
                self.stdout.write(f"entry {fault.position}: {fault.reason}")
            self.stdout.write(f"{finding.entries} entries, {len(finding.broken)} broken")
        if finding.broken:
            sys.exit(1)
