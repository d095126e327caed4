#!/usr/bin/env python3
"""Starter for a bare machine: Python and make, nothing else.

    python3 start.py run     virtual environment, install, migrate, demo portfolio (once), then the portal
    python3 start.py dev     virtual environment with what tests and checks need

Standard library only, and only syntax that old Pythons can read: an old one gets a sentence, not a traceback.
Each step leaves a stamp, so that a second start does nothing that was done before.
"""

import errno
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

if sys.version_info < (3, 11):
    sys.exit(
        "The portal needs Python 3.11 or newer; this is Python {}.{}.{}. "
        "Name another one: make run PYTHON=python3.11".format(*sys.version_info[:3])
    )

BASE = Path(__file__).resolve().parent
VENV = BASE / os.environ.get("VENV", ".venv")
PYTHON = VENV / "bin" / "python"
DATA = Path(os.environ.get("DATA_DIR") or BASE / "var").resolve()
HOST = os.environ.get("HOST") or "127.0.0.1"
MEGABYTE = 1024 * 1024


def digest(*paths: Path) -> str:
    """SHA-256 over the contents of files, in the order given."""
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Whether the step of this stamp was done for this very value."""
    return stamp.is_file() and stamp.read_text() == value


def need_space(folder: Path, megabytes: int) -> None:
    """Refuse where the disk of `folder` has less than so many megabytes left."""
    free = shutil.disk_usage(str(folder)).free // MEGABYTE
    if free < megabytes:
        sys.exit(f"The disk of {folder} is full: {free} MB are free, the portal needs {megabytes} MB.")


def need_folder(folder: Path) -> None:
    """Make the folder and see that it can be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".probe"
    probe.write_bytes(b"x" * 4096)
    probe.unlink()


def need_port(text: str) -> int:
    """The port as a number, when it is one and nobody listens there."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    with socket.socket(socket.AF_INET6 if ":" in HOST else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"can't be opened ({error.strerror})"
            sys.exit(f"Port {text} on {HOST} {reason}. Choose another one: make run PORT={int(text) % 65535 + 1}")
    return int(text)


def step(words: str, command: "list[str]", log: Path, stdout: "IO[bytes] | None" = None) -> None:
    """Do one step of the preparation; its output goes to `log`, and a failure is told in one line."""
    print(f"{words} ...", flush=True)
    with log.open("wb") as out:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=stdout or out, stderr=out, cwd=str(BASE))
    if done.returncode:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        reason = next((line for line in lines if "ERROR" in line), lines[-1] if lines else "no output")
        sys.exit(f"{words} failed: {reason.strip()} (all of it: {log})")


def make_environment() -> None:
    """A virtual environment of this Python; a broken or older one is made anew."""
    if PYTHON.exists():
        check = "import sys; sys.exit(sys.version_info < (3, 11))"
        if subprocess.run([str(PYTHON), "-c", check], stderr=subprocess.DEVNULL).returncode == 0:
            return
    need_space(BASE, 1000)
    VENV.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if made.returncode:
        sys.exit(
            f"No virtual environment could be made with {sys.executable}: "
            "its venv module is incomplete (Debian and Ubuntu: apt install python3-venv)."
        )


def install(kind: str) -> None:
    """Install the lock of `kind` (run or dev), unless it is there; dev holds all of run."""
    locks = {"run": [BASE / "requirements.txt"], "dev": [BASE / "requirements-dev.txt", BASE / "requirements.txt"]}
    stamps = {name: (VENV / f".installed-{name}", digest(*files)) for name, files in locks.items()}
    if PYTHON.exists() and any(stamped(*stamps[name]) for name in {kind, "dev"}):
        return
    make_environment()
    need_space(VENV, 800)
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command = [str(PYTHON), "-m", "pip", "install", *quiet, "-r", str(locks[kind][0])]
    step("Installing (a minute or two, once)", command, VENV / "install.log")
    stamp, value = stamps[kind]
    stamp.write_text(value)


def prepare(logs: Path) -> None:
    """Migrate, and build the demo portfolio once; both are skipped where nothing changed on the embedded database."""
    embedded = not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"))
    there = embedded and (DATA / "portal.sqlite3").is_file()
    migrations = sorted(BASE.glob("*/migrations/*.py")) + sorted(BASE.glob("kmop/*/migrations/*.py"))
    stamp, value = DATA / ".migrated", digest(BASE / "requirements.txt", *migrations)
    if not (there and stamped(stamp, value)):
        step("Preparing the database", [str(PYTHON), "manage.py", "prepare"], logs / "prepare.log")
        stamp.write_text(value)
    logins = DATA / "demo.json"
    if os.environ.get("PRODUCTION") or (there and logins.is_file()):
        return
    part = DATA / "demo.json.part"
    with os.fdopen(os.open(str(part), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        step("Building the demo portfolio (once)", [str(PYTHON), "manage.py", "demo", "--json"], logs / "demo.log", out)
    part.replace(logins)


def run() -> None:
    """Check what can go wrong, prepare what is missing, and become the supervising process."""
    os.chdir(str(BASE))
    port = need_port(os.environ.get("PORT") or "8000")
    logs = DATA / "logs"
    need_folder(DATA)
    need_folder(logs)
    need_space(DATA, 100)
    os.environ["DATA_DIR"] = str(DATA)
    install("run")
    prepare(logs)
    command = [str(PYTHON), "-m", "kmop.shared.running", "--host", HOST, "--port", str(port)]
    os.environ["PORT"] = str(port)
    os.execv(str(PYTHON), command)


def main() -> None:
    """Do what the command line asks for; what the system refuses is told in one line."""
    acts = {"run": run, "dev": lambda: install("dev")}
    if len(sys.argv) != 2 or sys.argv[1] not in acts:
        sys.exit(f"Usage: {sys.argv[0]} run|dev")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        acts[sys.argv[1]]()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit(f"The disk is full: {error.filename or DATA} can't be written.")
        sys.exit(f"{error.filename or DATA}: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit("Stopped.")


if __name__ == "__main__":
    main()
