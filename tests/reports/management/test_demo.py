"""`manage.py demo`: logins as a table or JSON, refusals with a reason, exit codes 0, 1 and 2."""

import json
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reports.models import DemoBuild
from reports.services.demo.people import logins
from tests.factories import make_project

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("demo", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.fixture
def stands() -> DemoBuild:
    """A portfolio that was built before."""
    answer = {"organisations": [], "projects": [], "counts": {}}
    return DemoBuild.objects.create(seed=1, size="small", day=date(2026, 11, 24), answer=answer)


def test_a_portfolio_that_stands_is_told_again(stands: DemoBuild) -> None:
    code, text = run()
    assert (code, len(text.splitlines())) == (0, 23)
    assert text.splitlines()[0].split() == list(logins(1)[0].values())[:3]
    code, text = run("--json")
    assert (code, json.loads(text)) == (0, {"logins": logins(1), **stands.answer})


def test_another_seed_is_refused(stands: DemoBuild) -> None:
    assert run("--seed", "2") == (1, "Another demo portfolio stands here; it is kept as it is.")
    assert str(stands) == "small 1"


def test_a_portal_with_projects_is_left_alone() -> None:
    make_project()
    reason = "This portal holds projects already; the demo portfolio wants an empty one."
    assert (run(), DemoBuild.objects.count()) == ((1, reason), 0)


def test_production_wants_force(stands: DemoBuild, settings: Any) -> None:
    settings.PRODUCTION = True
    assert run() == (1, "This is a portal in production: give --force if you mean it.")
    assert run("--force")[0] == 0


def test_wrong_use_exits_with_2() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "demo", "--size", "huge"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, "usage: manage.py demo" in done.stderr) == (2, "", True)
