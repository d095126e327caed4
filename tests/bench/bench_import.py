"""Import of real IATI files against the least that any import does: parse, touch every element, insert the rows.

The rows are those that the import itself makes: read back from the database and inserted again with bare
`bulk_create`, one transaction for each project. Both sides start from an empty set of projects, alternating, median of
five; time is that of the processor, since other work may share the machine. Memory: the same file repeated tenfold.
"""

import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure

NEEDS_DATABASE = True
DATA = Path(__file__).parents[3] / "shared" / "data" / "iati" / "publishers"
FILES = {"unhcr": "unhcr-2023-2.03.xml", "adb": "adb-armenia-2.03.xml"}
TIMES, LIMIT = 5, 6
MEMORY_LIMIT = 1.2
MEGABYTES_LIMIT = 300


def measure(small: bool) -> list[Figure]:
    """The ratio for both files, and how memory grows with the file; nothing where the files are absent."""
    figures = []
    for name, file in FILES.items():
        path = DATA / file
        if path.is_file():
            figures.append(_ratio(name, path, 3 if small else TIMES))
    return [*figures, *_memory(10 if small else 27)]


# ---------------------------------------------------------------- time


def _ratio(name: str, path: Path, times: int) -> Figure:
    from kmop.accounts.services.users import command_line

    by = command_line()
    content = path.read_bytes()
    _import(content, by)
    rows = _rows_by_project()
    ours, bare = [], []
    for _turn in range(times):
        _empty()
        bare.append(_timed(lambda: _bare(path, rows)))
        _empty()
        ours.append(_timed(lambda: _import(content, by)))
    _empty()
    count = sum(len(group) for groups in rows for group in groups)
    value = statistics.median(ours) / statistics.median(bare)
    detail = f"{statistics.median(ours):.2f} s against {statistics.median(bare):.2f} s for {count} rows"
    return Figure(f"import_{name}_time", value, LIMIT, "times", detail)


def _timed(act: Callable[[], None]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _import(content: bytes, by: Any) -> None:
    from projects.interop.iati.importing import import_file

    report = import_file(io.BytesIO(content), by=by)
    if report.problems.errors or report.became.total() == 0:
        raise RuntimeError("the file is not imported whole, so the figure would say nothing")


def _models() -> list[Any]:
    """The tables that an import of these files fills, parents first."""
    from projects import models

    return [
        models.ProjectCountry,
        models.ProjectSector,
        models.Partnership,
        models.Project.places.through,
        models.BudgetLine,
        models.Transaction,
        models.DocumentLink,
        models.Result,
        models.Indicator,
        models.IndicatorVersion,
        models.Baseline,
        models.Period,
        models.Target,
        models.Update,
        models.UpdateValue,
        models.ImportedActivity,
    ]


def _owner(row: Any) -> int:
    """The project that a row belongs to."""
    for name in ("project_id", "indicator", "update"):
        if hasattr(row, name):
            found = getattr(row, name)
            return found if isinstance(found, int) else _owner(found)
    raise LookupError(type(row).__name__)


def _rows_by_project() -> list[list[list[Any]]]:
    """All rows of every project: first the project itself, then table by table."""
    from projects.models import Project

    projects = {project.pk: [[project]] for project in Project.objects.order_by("pk")}
    for model in _models():
        groups: dict[int, list[Any]] = {}
        for row in model.objects.order_by("pk"):
            groups.setdefault(_owner(row), []).append(row)
        for owner, group in groups.items():
            projects[owner].append(group)
    return list(projects.values())


def _bare(path: Path, rows: list[list[list[Any]]]) -> None:
    """Parse the file, touch every element with its attributes and text, insert the rows."""
    from django.db import transaction
    from lxml import etree

    for _event, element in etree.iterparse(str(path), events=("end",), resolve_entities=False, no_network=True):
        (element.tag, dict(element.attrib), element.text)
    for groups in rows:
        with transaction.atomic():
            for group in groups:
                type(group[0])._base_manager.bulk_create(group, batch_size=500)


def _empty() -> None:
    """Takes away all projects with what hangs on them."""
    from projects.models import Actual, Project

    Actual.objects.all().delete()
    for model in reversed(_models()):
        model._base_manager.all()._raw_delete("default")
    Project.objects.all().delete()


# ---------------------------------------------------------------- memory


def _memory(times: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        once, many = (_file(Path(folder), copies) for copies in (2, times * 2))
        least, most = _peak(once), _peak(many)
        size = many.stat().st_size / 1_000_000
    detail = f"{least:.0f} MB at {size / times:.0f} MB of file, {most:.0f} MB at {size:.0f} MB"
    return [
        Figure("import_memory_growth", most / least, MEMORY_LIMIT, "times", detail),
        Figure("import_memory", most, MEGABYTES_LIMIT, "MB", f"to read and normalise {size:.0f} MB"),
    ]


def _file(folder: Path, copies: int) -> Path:
    """A file of `copies` times 900 activities of some 2 kB."""
    text = "A narrative of some length, as real files have them. " * 20
    path = folder / f"{copies}.xml"
    with path.open("w", encoding="utf-8") as out:
        out.write('<iati-activities version="2.03">\n')
        for number in range(copies * 900):
            out.write(
                f'<iati-activity default-currency="EUR"><iati-identifier>AA-{number}</iati-identifier>\n'
                f'<reporting-org ref="AA" type="22"><narrative>A</narrative></reporting-org>\n'
                f"<title><narrative>Activity {number}</narrative></title>\n"
                f"<description><narrative>{text}</narrative></description>\n"
                '<transaction><transaction-type code="3"/><transaction-date iso-date="2024-01-01"/>\n'
                "<value>100.00</value></transaction>\n</iati-activity>\n"
            )
        out.write("</iati-activities>\n")
    return path


def _peak(path: Path) -> float:
    """The most memory, in MB, that a process of its own uses to read a file and make its fingerprints."""
    call = f"from tests.bench.bench_import import child; child({str(path)!r})"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, check=True, text=True)
    return int(done.stdout) / 1024


def child(path: str) -> None:
    """Reads a whole file as an import does, without writing."""
    import django

    django.setup()
    from projects.interop.iati.problems import Problems
    from projects.interop.iati.stream import inspect, read_activities
    from projects.services.imports.canonical import canonical

    with open(path, "rb") as file:
        inspect(file)
        for activity in read_activities(file, Problems()):
            canonical(activity)
    status = Path("/proc/self/status").read_text()
    sys.stdout.write(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
