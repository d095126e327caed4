"""The supervising process: real children, real signals."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kmop.shared import running
from kmop.shared.jobs import Queue
from kmop.shared.serving import LOG_LIMIT, QUEUES, Part, Supervisor, answers, beat, web, worker

ROOT = Path(__file__).resolve().parents[2]
SLEEPER = (
    "import signal, sys; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('up', flush=True); signal.pause()"
)
PROGRAM = """
import sys
from pathlib import Path
from kmop.shared.serving import Part, Supervisor

parts = [Part(f"part{number}", (sys.executable, "-c", code)) for number, code in enumerate(sys.argv[2:])]
supervisor = Supervisor(parts, Path(sys.argv[1]), lambda line: print(line, flush=True))
supervisor.start()
print("started", *(process.pid for process in supervisor.running.values()), flush=True)
sys.exit(supervisor.watch())
"""


def supervise(folder: Path, *codes: str) -> subprocess.Popen[str]:
    """A supervisor in a process of its own, with one child for each program."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder), *codes], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def started(process: subprocess.Popen[str]) -> list[int]:
    """The numbers of its children, once they were started."""
    assert process.stdout is not None
    words = process.stdout.readline().split()
    assert words[0] == "started"
    return [int(word) for word in words[1:]]


def ended(number: int) -> bool:
    """Whether the process of this number has ended, or ends within a minute."""
    try:
        descriptor = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    waits = select.poll()
    waits.register(descriptor, select.POLLIN)
    found = bool(waits.poll(60_000))
    os.close(descriptor)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all(tmp_path: Path, number: signal.Signals) -> None:
    process = supervise(tmp_path, SLEEPER, SLEEPER)
    children = started(process)
    process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (0, "", "")
    assert [ended(child) for child in children] == [True, True]


def test_a_child_that_ends_stops_all_with_one_line(tmp_path: Path) -> None:
    process = supervise(tmp_path, SLEEPER, "import sys; print('no room left'); sys.exit(3)")
    children = started(process)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors == ""
    assert output == (
        "The part1 stopped by itself (exit code 3; last words: no room left; "
        f"log: {tmp_path / 'part1.log'}); all others are stopped too.\n"
    )
    assert [ended(child) for child in children] == [True, True]


def test_a_child_that_was_killed_is_named_with_its_signal(tmp_path: Path) -> None:
    process = supervise(tmp_path, SLEEPER)
    os.kill(started(process)[0], signal.SIGKILL)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.startswith("The part0 stopped by itself (signal SIGKILL; last words: ")


def test_what_a_child_started_goes_with_it(tmp_path: Path) -> None:
    code = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]).pid, flush=True)"
    process = supervise(tmp_path, code)
    started(process)
    process.communicate(timeout=60)
    assert process.returncode == 1
    assert ended(int((tmp_path / "part0.log").read_text().split()[0]))


def test_a_supervisor_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    process = supervise(tmp_path, "import signal; signal.pause()")
    child = started(process)[0]
    process.kill()
    process.communicate(timeout=60)
    assert ended(child)


def test_a_log_that_grew_large_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "part.log").write_bytes(b"x" * (LOG_LIMIT + 1))
    supervisor = Supervisor([Part("part", ())], tmp_path, print)
    assert supervisor._log("part") == tmp_path / "part.log"
    assert [path.name for path in tmp_path.iterdir()] == ["part.log.1"]


def test_nobody_answers_on_a_closed_port() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert answers("127.0.0.1", port, "/health/live") is False


def test_the_parts_of_the_portal() -> None:
    assert web("::1", 8000).command[4:6] == ("--bind", "[::1]:8000")
    assert web("127.0.0.1", 80).command[4:6] == ("--bind", "127.0.0.1:80")
    assert QUEUES.split(",") == list(Queue)
    assert worker().command[6:9] == ("worker", "--queues", QUEUES)
    assert beat().command[6] == "beat"
    assert [part.name for part in (web("h", 1), worker(), beat())] == ["web", "worker", "beat"]


def test_what_is_told_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logins = [
        {"role": "me_officer", "email": "m@kmop.example", "password": "abc", "organisation": "KMOP"},
        {"role": "funder_viewer", "email": "f@x.example", "password": "d", "organisation": None},
    ]
    (tmp_path / "demo.json").write_text(json.dumps({"logins": logins}))
    running.welcome("::1", 8123, tmp_path)
    assert capsys.readouterr().out.splitlines() == [
        f"Mails are kept in {tmp_path}/mail, logs in {tmp_path}/logs. Ctrl-C stops all.",
        "",
        "The portal is open at http://[::1]:8123/",
        "  role           email           password  organisation",
        "  me_officer     m@kmop.example  abc       KMOP",
        "  funder_viewer  f@x.example     d",
    ]


def test_without_the_demo_there_are_no_logins(tmp_path: Path) -> None:
    assert running.table(running.logins(tmp_path / "demo.json")) == []


def test_a_second_portal_on_the_same_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running.only_one(tmp_path / "serve.lock") or pytest.fail("the lock of a new folder is free"):
        assert running.run("127.0.0.1", 1, tmp_path) == 1
    line = f"A portal is running already on {tmp_path}: stop it, or choose another DATA_DIR.\n"
    assert capsys.readouterr() == ("", line)


def test_the_portal_starts_and_stops(tmp_path: Path) -> None:
    """Web, worker and beat for real, on a port that was free: the address comes last, Ctrl-C ends all."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outside = {"DATABASE_URL", "REDIS_URL", "CACHE_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in outside}
    environment |= {"DATA_DIR": str(tmp_path), "PORT": str(port)}
    subprocess.run([sys.executable, "manage.py", "prepare", "-v0"], cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "kmop.shared.running", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = [process.stdout.readline() for _ in range(3)]
    assert first[2] == f"The portal is open at http://127.0.0.1:{port}/\n"
    assert answers("127.0.0.1", port, "/health/live") is True
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=120) == ("Stopped.\n", "")
    assert process.returncode == 0
