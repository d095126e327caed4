"""Import a framework workbook into a project, or write the template to fill in."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from kmop.shared.commands import ActCommand, Refusal
from kmop.shared.errors import DomainError
from projects.interop.workbook.importing import as_json, import_workbook
from projects.interop.workbook.template import write_template
from projects.management.commands.import_iati import importing
from projects.models import Project
from projects.services.imports.rows import SheetProblem, Spot
from projects.services.imports.workbooks import FrameworkOutcome

EXAMPLE = """example:
  manage.py import_framework template.xlsx --template
  manage.py import_framework framework.xlsx --project STR-25 --dry-run
  manage.py import_framework framework.xlsx --project STR-25 --json"""


class Command(ActCommand):
    """`manage.py import_framework FILE --project CODE [--dry-run] [--by EMAIL] [--json]`, or `FILE --template`."""

    help = (
        "Imports results, indicators, periods and targets from a workbook: all of it, or nothing where a row is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--project", default="", metavar="CODE")
        parser.add_argument("--template", action="store_true", help="write the template to FILE")
        parser.add_argument("--language", default="en", choices=["en", "el"], help="of the template")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--by", default="", metavar="EMAIL", help="who imports; else the command line itself")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit 1 where a row is wrong, it is not allowed or there is no such file or project."""
        path = Path(options["file"])
        if options["template"]:
            with path.open("wb") as out:
                write_template(out, language=options["language"])
            return
        if not path.is_file():
            raise Refusal(f"There is no file {path}.", "no-file")
        if not options["project"]:
            raise CommandError("Say into which project: --project CODE.", returncode=2)
        project = Project.objects.filter(code=options["project"]).first()
        if project is None:
            raise Refusal(f"There is no project {options['project']}.", "no-project")
        try:
            with path.open("rb") as file:
                outcome = import_workbook(
                    file, project=project, by=importing(options["by"]), dry_run=options["dry_run"]
                )
        except DomainError as error:
            raise Refusal(str(error.message), error.code) from error
        said = as_json(outcome)
        self.stdout.write(json.dumps(said, ensure_ascii=False) if options["json"] else words(said))
        if outcome.errors:
            raise SystemExit(1)

    def refused(self, error: CommandError) -> dict[str, Any]:
        """The usual object: nothing is held, and why."""
        problem = SheetProblem(Spot(""), getattr(error, "code", "refused"), str(error))
        return as_json(FrameworkOutcome(problems=[problem]))


def words(said: dict[str, Any]) -> str:
    """The outcome for people."""
    lines = [f"{name}: {said[name]}" for name in ("results", "indicators", "periods", "targets")]
    for name in ("errors", "warnings"):
        lines += [
            f"{name[:-1]}, {one['sheet']} row {one['row']}, {one['column'] or 'whole row'}: {one['detail']}"
            for one in said[name]
        ]
    return "\n".join(lines)
