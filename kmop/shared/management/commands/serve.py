"""`manage.py serve`: web, worker and timetable together on this machine, until Ctrl-C."""

import fcntl
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kmop.shared import serving
from kmop.shared.jobs import Queue

COLUMNS = ("role", "email", "password", "organisation")


class Command(BaseCommand):
    """Runs the portal's processes under one supervising process; logs and mails are kept in DATA_DIR."""

    help = "Run web, worker and timetable together until Ctrl-C. Example: manage.py serve --port 8000"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Start everything, tell the address and the logins last, and stay until a stop is asked for."""
        logs = settings.DATA_DIR / "logs"
        for folder in (logs, settings.MAIL_FOLDER, settings.BROKER_FOLDER):
            folder.mkdir(parents=True, exist_ok=True)
        with _only_one(settings.DATA_DIR / "serve.lock"):
            parts = [
                serving.web(host, port),
                serving.worker([str(queue.value) for queue in Queue]),
                serving.beat(settings.DATA_DIR),
            ]
            supervisor = serving.Supervisor(parts, logs, self._say)
            supervisor.start()
            if supervisor.wait_until_up(_reachable(host), port):
                self._welcome(_reachable(host), port)
            code = supervisor.watch()
        if code:
            sys.exit(code)
        self._say("Stopped.")

    def _welcome(self, host: str, port: int) -> None:
        self._say(f"Mails are kept in {settings.MAIL_FOLDER}, logs in {settings.DATA_DIR / 'logs'}. Ctrl-C stops all.")
        address = f"[{host}]" if ":" in host else host
        self._say(f"\nThe portal is open at http://{address}:{port}/")
        for row in _table(_logins(settings.DATA_DIR / "demo.json")):
            self._say(row)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _logins(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    logins: list[dict[str, str]] = json.loads(path.read_text())["logins"]
    return logins


def _table(logins: list[dict[str, str]]) -> list[str]:
    if not logins:
        return []
    rows = [dict(zip(COLUMNS, COLUMNS, strict=True)), *logins]
    cells = [[str(row.get(column) or "") for column in COLUMNS] for row in rows]
    widths = [max(len(row[number]) for row in cells) for number in range(len(COLUMNS))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def _only_one(path: Path) -> TextIO:
    """Hold the lock file of the data folder: two portals on one folder would share its broker and its clock."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CommandError(
            f"A portal is running already on {path.parent}: stop it, or choose another DATA_DIR."
        ) from None
    return file
