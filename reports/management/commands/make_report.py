"""`manage.py make_report`: a report as a file, kept in the archive like every other."""

import json
import shutil
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from kmop.accounts.services.users import command_line
from kmop.shared.errors import DomainError
from reports.catalogue.registry import report_of, reports
from reports.choices import RunState
from reports.models import Run
from reports.renderers.registry import renderers
from reports.services.runs import ask_for_report, make_now, standing

EXAMPLE = """example:
  manage.py make_report project-progress --format pdf --out steria.pdf --param project=STR-25
  manage.py make_report partner-performance --format xlsx --out partner.xlsx --param organisation=AKTAIA --json
"""
PATIENCE = 600  # seconds, where a worker took the job first
PAUSE = 0.3


class Command(BaseCommand):
    """Asks for a report, makes it, and writes the file to a place of one's own."""

    help = "Makes a report and writes it to a file; the run is kept with its frozen data and checksum."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLE
        parser.add_argument("report", choices=list(reports()), help="code of the report")
        parser.add_argument("--format", required=True, choices=list(renderers()), help="format of the file")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--param", action="append", default=[], type=pair, metavar="K=V", help="a parameter")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; exit 1 with the reasons where it is refused or fails."""
        began = time.monotonic()
        try:
            run = self._made(options)
        except ValidationError as error:
            self._refuse([f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()], options)
        except DomainError as error:
            self._refuse([str(error.message)], options)
        if run.now != RunState.DONE:
            self._refuse([run.job.error if run.job and run.job.error else "The report was not made."], options)
        try:
            self._tell(run, options, time.monotonic() - began)
        except OSError as error:
            self._refuse([f"{options['out']}: {error.strerror}"], options)

    def _made(self, options: dict[str, Any]) -> Any:
        report, by = report_of(options["report"]), command_line()
        run: Any = ask_for_report(report=report, params=dict(options["param"]), formats=[options["format"]], by=by)
        run = make_now(run=run)
        for _again in range(int(PATIENCE / PAUSE)):
            if run.now in (RunState.DONE, RunState.FAILED) or (run.job and run.job.error):
                break
            time.sleep(PAUSE)
            run = standing(run)
        return run

    def _tell(self, run: Run, options: dict[str, Any], seconds: float) -> None:
        kept = run.files.all()[0]
        with kept.file.open("rb") as source, options["out"].open("wb") as target:
            shutil.copyfileobj(source, target)
        told = {
            "run": str(run.pk),
            "file": str(options["out"]),
            "sha256": kept.sha256,
            "bytes": kept.size,
            "seconds": round(seconds, 2),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(f"{told['file']}: {kept.size} bytes, SHA-256 {kept.sha256}, run {run.pk}")

    def _refuse(self, reasons: list[str], options: dict[str, Any]) -> NoReturn:
        if options["json"]:
            self.stdout.write(json.dumps({"errors": reasons}))
        else:
            self.stderr.write("\n".join(reasons))
        raise SystemExit(1)


def pair(text: str) -> tuple[str, str]:
    """A parameter's name and value. Raises `ValueError`, which ends as a wrong call, where there is no sign between."""
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise ValueError(text)
    return name.strip(), value.strip()
