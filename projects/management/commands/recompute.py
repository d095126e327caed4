"""`manage.py recompute [--check] [--json]`: the stored totals, written anew or compared with a second computation."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kmop.accounts.services.users import command_line
from projects.services.recomputation import Difference, compare, recompute


class Command(BaseCommand):
    """Tells how many periods were looked at and which totals differ from what the updates give."""

    help = (
        "Compute all totals again from the approved updates and write them; with --check only compare, exit 1 where a "
        "total differs. Example: manage.py recompute --check --json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` writes nothing; `--json` for programs."""
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a total differs")
        parser.add_argument("--json", action="store_true", help='print {"periods": n, "differences": [...]}')

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare or write, and print the finding."""
        done = compare() if options["check"] else recompute(by=command_line())
        if options["json"]:
            self.stdout.write(
                json.dumps({"periods": done.periods, "differences": [_row(one) for one in done.differences]})
            )
        else:
            for one in done.differences:
                cell = f" [{one.cell}]" if one.cell else ""
                self.stdout.write(f"{one.indicator} {one.period}{cell}: stored {one.stored}, computed {one.computed}")
            self.stdout.write(f"{done.periods} periods, {len(done.differences)} differences")
        if options["check"] and done.differences:
            sys.exit(1)


def _row(one: Difference) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        "period": one.period,
        "cell": one.cell,
        "stored": one.stored,
        "computed": one.computed,
    }
