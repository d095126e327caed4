"""Import an IATI activity file, or say what importing it would do."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from kmop.accounts.models import User
from kmop.accounts.services.users import command_line
from kmop.shared.commands import ActCommand, Refusal
from kmop.shared.errors import DomainError
from projects.interop.iati.importing import Report, import_file
from projects.interop.iati.problems import Problem

EXAMPLE = """example:
  manage.py import_iati activities.xml --dry-run
  manage.py import_iati activities.xml --by eleni@kmop.example
  manage.py import_iati activities.xml --update --json"""
SHOWN = 20


class Command(ActCommand):
    """`manage.py import_iati FILE [--dry-run] [--update] [--by EMAIL] [--json]`."""

    help = "Imports the activities of an IATI file (2.01 to 2.03), each whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--update", action="store_true", help="also update activities that differ")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who imports; else the command line itself")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit 1 where nothing of the file is held or there is none, 2 where nobody has that address."""
        path = Path(options["file"])
        if not path.is_file():
            raise Refusal(f"There is no file {path}.", "no-file")
        try:
            with path.open("rb") as file:
                report = import_file(
                    file, by=importing(options["by"]), with_changes=options["update"], dry_run=options["dry_run"]
                )
        except DomainError as error:
            raise Refusal(str(error.message), error.code) from error
        self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) if options["json"] else words(report))
        if report.is_refused:
            raise SystemExit(1)

    def refused(self, error: CommandError) -> dict[str, Any]:
        """The usual object: nothing is held, and why."""
        report = Report()
        report.problems.add(Problem(0, "", getattr(error, "code", "refused"), str(error)))
        return report.as_json()


def importing(email: str) -> User:
    """The person with this address, or the command line's own account. Raises `CommandError` (exit 2)."""
    if not email:
        return command_line()
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody has the address {email}.", returncode=2)
    return user


def words(report: Report) -> str:
    """The report for people: counts, then the first problems and differences."""
    lines = [f"{name}: {number}" for name, number in report.counts().items()]
    for name, problems in (("error", report.problems.errors), ("warning", report.problems.warnings)):
        lines += [f"{name}, line {each.line}: {each.detail} [{each.path}]" for each in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(f"... and {len(problems) - SHOWN} more {name}s (--json lists all)")
    lines += [f"differs, {each.identifier}{each.path}: {each.old} -> {each.new}" for each in report.changes[:SHOWN]]
    return "\n".join(lines)
