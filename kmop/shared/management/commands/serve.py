"""`manage.py serve`: web, worker and timetable together on this machine, until Ctrl-C."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kmop.shared import running


class Command(BaseCommand):
    """Runs the portal's processes under one supervising process; logs and mails are kept in DATA_DIR."""

    help = "Run web, worker and timetable together until Ctrl-C. Example: manage.py serve --port 8000"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        """Run until a stop is asked for."""
        code = running.run(host, port, settings.DATA_DIR)
        if code:
            sys.exit(code)
