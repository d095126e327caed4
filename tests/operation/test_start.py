"""The starter: what can go wrong on a bare machine is told in one line, before anything is changed."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLD = sorted(Path.home().glob(".pyenv/versions/3.[6-9].*/bin/python"))


def start(*words: str, python: str = sys.executable, folder: Path = ROOT, **environment: str) -> tuple[int, str]:
    """Exit code and whole output of the starter."""
    command = [python, str(folder / "start.py"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, **environment})
    return done.returncode, done.stdout + done.stderr


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, output = start("run", PORT=str(port), DATA_DIR=str(tmp_path / "data"))
    assert status == 1
    assert output == f"Port {port} on 127.0.0.1 is in use. Choose another one: make run PORT={port % 65535 + 1}\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none(port: str) -> None:
    assert start("run", PORT=port) == (1, f"PORT must be a number from 1 to 65535, not {port!r}.\n")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert start("run", PORT=str(port), DATA_DIR=str(tmp_path / "data")) == (1, f"{tmp_path / 'data'}: File exists.\n")


def test_a_wrong_call() -> None:
    assert start("fly") == (1, f"Usage: {ROOT / 'start.py'} run|dev\n")


@pytest.mark.parametrize("python", OLD[:1] + OLD[-1:], ids=lambda path: path.parent.parent.name)
def test_a_python_that_is_too_old(python: Path) -> None:
    status, output = start("run", python=str(python))
    assert status == 1
    version = python.parent.parent.name
    assert output == (
        f"The portal needs Python 3.11 or newer; this is Python {version}. "
        "Name another one: make run PYTHON=python3.11\n"
    )


def test_a_full_disk(tmp_path: Path) -> None:
    """The starter looks at what is free before it begins; a disk that says so in the middle is told the same way."""
    shutil.copy(ROOT / "start.py", tmp_path / "start.py")
    program = (
        "import errno, sys, start\n"
        "def full(path): raise OSError(errno.ENOSPC, '', str(path))\n"
        "sys.argv = ['start.py', 'run']\n"
        "start.need_folder = full\n"
        "start.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "DATA_DIR": str(tmp_path), "PORT": "65321"},
    )
    assert (done.returncode, done.stderr) == (1, f"The disk is full: {tmp_path} can't be written.\n")
    done = subprocess.run(
        [sys.executable, "-c", "import start; from pathlib import Path; start.need_space(Path('.'), 10**9)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The disk of . is full: ")


def test_a_step_that_fails_tells_its_reason(tmp_path: Path) -> None:
    shutil.copy(ROOT / "start.py", tmp_path / "start.py")
    step = "start.step('Trying', [sys.executable, '-c', 'raise SystemExit(\"no way\")'], Path('log'))"
    done = subprocess.run(
        [sys.executable, "-c", f"import start, sys; from pathlib import Path; {step}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == "Trying ...\n"
    assert done.stderr == "Trying failed: no way (all of it: log)\n"
