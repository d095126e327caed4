"""The drill of the other tools of `make check`: each is shown one place that breaks what it holds, and refuses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def run(*command: str, text: str = "", **environment: str) -> tuple[int, str]:
    """Exit code and whole output of a tool of the virtual environment, run in the project's folder."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.returncode, done.stdout + done.stderr


def branches(count: int) -> str:
    """A function with so many branches."""
    lines = "".join(f"    if x == {number}:\n        return {number}\n" for number in range(count))
    return f"def act(x: int) -> int:\n{lines}    return x\n"


STYLE = [
    ("C901", "partners/services/x.py", branches(8)),
    ("TID252", "partners/services/x.py", "from . import models\n\n__all__ = ['models']\n"),
    ("TID251", "partners/services/x.py", "from django.http import HttpRequest\n\nx: HttpRequest\n"),
    ("TID251", "partners/queries.py", "from django.shortcuts import render\n\nx = render\n"),
    ("TID251", "partners/models/x.py", "from django.db.models import signals\n\nx = signals\n"),
    ("TID251", "partners/apps.py", "from django.dispatch import receiver\n\nx = receiver\n"),
    ("BLE001", "partners/tasks.py", "try:\n    x = 1\nexcept Exception:\n    x = 2\n"),
    ("DTZ005", "partners/services/x.py", "import datetime\n\nx = datetime.datetime.now()\n"),
    ("T201", "partners/services/x.py", 'print("x")\n'),
    ("F401", "partners/services/x.py", "import json\n"),
    ("FIX002", "partners/services/x.py", "x = 1  # " + "TO" + "DO: y\n"),
]


@pytest.mark.parametrize("code,path,text", STYLE, ids=[f"{code}-{path}" for code, path, _ in STYLE])
def test_style(code: str, path: str, text: str) -> None:
    status, output = run(
        "ruff", "check", "--no-cache", "--output-format=concise", "--stdin-filename", path, "-", text=text
    )
    assert status == 1
    assert f" {code} " in output


@pytest.mark.parametrize("path", ["partners/views/x.py", "partners/api/x.py", "kmop/shared/middleware.py"])
def test_http_may_be_spoken_at_the_doors(path: str) -> None:
    text = "from django.http import HttpRequest\n\nx: HttpRequest\n"
    assert run("ruff", "check", "--no-cache", "--stdin-filename", path, "-", text=text)[0] == 0


def test_format() -> None:
    assert run("ruff", "format", "--check", "--stdin-filename", "partners/rules.py", "-", text="x=1\n")[0] == 1


def test_types(tmp_path: Path) -> None:
    """Both plugins are loaded: the fields of a model and of a serializer have types."""
    path = tmp_path / "breaks.py"
    path.write_text(
        "from kmop.accounts.models import User\n\n\n"
        "def age(user: User) -> int:\n    return user.email\n\n\n"
        "def bare(x):\n    return x\n"
    )
    status, output = run("mypy", "--no-error-summary", str(path))
    assert status == 1
    found = [line.partition("error: ")[2] for line in output.splitlines() if "breaks.py" in line]
    assert found == [
        'Incompatible return value type (got "str", expected "int")  [return-value]',
        "Function is missing a type annotation  [no-untyped-def]",
    ]


def test_templates(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text('<p style="color: red">x</p>\n')
    status, output = run("djlint", "--lint", "--configuration", "pyproject.toml", str(path))
    assert status == 1
    assert "H021" in output


def test_templates_of_an_older_django(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "{% load i18n %}{% trans 'x' %}{% blocktrans %}y{% endblocktrans %}\n{% ifequal a b %}{% endifequal %}"
    )
    assert run("djade", "--check", "--target-version", "5.2", str(path))[0] == 1


def test_migrations(tmp_path: Path) -> None:
    """A model without its migration is noticed."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare/__init__.py").touch()
    model = "from django.db import models\n\n\nclass Bare(models.Model):\n    name = models.TextField()\n"
    (tmp_path / "bare/models.py").write_text(model)
    (tmp_path / "bare/migrations").mkdir()
    (tmp_path / "bare/migrations/__init__.py").touch()
    (tmp_path / "drill_settings.py").write_text(
        "from kmop.settings import *\n\nINSTALLED_APPS = [*INSTALLED_APPS, 'bare']\n"
    )
    status, output = run(
        "python", "manage.py", "makemigrations", "--check", "--dry-run",
        DJANGO_SETTINGS_MODULE="drill_settings", PYTHONPATH=str(tmp_path), DATA_DIR=str(tmp_path / "var"),
    )  # fmt: skip
    assert status == 1
    assert "Create model Bare" in output


def test_settings_of_production(tmp_path: Path) -> None:
    """A weak setting stops the check for deployment; a secret that is missing stops everything."""
    command = ("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    production = {
        "PRODUCTION": "1",
        "DATA_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "portal.example",
        "SENSITIVE_KEY": "y" * 50,
    }
    status, output = run(*command, **production, SECRET_KEY="x" * 50)
    assert status == 1
    assert "security.W009" in output
    status, output = run(*command, **production)
    assert status == 1
    assert "SECRET_KEY (or SECRET_KEY_FILE) must be set in production." in output
