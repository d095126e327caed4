"""`manage.py verify_reports [--json]`: compare frozen data and files with their checksums; exit 1 where one differs."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from reports.services.verifying import verify_reports


class Command(BaseCommand):
    """Tells how many runs and files were looked at, and every one that is not what it was."""

    help = "Compare the frozen data and files of all reports with their checksums. Exit 1 where one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json` for programs."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py verify_reports --json"
        parser.add_argument("--json", action="store_true", help='print {"runs": n, "files": n, "broken": [...]}')

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the finding."""
        found = verify_reports()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found)))
        else:
            for one in found.broken:
                self.stdout.write(f"run {one.run}: {one.part} {one.reason}")
            self.stdout.write(f"{found.runs} runs, {found.files} files, {len(found.broken)} broken")
        if found.broken:
            sys.exit(1)
