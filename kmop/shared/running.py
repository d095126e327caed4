"""The whole portal on this machine, as `make run` shows it: web, worker and timetable, the address, the logins.

Runs without loading Django itself, so that the processes that do need it start at once: `python -m kmop.shared.running`
with DATA_DIR in the environment. `manage.py serve` is the same.
"""

import argparse
import fcntl
import json
import os
import sys
from pathlib import Path
from typing import TextIO

from kmop.shared.serving import Supervisor, beat, web, worker

COLUMNS = ("role", "email", "password", "organisation")


def run(host: str, port: int, data: Path) -> int:
    """Start everything, tell the address and the logins last, stay until a stop is asked for; gives the exit code."""
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    lock = only_one(data / "serve.lock")
    if lock is None:
        print(f"A portal is running already on {data}: stop it, or choose another DATA_DIR.", file=sys.stderr)
        return 1
    with lock:
        parts = (web(host, port), worker(), beat())
        supervisor = Supervisor(parts, logs, say)
        supervisor.start(parts[:1])
        near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        if supervisor.wait_until_up(near, port):  # the page first: three that load at once wait for each other
            supervisor.start(parts[1:])
            welcome(near, port, data)
        code = supervisor.watch()
    if code == 0:
        say("Stopped.")
    return code


def say(line: str) -> None:
    """Tell a line to the person in front, at once."""
    print(line, flush=True)


def welcome(host: str, port: int, data: Path) -> None:
    """Where mails and logs are, and last the address and who may sign in."""
    say(f"Mails are kept in {data / 'mail'}, logs in {data / 'logs'}. Ctrl-C stops all.")
    say(f"\nThe portal is open at http://{f'[{host}]' if ':' in host else host}:{port}/")
    for row in table(logins(data / "demo.json")):
        say(row)


def logins(path: Path) -> list[dict[str, str]]:
    """The logins that the demo portfolio answered with; none without it."""
    if not path.is_file():
        return []
    found: list[dict[str, str]] = json.loads(path.read_text())["logins"]
    return found


def table(rows: list[dict[str, str]]) -> list[str]:
    """Lines of columns that stand below each other, with a head; none without rows."""
    if not rows:
        return []
    cells = [list(COLUMNS), *([str(row.get(column) or "") for column in COLUMNS] for row in rows)]
    widths = [max(len(row[number]) for row in cells) for number in range(len(COLUMNS))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]


def only_one(path: Path) -> TextIO | None:
    """Hold the lock of the data folder: two portals on one folder would share its broker and its clock."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m kmop.shared.running", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args()
    return run(asked.host, asked.port, Path(os.environ.get("DATA_DIR", "var")).resolve())


if __name__ == "__main__":
    sys.exit(main())
