"""What commands that act have in common: a refusal is told on stdout where JSON was asked for."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

REFUSED = 1


class Refusal(CommandError):
    """A refusal (exit 1) with a stable code for programs."""

    def __init__(self, detail: str, code: str) -> None:
        super().__init__(detail, returncode=REFUSED)
        self.code = code


class ActCommand(BaseCommand):
    """A command with `--json`: a `CommandError` of exit code 1 is then one object with its `errors` on stdout."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run; tell a refusal the way it was asked for. A wrong call (exit 2) stays on stderr."""
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if not options.get("json") or error.returncode != REFUSED:
                raise
            self.stdout.write(json.dumps(self.refused(error), ensure_ascii=False))
            raise SystemExit(REFUSED) from error

    def refused(self, error: CommandError) -> dict[str, Any]:
        """The object that tells a refusal."""
        return {"errors": [str(error)]}
