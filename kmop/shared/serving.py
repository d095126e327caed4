"""The portal's processes together under one supervising process, for a machine without any service of its own."""

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

STOP_SECONDS = 20
START_SECONDS = 60
LOG_LIMIT = 5 * 1024 * 1024
PR_SET_PDEATHSIG = 1
QUEUES = "now,mail,reports,bulk"  # all of kmop.shared.jobs.Queue


@dataclass(frozen=True)
class Part:
    """One process of the portal: a name that people read, and its command line."""

    name: str
    command: tuple[str, ...]


def web(host: str, port: int) -> Part:
    """The web server: two processes of four threads each."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ("--worker-class=gthread", "--workers=2", "--threads=4", "--preload", "--no-control-socket")
    return Part("web", (sys.executable, "-m", "gunicorn", "kmop.wsgi:application", "--bind", bind, *options))


def worker() -> Part:
    """The worker, for all queues."""
    options = ("--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=WARNING")
    return Part("worker", (*_celery(), "worker", "--queues", QUEUES, *options))


def beat() -> Part:
    """The clock that rings the timetable's tick."""
    return Part("beat", (*_celery(), "beat", "--pidfile=", "--loglevel=WARNING"))


def _celery() -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--app", "kmop.celery", "--quiet")


def _end_with_parent() -> None:
    """In the child: be told to stop when the supervising process is gone, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts all parts, stops all when one ends or when asked to, and leaves none behind."""

    def __init__(self, parts: Sequence[Part], logs: Path, say: Callable[[str], object]) -> None:
        """`logs` is the folder of the parts' outputs, one file each; `say` tells a line to the person in front."""
        self.parts = parts
        self.logs = logs
        self.say = say
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.is_asked = False

    def start(self, parts: Sequence[Part] | None = None) -> None:
        """Start these parts (all) in a session of their own each, so that Ctrl-C reaches the supervisor alone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        for part in self.parts if parts is None else parts:
            with self._log(part.name).open("ab") as out:
                self.running[part.name] = subprocess.Popen(
                    part.command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,
                )

    def wait_until_up(self, host: str, port: int, path: str = "/health/live") -> bool:
        """Whether the web part answers before a part ends, a stop is asked for, or a minute has passed."""
        for _ in range(START_SECONDS * 10):
            if self._asked_within(0.1) or self._ended():
                return False
            if answers(host, port, path):
                return True
        return False

    def watch(self) -> int:
        """Wait for the stop that is asked for (0) or for a part that ends by itself (1); either way stop all."""
        while not self._asked_within(0.2):
            ended = self._ended()
            if ended:
                self.say(f"The {ended} stopped by itself ({self._how(ended)}); all others are stopped too.")
                self.stop()
                return 1
        self.stop()
        return 0

    def stop(self) -> None:
        """Ask every part to finish what it does; after 20 seconds, or a second asking, end it with all it started."""
        self.is_asked = False
        for process in self.running.values():
            process.terminate()
        for _ in range(STOP_SECONDS * 10):
            if all(process.poll() is not None for process in self.running.values()) or self._asked_within(0.1):
                break
        for process in self.running.values():
            _end_group(process)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True  # no lock: a signal may come while the lock of an event is held, and would wait for itself

    def _asked_within(self, seconds: float) -> bool:
        """Whether a stop is asked for by the end of so many seconds."""
        if not self.is_asked:
            time.sleep(seconds)
        return self.is_asked

    def _ended(self) -> str:
        """The name of a part that runs no more, or nothing."""
        return next((name for name, process in self.running.items() if process.poll() is not None), "")

    def _how(self, name: str) -> str:
        code = self.running[name].returncode
        lines = self._log(name).read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no output")
        words = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"{words}; last words: {last[:200]}; log: {self._log(name)}"

    def _log(self, name: str) -> Path:
        path = self.logs / f"{name}.log"
        if name not in self.running and path.is_file() and path.stat().st_size > LOG_LIMIT:
            path.replace(path.with_suffix(".log.1"))
        return path


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process and whatever of its session is left."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def answers(host: str, port: int, path: str) -> bool:
    """Whether a GET of `path` on this machine is answered with 200."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
