"""The drill of the import contracts: on a small house of the same plan each contract is kept, then broken once."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.drill

ROOT = Path(__file__).resolve().parents[2]
APPS = ("partners", "projects", "beneficiaries", "reports", "kmop/accounts", "kmop/notifications", "kmop/audit")
ROOMS = ("calculation", "choices", "rules", "models", "queries", "services", "filters", "forms", "views", "api", "urls")
ROOF = ("urls", "api", "celery", "menu", "wsgi", "settings", "shared/errors", "shared/jobs", "shared/access")


@pytest.fixture(scope="module")
def plan() -> str:
    """The import contracts as they stand in pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text()
    return text[text.index("[tool.importlinter]") :]


@pytest.fixture
def small_house(tmp_path: Path, plan: str) -> Path:
    """Every floor and room, all empty but for one import that is allowed."""
    (tmp_path / "pyproject.toml").write_text(plan)
    (tmp_path / "tests/architecture").mkdir(parents=True)
    shutil.copy(ROOT / "tests/architecture/doors.py", tmp_path / "tests/architecture/doors.py")
    modules = [*(f"{app}/{room}" for app in APPS for room in ROOMS), *(f"kmop/{name}" for name in ROOF)]
    for module in modules:
        path = tmp_path / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in (path.parent, path.parent.parent):
            if package != tmp_path and package.is_relative_to(tmp_path):
                (package / "__init__.py").touch()
        path.touch()
    (tmp_path / "projects/services.py").write_text("import partners.queries\n")
    return tmp_path


def lint(house: Path, contract: str) -> tuple[int, str]:
    """Exit code and output of the import linter for one contract."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache", "--contract", contract]
    done = subprocess.run(
        command, cwd=house, capture_output=True, text=True, env={"PYTHONPATH": str(house), "COLUMNS": "200"}
    )
    return done.returncode, done.stdout


BREAKS = [
    ("floors", "partners/services.py", "import projects.services"),
    ("floors", "kmop/shared/errors.py", "import kmop.audit.models"),
    ("floors", "projects/rules.py", "def late() -> None:\n    import reports.queries"),
    ("floors", "reports/tasks.py", "import kmop.celery"),
    ("rooms", "projects/models.py", "import projects.services"),
    ("rooms", "projects/rules.py", "import projects.models"),
    ("rooms", "projects/views.py", "import projects.api"),
    ("rooms", "projects/anything.py", ""),
    ("rooms", "kmop/accounts/anything.py", ""),
    ("pure", "projects/calculation.py", "import django.db"),
    ("pure", "beneficiaries/calculation.py", "import kmop.shared.errors"),
    ("no-drf", "projects/services.py", "import rest_framework"),
    ("no-drf", "kmop/shared/jobs.py", "import rest_framework.serializers"),
    ("no-drf", "kmop/audit/models.py", "import drf_spectacular"),
    ("doors", "projects/views.py", "import partners.views"),
    ("doors", "reports/api.py", "import projects.filters"),
    ("doors", "reports/services.py", "import beneficiaries.forms"),
    ("doors", "kmop/menu.py", "import reports.urls"),
    ("doors", "partners/forms.py", "import kmop.accounts.forms"),
    ("doors", "projects/services.py", "import kmop.notifications.api"),
    ("doors", "kmop/accounts/views.py", "import kmop.audit.views"),
]


@pytest.mark.parametrize("contract,path,line", BREAKS, ids=[f"{contract}-{path}" for contract, path, _ in BREAKS])
def test_a_contract_fails_where_it_is_broken(small_house: Path, contract: str, path: str, line: str) -> None:
    assert lint(small_house, contract)[0] == 0
    (small_house / path).write_text(f"{line}\n")
    code, output = lint(small_house, contract)
    assert code == 1, output
    assert "1 broken" in output


def test_every_contract_is_in_the_drill(plan: str) -> None:
    contracts = {line.split('"')[1] for line in plan.splitlines() if line.startswith("id = ")}
    assert contracts == {contract for contract, _, _ in BREAKS}


def test_imports_for_types_alone_are_free(small_house: Path) -> None:
    text = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import reports.models\n"
    (small_house / "projects/services.py").write_text(text)
    assert lint(small_house, "floors")[0] == 0
