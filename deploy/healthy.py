"""Health check of a container: `healthy.py web|worker|beat` exits 0 where that part works."""

import http.client
import os
import subprocess
import sys
import time
from pathlib import Path

BEAT_SILENT_SECONDS = 600  # beat writes its schedule down every three minutes


def web() -> bool:
    """The web server answers."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
    connection.request("GET", "/health/live", headers={"Host": host})
    return connection.getresponse().status == 200


def worker() -> bool:
    """This container's worker answers a ping."""
    name = f"celery@{os.uname().nodename}"
    command = ["celery", "--app=kmop.celery", "--quiet", "inspect", "ping", f"--destination={name}", "--timeout=10"]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0


def beat() -> bool:
    """The clock has written its schedule down lately."""
    files = Path(os.environ.get("DATA_DIR", "/data")).glob("beat*")
    return any(time.time() - path.stat().st_mtime < BEAT_SILENT_SECONDS for path in files)


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
