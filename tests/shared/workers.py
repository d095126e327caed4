"""Real workers and a real beat on the test database, with a broker of their own, for tests that kill them."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import redis
from django.conf import settings
from django.db import connection

DEADLINE_SECONDS = 50
REDIS_DATABASES = (7, 6, 5, 4, 3, 2, 1)  # one for each process that tests run in, apart from those of the cache
QUICK = {
    "JOB_HEARTBEAT_SECONDS": "1",
    "JOB_LOST_AFTER_SECONDS": "3",
    "JOB_RING_AGAIN_SECONDS": "2",
    "JOB_TICK_SECONDS": "1",
}


@dataclass(frozen=True)
class Place:
    """Where the processes of one test live: data folder, environment, broker."""

    folder: Path
    environment: dict[str, str]
    redis_url: str

    def bells(self) -> int:
        """How many messages lie in the broker."""
        if self.redis_url:
            return int(redis.Redis.from_url(self.redis_url).llen("now"))
        return len(list((self.folder / "broker" / "bells").glob("*.msg")))

    def empty_broker(self) -> None:
        """Throw away all that the broker holds."""
        if self.redis_url:
            redis.Redis.from_url(self.redis_url).flushdb()
        for message in (self.folder / "broker").rglob("*.msg"):
            message.unlink(missing_ok=True)


def place_in(folder: Path, number: int) -> Place:
    """The test's own database as the processes' database; Redis where the suite runs on Redis, else files.

    `number` is that of the test process (fixture `worker_number`).
    """
    database = REDIS_DATABASES[number % len(REDIS_DATABASES)]
    url = f"{settings.REDIS_URL.rstrip('/').removesuffix('/0')}/{database}" if settings.REDIS_URL else ""
    environment = {
        **os.environ,
        **QUICK,
        "DATABASE_URL": _database_url(),
        "DATA_DIR": str(folder),
        "REDIS_URL": url,
        "PYTHONUNBUFFERED": "1",
    }
    place = Place(folder, environment, url)
    (folder / "broker" / "bells").mkdir(parents=True)
    place.empty_broker()
    return place


def _database_url() -> str:
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT'] or 5432}/{values['NAME']}"


def portal_command(place: Place, code: str) -> None:
    """Run a line of Python in a process of the portal."""
    start = "import django; django.setup(); "
    environment = {**place.environment, "DJANGO_SETTINGS_MODULE": "kmop.settings"}
    subprocess.run([sys.executable, "-c", start + code], env=environment, check=True, timeout=DEADLINE_SECONDS)


@contextmanager
def celery(place: Place, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery process in a group of its own, gone at the end whatever happened."""
    command = [sys.executable, "-m", "celery", "--app", "kmop.celery", "--quiet", *arguments]
    with (place.folder / "celery.log").open("ab") as log:
        process = subprocess.Popen(command, env=place.environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            kill(process)


def worker(place: Place) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker of one process for all queues."""
    options = ("--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO")
    return celery(place, "worker", "-Q", "now,mail,reports,bulk", "--include", "tests.shared.worker_jobs", *options)


def beat(place: Place) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """The timetable's clock."""
    return celery(place, "beat", "--schedule", str(place.folder / "beat"), "--pidfile=")


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 the whole group: the worker and what it forked."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()


def until(happened: Callable[[], bool], place: Place) -> None:
    """Wait for something that other processes do; after the deadline the test fails with what they said."""
    pause = Event()
    for _ in range(DEADLINE_SECONDS * 10):
        if happened():
            return
        pause.wait(0.1)
    raise AssertionError((place.folder / "celery.log").read_text(errors="replace")[-5000:])
